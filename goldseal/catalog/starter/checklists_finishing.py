"""Starter checklists from mending to the final inspection: light check, endline, wash, iron, metal, packing, final."""

from goldseal.catalog.starter.questions import Item, amount, barcode, check, photo

MND: tuple[Item, ...] = (
    check("special", "light_box", "Light box works, surface clean", "লাইট বক্স জ্বলে, উপরিতল পরিষ্কার"),
    check("workmanship", "both_sides", "Every piece looked at inside and outside", "প্রতি পিস ভেতর-বাহির দেখা হয়"),
    check("workmanship", "mending", "Mending cannot be seen, yarn of the same lot", "মেন্ডিং বোঝা যায় না, একই লটের সুতা",
          photo="on_fail"),
    check("workmanship", "thread_ends", "Thread ends trimmed and hidden", "সুতার মাথা কাটা ও লুকানো"),
    check("workmanship", "holes", "No hole or cut left by trimming", "ট্রিমিংয়ে কাটা বা ছিদ্র হয় নাই"),
    check("special", "tools", "Mending needles, hooks and scissors counted in and out",
          "মেন্ডিং নিডেল, হুক ও কাঁচি গুনে দেওয়া-নেওয়া হয়", stops=True),
    check("special", "apart", "Rejected pieces kept apart", "রিজেক্ট পিস আলাদা রাখা হয়"),
)  # fmt: skip

END: tuple[Item, ...] = (
    check("special", "sample", "Approved sample and defect board at the table", "টেবিলে অনুমোদিত স্যাম্পল ও ডিফেক্ট বোর্ড আছে"),
    check("special", "light", "Light at the table is bright enough", "টেবিলে আলো যথেষ্ট"),
    check("workmanship", "sequence", "Every piece checked inside and outside, always in the same order",
          "প্রতি পিস ভেতর-বাহির একই ধাপে চেক করা হয়"),
    check("measurement", "hourly_points", "Critical points measured every hour", "প্রতি ঘণ্টায় ক্রিটিক্যাল মাপ নেওয়া হয়"),
    check("workmanship", "alters", "Alters marked and kept apart, every one checked again",
          "অল্টার চিহ্ন দিয়ে আলাদা রাখা, প্রতিটি আবার চেক করা হয়"),
    check("workmanship", "rejects", "Rejects locked away in the red box", "রিজেক্ট লাল বক্সে তালাবদ্ধ"),
    check("quantity", "sheet", "Hourly sheet is up to date", "ঘণ্টার শিট হালনাগাদ"),
    check("remarks", "top_three", "Top three defects shown to the line", "লাইনকে টপ তিন ডিফেক্ট জানানো হয়েছে"),
)  # fmt: skip

WSH: tuple[Item, ...] = (
    check("conformity", "standard", "Approved wash standard and shade band at hand", "অনুমোদিত ওয়াশ স্ট্যান্ডার্ড ও শেড ব্যান্ড হাতে আছে"),
    check("conformity", "shade", "Shade within the band, no patch", "শেড ব্যান্ডের মধ্যে, ছোপ নাই", on_fail="hold", photo="on_fail"),
    check("conformity", "hand_feel", "Hand-feel as approved", "হ্যান্ডফিল অনুমোদিত মতো"),
    check("conformity", "recipe", "Recipe, time and temperature followed", "রেসিপি, সময় ও তাপমাত্রা মানা হয়েছে"),
    check("measurement", "same_pieces", "The same pieces measured before and after the wash",
          "ওয়াশের আগে-পরে একই পিস মাপা হয়েছে"),
    amount("measurement", "shrink_length", "Shrinkage in length", "লম্বায় শ্রিংকেজ", "%", least="-10", most="10"),
    amount("measurement", "shrink_width", "Shrinkage in width", "চওড়ায় শ্রিংকেজ", "%", least="-10", most="10"),
    check("workmanship", "twist", "Body and sleeves not twisted", "বডি ও স্লিভ টুইস্ট হয় নাই"),
    check("workmanship", "pilling", "No pilling, felting or wash mark", "পিলিং, জমাট বা ওয়াশের দাগ নাই", photo="on_fail"),
    amount("onsite_tests", "ph", "pH of the goods", "পোশাকের পিএইচ", "", least="4", most="7.5", on_fail="hold", is_required=False),
    check("onsite_tests", "smell", "No bad smell", "দুর্গন্ধ নাই"),
    check("onsite_tests", "dry", "Dry through at seams and ribs", "সিম ও রিব পর্যন্ত শুকনা"),
)  # fmt: skip

