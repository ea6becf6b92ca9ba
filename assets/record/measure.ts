// Tape values as exact fractions, read and judged as the server does (goldseal/inspections/rules/measurement.py).

export interface Fraction {
  n: bigint;
  d: bigint;
}

const WHOLE = /^([+-])?\s*(\d{1,9})(?:(?:\s+|-)(\d{1,9})\/(\d{1,9}))?$/;
const PART = /^([+-])?\s*(\d{1,9})\/(\d{1,9})$/;
const DECIMAL = /^([+-])?\s*(\d{0,9})[.,](\d{0,9})$/;
const SIGNS: Record<string, string> = { "½": "1/2", "¼": "1/4", "¾": "3/4", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8" };

export function parseMeasure(text: string): Fraction | null {
  const spelled = text
    .trim()
    .replace(/[−–]/g, "-")
    .replace(/⁄/g, "/")
    .replace(/[½¼¾⅛⅜⅝⅞]/g, (sign) => ` ${SIGNS[sign] ?? ""} `)
    .replace(/\s*(?:inches|inch|in|"|”|″)$/i, "")
    .trim();
  const mixed = WHOLE.exec(spelled);
  if (mixed) return made(mixed[1], BigInt(mixed[2] ?? "0"), mixed[3] ?? "0", mixed[4] ?? "1");
  const part = PART.exec(spelled);
  if (part) return made(part[1], 0n, part[2] ?? "0", part[3] ?? "1");
  const decimal = DECIMAL.exec(spelled);
  if (decimal && (decimal[2] || decimal[3])) {
    const digits = decimal[3] ?? "";
    return made(decimal[1], BigInt(decimal[2] || "0"), digits || "0", `1${"0".repeat(digits.length)}`);
  }
  return null;
}

function made(sign: string | undefined, whole: bigint, top: string, bottom: string): Fraction | null {
  const d = BigInt(bottom);
  if (d === 0n) return null;
  const n = whole * d + BigInt(top);
  return { n: sign === "-" ? -n : n, d };
}

export interface Outcome {
  result: "ok" | "above" | "below";
  deviation: string;
}

export function judge(value: Fraction, spec: Fraction, minus: Fraction, plus: Fraction, unit: string): Outcome {
  const off = minusOf(value, spec);
  const result = less(off, { n: -magnitude(minus).n, d: minus.d }) ? "below" : less(magnitude(plus), off) ? "above" : "ok";
  return { result, deviation: signed(off, unit) };
}

function minusOf(a: Fraction, b: Fraction): Fraction {
  return { n: a.n * b.d - b.n * a.d, d: a.d * b.d };
}

function less(a: Fraction, b: Fraction): boolean {
  return a.n * b.d < b.n * a.d;
}

function magnitude(a: Fraction): Fraction {
  return { n: a.n < 0n ? -a.n : a.n, d: a.d };
}

function signed(off: Fraction, unit: string): string {
  if (off.n === 0n) return "0";
  return `${off.n > 0n ? "+" : "−"}${printed(magnitude(off), unit)}`;
}

function printed(value: Fraction, unit: string): string {
  if (unit !== "in") {
    const hundredths = (value.n * 200n + value.d) / (2n * value.d);
    const digits = hundredths.toString().padStart(3, "0");
    return `${digits.slice(0, -2)}.${digits.slice(-2)}`.replace(/\.?0+$/, "");
  }
  const whole = value.n / value.d;
  const rest = value.n % value.d;
  if (rest === 0n) return whole.toString();
  const common = divisor(rest, value.d);
  const part = `${rest / common}/${value.d / common}`;
  return whole ? `${whole} ${part}` : part;
}

function divisor(a: bigint, b: bigint): bigint {
  return b === 0n ? a : divisor(b, a % b);
}
