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
    cannotKnow: "Whether it was withdrawn or replaced by a newer version since, only the issuer's page can say:",
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
    verdicts: { pass: "Pass", fail: "Fail", hold: "Hold", pending: "Pending" },
  },
  bn: {
    title: "নেটওয়ার্ক ছাড়া রিপোর্ট যাচাই",
    lead: "এই ফাইল আপনার নিজের যন্ত্রে রিপোর্টের সিল যাচাই করে। কোথাও কিছু পাঠানো হয় না।",
    choose: "PDF বেছে নিন",
    drop: "অথবা এই পাতায় ছেড়ে দিন",
    other: "English",
    madeFor: "যার রিপোর্টের জন্য তৈরি:",
    working: "যাচাই হচ্ছে …",
    failed: "এই ব্রাউজার ফাইলটি যাচাই করতে পারে না। নতুন ব্রাউজারে চেষ্টা করুন।",
    report: "রিপোর্ট",
    version: "সংস্করণ",
    issuedBy: "প্রকাশক",
    verdict: "রায়",
    sealed: "সিলের সময়, প্রকাশকের ঘড়িতে",
    contentHash: "বিষয়বস্তুর হ্যাশ",
    certificate: "সিলের সার্টিফিকেট (SHA-256)",
    fileHash: "ফাইলের ছাপ (SHA-256)",
    cannotKnow: "পরে প্রত্যাহার বা নতুন সংস্করণ হয়েছে কি না, তা শুধু প্রকাশকের পাতা বলতে পারে:",
    kinds: { intact: "সিল ঠিক আছে", altered: "বদলানো হয়েছে", foreign: "অন্য কারও সিল", unsigned: "সিল নেই" },
    reasons: {
      holds: "প্রকাশক সিল করেছে, এরপর একটি বাইটও বদলায়নি।",
      not_a_pdf: "এই ফাইলটি PDF নয়।",
      too_large: "ফাইলটি ২০ MB-এর চেয়ে বড়; কোনো রিপোর্ট এত বড় নয়।",
      no_seal: "ফাইলে যাচাই করার মতো সিল নেই।",
      several_seals: "ফাইলে একাধিক স্বাক্ষর আছে; রিপোর্টে ঠিক একটি থাকে।",
      not_whole: "সিল পুরো ফাইল ঢাকে না: কিছু যোগ, বাদ বা সরানো হয়েছে।",
      changed: "সিলের পর ফাইলের বাইট বদলানো হয়েছে।",
      seal_damaged: "সিলটিই নষ্ট।",
      unknown_signer: "স্বাক্ষর ঠিক, কিন্তু এই প্রকাশক যে সার্টিফিকেট ব্যবহার করে তা দিয়ে নয়।",
      certificate_refused: "ফাইলে লেখা সিলের সময় সার্টিফিকেটটি কার্যকর ছিল না, বা বাতিল ছিল।",
      no_record: "সিল করা ফাইলে ঠিক একটি পাঠযোগ্য নথি নেই।",
    },
    verdicts: { pass: "পাস", fail: "ফেল", hold: "হোল্ড", pending: "বাকি" },
  },
};