IRN: tuple[Item, ...] = (
    check("conformity", "get_up", "Get-up as the approved sample", "গেট-আপ অনুমোদিত স্যাম্পলের মতো"),
    check("special", "table", "Steam table and covers clean", "স্টিম টেবিল ও কাভার পরিষ্কার"),
    check("workmanship", "shine", "No iron shine, scorch or water mark", "আয়রন শাইন, পোড়া বা পানির দাগ নাই", photo="on_fail"),
    check("workmanship", "crease", "No crease, seams lie flat", "ভাঁজ নাই, সিম সমান"),
    check("workmanship", "symmetry", "Collar, placket and pockets even", "কলার, প্লাকেট ও পকেট সমান"),
    check("measurement", "points", "Critical points within tolerance after ironing", "আয়রনের পর ক্রিটিক্যাল মাপ টলারেন্সের মধ্যে"),
    check("labelling", "size_label", "Size label agrees with the measured size", "সাইজ লেবেল মাপের সাথে মেলে", on_fail="hold"),
    check("workmanship", "thread_ends", "Thread ends and fly removed", "সুতার মাথা ও ফ্লাই পরিষ্কার"),
    check("onsite_tests", "moisture", "Dry enough to be packed", "প্যাক করার মতো শুকনা"),
)  # fmt: skip

MTL: tuple[Item, ...] = (
    check("onsite_tests", "start_calibration", "Detector calibrated at nine points before the start",
          "শুরুর আগে ৯ পয়েন্টে ডিটেক্টর ক্যালিব্রেশন করা হয়েছে", stops=True),
    check("onsite_tests", "card", "Test card of the buyer's size, its certificate valid", "বায়ারের মাপের টেস্ট কার্ড, সার্টিফিকেটের মেয়াদ আছে"),
    check("special", "zone", "Clean zone separated; no metal is taken in", "মেটাল-ফ্রি জোন আলাদা; ধাতু নিয়ে ঢোকা হয় না"),
    check("special", "every_piece", "Every piece passes after its last operation", "শেষ অপারেশনের পর প্রতি পিস পাস করানো হয়", stops=True),
    check("special", "alarms", "Pieces that alarmed are locked away until the metal is found",
          "অ্যালার্ম দেওয়া পিস ধাতু না পাওয়া পর্যন্ত তালাবদ্ধ", stops=True),
    check("special", "needle_log", "Broken-needle log complete, all pieces found", "ভাঙা সুইয়ের লগ সম্পূর্ণ, সব টুকরা পাওয়া গেছে", stops=True),
    check("special", "exchange", "A new needle only against the old one", "পুরান সুই জমা দিয়ে নতুন সুই নেওয়া হয়"),
    check("special", "sharp_tools", "Scissors and cutters numbered and tied", "কাঁচি ও কাটার নম্বর দেওয়া ও বাঁধা"),
    check("special", "trained", "Operator trained, record seen", "অপারেটর প্রশিক্ষিত, রেকর্ড দেখা হয়েছে"),
    check("packing", "sealed", "Passed cartons marked and sealed", "পাস করা কার্টন চিহ্ন দিয়ে সিল করা"),
)  # fmt: skip

