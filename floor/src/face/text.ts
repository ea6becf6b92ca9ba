// Words and numbers of the chosen language; every number on a screen goes through here.
import { computed, signal } from "@preact/signals";
import type { en } from "../words/en";
import { floor } from "./app";
import type { Severity } from "./floor";

export type Key = keyof typeof en;
export type Words = Readonly<Record<Key, string>>;

const words = signal<Words | null>(null);
let loaded = "";

// Only the language in use is fetched; both are on the phone for the day without network.
export async function loadWords(language: "en" | "bn"): Promise<void> {
  if (loaded === language) return;
  const found: Words = language === "bn" ? (await import("../words/bn")).bn : (await import("../words/en")).en;
  loaded = language;
  words.value = found;
  document.documentElement.lang = language;
}

export const hasWords = computed(() => words.value !== null);
export const isBangla = (): boolean => floor.settings.value.language === "bn";
const hasBanglaDigits = (): boolean => isBangla() && floor.settings.value.digits === "beng";

export function t(key: Key, values: Readonly<Record<string, string | number>> = {}): string {
  const found = ownDigits(words.value?.[key] ?? key);
  return found.replace(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : typeof value === "number" ? num(value) : value;
  });
}

// A Bangla sentence has numbers of its own (100 yd²), which follow the chosen digits.
function ownDigits(sentence: string): string {
  return isBangla() && !hasBanglaDigits() ? sentence.replace(/[০-৯]/g, inAscii) : sentence;
}

// One of two sentences by count; Bangla says both alike.
export function count(one: Key, many: Key, n: number, values: Readonly<Record<string, string | number>> = {}): string {
  return t(n === 1 ? one : many, { n, ...values });
}

export function num(value: number, places?: number): string {
  const locale = `${isBangla() ? "bn" : "en"}-u-nu-${hasBanglaDigits() ? "beng" : "latn"}`;
  return new Intl.NumberFormat(locale, places === undefined ? {} : { minimumFractionDigits: places, maximumFractionDigits: places }).format(value);
}

// A text that holds digits (a time, a tape value, a share) in the chosen digits.
export function digits(text: string | number): string {
  const plain = String(text);
  return hasBanglaDigits() ? plain.replace(/[0-9]/g, (digit) => "০১২৩৪৫৬৭৮৯"[Number(digit)]!) : plain;
}

// What a person typed, in the digits that records are kept in.
export function inAscii(text: string): string {
  return text.replace(/[০-৯]/g, (digit) => String("০১২৩৪৫৬৭৮৯".indexOf(digit))).replace("−", "-");
}

export function wholeOf(text: string): number | null {
  const plain = inAscii(text.trim());
  return /^\d{1,8}$/.test(plain) ? Number(plain) : null;
}

export function inLanguage(en: string, bn: string): string {
  return isBangla() && bn ? bn : en;
}

export function named(thing: { readonly name_en: string; readonly name_bn: string }): string {
  return inLanguage(thing.name_en, thing.name_bn);
}

export function labelled(thing: { readonly label_en: string; readonly label_bn: string }): string {
  return inLanguage(thing.label_en, thing.label_bn);
}

function inZone(options: Intl.DateTimeFormatOptions, at: string | number): string {
  const timeZone = floor.session.value?.workspace.time_zone;
  const locale = `${isBangla() ? "bn" : "en-GB"}-u-nu-${hasBanglaDigits() ? "beng" : "latn"}`;
  return new Intl.DateTimeFormat(locale, { ...options, ...(timeZone ? { timeZone } : {}) }).format(new Date(at));
}

export const clock = (at: string | number): string => inZone({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, at);
export const dayAndTime = (at: string): string => inZone({ day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }, at);

// A day without time is the same everywhere.
export function dayOf(date: string): string {
  const locale = `${isBangla() ? "bn" : "en-GB"}-u-nu-${hasBanglaDigits() ? "beng" : "latn"}`;
  return new Intl.DateTimeFormat(locale, { weekday: "short", day: "numeric", month: "short", timeZone: "UTC" }).format(new Date(`${date}T00:00:00Z`));
}

export function hourWords(hour: number): string {
  return digits(`${String(hour).padStart(2, "0")}:00–${String((hour + 1) % 24).padStart(2, "0")}:00`);
}

export function megabytes(bytes: number): string {
  const mb = bytes / 1_000_000;
  return t("megabytes", { n: mb < 10 ? num(mb, 1) : num(Math.round(mb)) });
}

export const severityWord = (severity: Severity): string => t(`severity.${severity}`);

// The core says its few own sentences in English; a server's sentence comes in the person's language already.
const SPOKEN: Readonly<Record<string, Key>> = {
  "Unlock with your PIN first": "error.locked",
  "Sign in first, with a network.": "error.sign_in",
  "Sign in again.": "error.sign_in",
  "Sign in again; everything is kept on this phone.": "needs.signin",
  "The server cannot be reached": "error.server",
  "This phone has no space left; free some before going on": "trouble.space_more",
  "What is kept on this device cannot be read": "error.unreadable",
  "The server cannot be reached; the day that is on this phone stays.": "error.day_stays",
  "Update the app first; what was recorded is kept and sent.": "error.outdated",
  "This device is not registered any more. Save what was not sent as a file, then empty the device.": "error.unregistered",
  "This file holds no saved work of Floor.": "saved.no_file",
  "This file is damaged; nothing of it was taken in.": "saved.damaged",
  "Nothing in this file was recorded by you. Whoever recorded it hands it in.": "saved.not_yours",
  "Others have counted on this line too. Sign where there is a network.": "error.taps_elsewhere",
};

export function spoken(sentence: string): string {
  const key = SPOKEN[sentence] ?? SPOKEN[sentence.replace(/\.$/, "")];
  if (key) return t(key);
  return /^This device belongs to /.test(sentence) ? t("error.other_workspace", { name: sentence.slice(23).replace(/; empty it first\.$/, "") }) : sentence;
}

export function sentenceOf(error: unknown): string {
  return spoken(error instanceof Error ? error.message : String(error));
}
