"""Why a file is refused: one sentence in the person's language for each refusal code of the engine."""

from django.utils.translation import gettext_lazy as _

from goldseal.kit.words import Words

UNKNOWN = _(
    "This kind of file is not accepted. Send a photo (JPEG, PNG, WebP, HEIC), a PDF, a Word (.docx) or Excel "
    "(.xlsx) file, plain text, or a sound or film recording (M4A, OGG, MP4)."
)
_DAMAGED = _("This file is damaged and cannot be opened. Take the photo again, or send the original file.")
_MOVING = _("Moving pictures are not accepted as a photo. Send a still picture.")
_AS_JPEG = _("This kind of picture is not accepted. Save it as JPEG or PNG and send that.")
_OFFICE = _(
    "This Word or Excel file is damaged or made by hand. Open it in its program, save it again and send that."
)

SENTENCES: dict[str, Words] = {
    "animated": _MOVING,
    "archive": _("Archives (ZIP, RAR, 7z) are not accepted. Send the files one by one."),
    "avif": _AS_JPEG,
    "bad_part_name": _OFFICE,
    "bmp": _AS_JPEG,
    "crashed": _DAMAGED,
    "dtd": _("This Office file carries definitions that can harm the reader and is not accepted. Save it again as .docx or .xlsx."),
    "empty": _("This file is empty. Take the photo again, or send another file."),
    "encrypted": _("This file is protected by a password. Save it without the password and send it again."),
    "external_content": _("This Office file draws in content from elsewhere. Remove the links, or save it as PDF."),
    "gif": _AS_JPEG,
    "icon": _AS_JPEG,
    "jpeg2000": _AS_JPEG,
    "lying_size": _OFFICE,
    "macros": _("This Office file contains programs (macros). Save it without them as .docx or .xlsx."),
    "malformed": _DAMAGED,
    "markup": _("Web pages and other markup are not accepted. Save it as PDF."),
    "not_an_image": _("This is not a photo. Send a JPEG, PNG, WebP or HEIC picture."),
    "not_utf8": _("This text is not UTF-8. In a spreadsheet, save it as “CSV UTF-8”; otherwise send a PDF or a photo."),
    "old_office": _("This is an old Office file (.doc, .xls) or one with a password. Save it as .docx, .xlsx or PDF, without a password."),
    "photoshop": _AS_JPEG,
    "polyglot": _("This file has another file hidden inside it and is not accepted. Save it again in the program it comes from."),
    "postscript": _("PostScript and Illustrator files are not accepted. Save it as PDF."),
    "program": _("Programs are not accepted."),
    "rtf": _("RTF files are not accepted. Save it as .docx or PDF."),
    "sgi": _AS_JPEG,
    "svg": _("SVG drawings can carry programs and are not accepted. Save it as PNG."),
    "tiff": _("TIFF and raw pictures are not accepted. Save it as JPEG or PNG."),
    "too_large": _("This file is too large. Photos may have 30 MB, other files 100 MB."),
    "too_many_parts": _OFFICE,
    "too_many_pixels": _("This picture is too large: at most 50 megapixels are accepted. Choose a smaller size in the camera's settings."),
    "too_much_memory": _("This picture needs too much memory to open. Send it smaller, as JPEG."),
    "took_too_long": _("This file takes too long to check. Send it smaller, a picture as JPEG."),
    "trailing_data": _("This file has something hidden after its end and is not accepted. Save it again in the program it comes from."),
    "truncated": _("This file is cut off: its end is missing. Send the original file again."),
    "unknown": UNKNOWN,
    "unknown_archive": _("Archives (ZIP, RAR, 7z) are not accepted. Send the files one by one."),
    "unreadable": _DAMAGED,
    "zip_bomb": _("This file unpacks to far more than its size and is not accepted. Open it in its program and save it again."),
}  # fmt: skip