PKG: tuple[Item, ...] = (
    check("packing", "polybag", "Polybag right in size, with the suffocation warning", "পলিব্যাগের মাপ ঠিক, সতর্কবার্তা আছে", stops=True),
    check("packing", "folding", "Folding as specified", "ভাঁজ নির্দেশনা মতো"),
    check("labelling", "hangtag", "Hangtag, price and stickers right", "হ্যাংট্যাগ, দাম ও স্টিকার ঠিক"),
    barcode("labelling", "barcode", "Barcode of one piece of each size", "প্রতি সাইজের এক পিসের বারকোড"),
    check("quantity", "ratio", "Colours and sizes in the carton as the ratio says", "কার্টনে রং ও সাইজ রেশিও মতো", on_fail="hold"),
    check("packing", "carton", "Carton sound, right size and ply", "কার্টন অক্ষত, মাপ ও প্লাই ঠিক"),
    amount("packing", "gross_weight", "Gross weight of one carton", "এক কার্টনের গ্রস ওজন", "kg", least="0", most="100"),
    check("shipping_marks", "main_mark", "Main mark as specified", "মেইন মার্ক নির্দেশনা মতো"),
    check("shipping_marks", "side_mark", "Side mark with PO, style, sizes and pieces", "সাইড মার্কে পিও, স্টাইল, সাইজ ও পিস আছে"),
    check("shipping_marks", "numbers", "Cartons numbered without a gap", "কার্টন নম্বর একটানা"),
    check("packing", "desiccant", "Tissue and silica gel where ordered", "অর্ডার থাকলে টিস্যু ও সিলিকা জেল দেওয়া"),
    check("onsite_tests", "moisture", "Dry when packed", "প্যাকিংয়ের সময় শুকনা"),
    photo("packing", "open_carton", "Photo of an open carton with its mark", "মার্কসহ খোলা কার্টনের ছবি"),
)  # fmt: skip

# The checks of the final inspection's own sections, as its report prints them (DOMAIN §5).
FIN: tuple[Item, ...] = (
    check("quantity", "ship_quantity", "Ship quantity agrees with the order", "শিপ পরিমাণ অর্ডারের সাথে মেলে"),
    check("quantity", "ratio", "Colour and size ratio is right", "রং ও সাইজের অনুপাত ঠিক আছে"),
    check("shipping_marks", "main_mark", "Main mark as specified", "মেইন মার্ক নির্দেশনা মতো"),
    check("shipping_marks", "side_mark", "Side mark as specified", "সাইড মার্ক নির্দেশনা মতো"),
    check("shipping_marks", "carton_numbers", "Carton numbers complete", "কার্টন নম্বর সম্পূর্ণ"),
    check("conformity", "style", "Style as the approved sample", "স্টাইল অনুমোদিত স্যাম্পলের মতো"),
    check("conformity", "material", "Material and hand-feel as approved", "ম্যাটেরিয়াল ও হ্যান্ডফিল অনুমোদিত"),
    check("conformity", "colour", "Colour within the approved shade band", "রং অনুমোদিত শেড ব্যান্ডের মধ্যে"),
    check("packing", "export_carton", "Export carton sound, right size and weight", "এক্সপোর্ট কার্টন ভালো, মাপ ও ওজন ঠিক"),
    check("packing", "polybag", "Polybag and suffocation warning right", "পলিব্যাগ ও সতর্কবার্তা ঠিক"),
    check("packing", "folding", "Folding as specified", "ভাঁজ নির্দেশনা মতো"),
    check("packing", "assortment", "Assortment in each carton right", "প্রতি কার্টনে অ্যাসোর্ট ঠিক"),
    check("labelling", "main_label", "Main label right and straight", "মেইন লেবেল ঠিক ও সোজা"),
    check("labelling", "care_label", "Care and fibre label right", "কেয়ার ও ফাইবার লেবেল ঠিক"),
    check("labelling", "size_label", "Size label agrees with the garment", "সাইজ লেবেল গার্মেন্টের সাথে মেলে"),
    check("labelling", "origin", "Country of origin right", "উৎপাদনকারী দেশ ঠিক"),
    check("labelling", "hangtag", "Hangtag, price and barcode right", "হ্যাংট্যাগ, দাম ও বারকোড ঠিক"),
    check("onsite_tests", "barcode_scan", "Barcode scans", "বারকোড স্ক্যান হয়"),
    check("onsite_tests", "seam_pull", "Seam and button pull test", "সেলাই ও বোতাম টান পরীক্ষা"),
    check("onsite_tests", "colour_rub", "Colour rub test", "রং ঘষা পরীক্ষা"),
    check("onsite_tests", "neck_stretch", "Neck stretch", "নেক স্ট্রেচ"),
    check("onsite_tests", "piece_weight", "Piece weight", "পিস ওজন"),
    check("onsite_tests", "moisture", "Moisture", "আর্দ্রতা"),
    check("onsite_tests", "metal", "Metal detection record seen", "মেটাল ডিটেকশন রেকর্ড দেখা হয়েছে"),
    check("onsite_tests", "smell", "No bad smell", "দুর্গন্ধ নাই"),
)  # fmt: skip
