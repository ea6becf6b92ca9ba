// What the offline verifier says, in both languages.
import type { Finding, Kind } from "./seal";

export type Language = "en" | "bn";

interface Words {
  title: string;
  lead: string;
  choose: string;
  drop: string;
  other: string;
  madeFor: string;
  working: string;
  failed: string;
  report: string;
  version: string;
  issuedBy: string;
  verdict: string;
  sealed: string;
  contentHash: string;
  certificate: string;
  fileHash: string;
  cannotKnow: string;
  kinds: Record<Kind, string>;
  reasons: Record<Finding["reason"], string>;
  verdicts: Record<string, string>;
}

export const WORDS: Record<Language, Words> = {
  en: {
    title: "Check a report without a network",
    lead: "This file checks the seal of a report on your own device. Nothing is sent anywhere.",
    choose: "Choose the PDF",
    drop: "or drop it anywhere on this page",
    other: "বাংলা",
    madeFor: "Made for reports of",
    working: "Checking …",
    failed: "This browser cannot check the file. Try a newer one.",
    report: "Report",
    version: "Version",
    issuedBy: "Issued by",
    verdict: "Verdict",
    sealed: "Sealed, by the issuer's clock",
    contentHash: "Content hash",
    certificate: "Certificate of the seal (SHA-256)",
    fileHash: "Fingerprint of the file (SHA-256)",
    cannotKnow: "Whether it was released, and not withdrawn or replaced by a newer version since, only the issuer's page can say:",
    kinds: { intact: "Seal holds", altered: "Altered", foreign: "Sealed by somebody else", unsigned: "No seal" },
    reasons: {
      holds: "Sealed by the issuer, and not a byte was changed since.",
      not_a_pdf: "This file is not a PDF.",
      too_large: "The file is larger than 20 MB; no report is.",
      no_seal: "The file carries no seal that could be checked.",
      several_seals: "The file carries more than one signature; a report has exactly one.",
      not_whole: "The seal does not cover the whole file: something was added, cut off or moved.",
      changed: "Bytes under the seal were changed after sealing.",
      seal_damaged: "The seal itself is damaged.",
      unknown_signer: "The signature holds, but it was made with a certificate that this issuer does not use.",
      certificate_refused: "The certificate was not in force, or was revoked, when the file says it was sealed.",
      no_record: "The sealed file does not hold exactly one readable record.",
    },
    verdicts: { pass: "Pass", fail: "Fail", hold: "Hold", pending: "Pending", na: "Not applicable" },
  },
  bn: {
    title: "নেটওয়ার্ক ছাড়া রিপোর্ট যাচাই করুন",
    lead: "এই ফাইল আপনার নিজের ডিভাইসে রিপোর্টের সিল যাচাই করে। কোথাও কিছু পাঠানো হয় না।",
    choose: "PDF বেছে নিন",
    drop: "অথবা এই পাতার যেকোনো জায়গায় ছাড়ুন",
    other: "English",
    madeFor: "যার রিপোর্টের জন্য তৈরি:",
    working: "পরীক্ষা হচ্ছে …",
    failed: "এই ব্রাউজার ফাইলটি যাচাই করতে পারে না। নতুন ব্রাউজারে চেষ্টা করুন।",
    report: "রিপোর্ট",
    version: "সংস্করণ",
    issuedBy: "ইস্যু করেছে",
    verdict: "ফলাফল",
    sealed: "সিল করা, ইস্যুকারীর ঘড়িতে",
    contentHash: "বিষয়বস্তুর হ্যাশ",
    certificate: "সিলের সার্টিফিকেট (SHA-256)",
    fileHash: "ফাইলের ফিঙ্গারপ্রিন্ট (SHA-256)",
    cannotKnow: "শেয়ারের আগের যাচাই শেষ কি না, পরে প্রত্যাহৃত বা প্রতিস্থাপিত হয়েছে কি না, তা শুধু ইস্যুকারীর পাতা বলতে পারে:",
    kinds: { intact: "সিল ঠিক আছে", altered: "পরিবর্তিত", foreign: "অন্য কারও সিল", unsigned: "সিল নেই" },
    reasons: {
      holds: "ইস্যুকারী সিল করেছে, এরপর একটি বাইটও বদলায়নি।",
      not_a_pdf: "ফাইলটি PDF নয়।",
      too_large: "ফাইলটি ২০ MB-এর বেশি; কোনো রিপোর্ট এত বড় হয় না।",
      no_seal: "ফাইলে যাচাই করার মতো সিল নেই।",
      several_seals: "ফাইলে একাধিক স্বাক্ষর আছে; রিপোর্টে থাকে একটিই।",
      not_whole: "সিল পুরো ফাইল ঢাকে না: কিছু যোগ, বাদ বা সরানো হয়েছে।",
      changed: "সিলের নিচের তথ্য সিল করার পর বদলানো হয়েছে।",
      seal_damaged: "সিলটিই নষ্ট।",
      unknown_signer: "স্বাক্ষর ঠিক আছে, কিন্তু সেটি এই ইস্যুকারীর কোনো সার্টিফিকেট দিয়ে করা নয়।",
      certificate_refused: "ফাইলে লেখা সিলের সময় সার্টিফিকেটটি কার্যকর ছিল না, বা বাতিল করা হয়েছিল।",
      no_record: "সিল করা ফাইলে ঠিক একটি পাঠযোগ্য রেকর্ড নেই।",
    },
    verdicts: { pass: "পাস", fail: "ফেল", hold: "হোল্ড", pending: "পেন্ডিং", na: "প্রযোজ্য নয়" },
  },
};
