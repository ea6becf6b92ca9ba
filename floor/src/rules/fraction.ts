// Exact fractions: the twin of goldseal/catalog/rules/lengths.py (reading, converting and printing lengths).

export interface Fraction {
  readonly n: bigint;
  readonly d: bigint;
}

export type Unit = "cm" | "mm" | "in";

export const UNITS: readonly Unit[] = ["cm", "mm", "in"];
export const ZERO: Fraction = { n: 0n, d: 1n };
const TEXT_MAX = 32;
const VALUE_MAX = 10_000n;
const NUMBER =
  /^([+-])? *(?:([0-9]{1,9})(?:(?: +|-)([0-9]{1,9})\/([0-9]{1,9}))?|([0-9]{1,9})\/([0-9]{1,9})|([0-9]{0,9}[.,][0-9]{1,9}|[0-9]{1,9}[.,]))$/;
const PLAIN = /^([+-]?)([0-9]{0,30})(?:\.([0-9]{0,30}))?$/;
const INCH_MARK = / *(?:inches|inch|in|"|”|″)$/i;
const CM_PER: Record<Unit, Fraction> = { cm: { n: 1n, d: 1n }, mm: { n: 1n, d: 10n }, in: { n: 127n, d: 50n } };

export class Unreadable extends Error {
  constructor(text: string) {
    super(`Cannot read '${text.slice(0, TEXT_MAX)}' as a measurement; write it as 16, 16.25, 3/4 or 12 3/8`);
  }
}

export function fraction(n: bigint | number, d: bigint | number = 1n): Fraction {
  let [top, bottom] = [BigInt(n), BigInt(d)];
  if (bottom < 0n) [top, bottom] = [-top, -bottom];
  const common = divisor(top < 0n ? -top : top, bottom);
  return { n: top / common, d: bottom / common };
}

export const add = (a: Fraction, b: Fraction): Fraction => fraction(a.n * b.d + b.n * a.d, a.d * b.d);
export const minus = (a: Fraction, b: Fraction): Fraction => fraction(a.n * b.d - b.n * a.d, a.d * b.d);
export const times = (a: Fraction, b: Fraction): Fraction => fraction(a.n * b.n, a.d * b.d);
export const over = (a: Fraction, b: Fraction): Fraction => fraction(a.n * b.d, a.d * b.n);
export const abs = (a: Fraction): Fraction => ({ n: a.n < 0n ? -a.n : a.n, d: a.d });
export const compare = (a: Fraction, b: Fraction): number => {
  const [left, right] = [a.n * b.d, b.n * a.d];
  return left < right ? -1 : left > right ? 1 : 0;
};
export const floor = (a: Fraction): number => Number(a.n >= 0n ? a.n / a.d : -((-a.n + a.d - 1n) / a.d));
export const ceil = (a: Fraction): number => -floor({ n: -a.n, d: a.d });

// A tape value: 16, 16.25, 16,25, 3/4, 12 3/8, 12-3/8, 12½, with a sign and an inch mark or without.
export function parseMeasure(text: string): Fraction {
  if ([...text].length > TEXT_MAX) throw new Unreadable(text);
  const match = NUMBER.exec(spellOut(signs(text.trim())).replace(INCH_MARK, ""));
  if (!match) throw new Unreadable(text);
  const [, sign, whole, num, den, onlyNum, onlyDen, decimal] = match;
  if ((den ?? onlyDen) !== undefined && BigInt(den ?? onlyDen ?? 1) === 0n) throw new Unreadable(text);
  let value: Fraction;
  if (decimal !== undefined) value = ofDecimal("", ...(decimal.replace(",", ".").split(".") as [string, string]));
  else if (onlyNum !== undefined) value = fraction(BigInt(onlyNum), BigInt(onlyDen ?? 1));
  else value = add(fraction(BigInt(whole ?? 0)), fraction(BigInt(num ?? 0), BigInt(den ?? 1)));
  if (compare(value, fraction(VALUE_MAX)) > 0) throw new Error(`A measurement must not exceed ${VALUE_MAX} (got '${text}')`);
  return sign === "-" ? { n: -value.n, d: value.d } : value;
}

export function readMeasure(text: string): Fraction | null {
  try {
    return parseMeasure(text);
  } catch {
    return null;
  }
}

// A count, weight or percentage: no fraction signs, and no limit of a tape. A number is the decimal it prints as.
export function plainNumber(value: string | number): Fraction {
  const match = PLAIN.exec(String(value));
  if (!match || !(match[2] || match[3])) throw new Error(`'${String(value).slice(0, TEXT_MAX)}' is no number; write it as 12 or 12.5`);
  return ofDecimal(match[1] ?? "", match[2] ?? "", match[3] ?? "");
}

export function inUnit(value: Fraction, from: Unit, to: Unit): Fraction {
  return over(times(value, CM_PER[from]), CM_PER[to]);
}

// As the inch tape reads: a reduced mixed number such as 12 3/8, -1/4, 0.
export function formatFraction(value: Fraction): string {
  const { n, d } = fraction(abs(value).n, value.d);
  const sign = value.n < 0n ? "-" : "";
  const [whole, rest] = [n / d, n % d];
  if (rest === 0n) return `${sign}${whole}`;
  return whole ? `${sign}${whole} ${rest}/${d}` : `${sign}${rest}/${d}`;
}

// At most `places` digits, half away from zero, without trailing zeros.
export function formatDecimal(value: Fraction, places = 2): string {
  const scaled = roundHalfAway(abs(value), 10n ** BigInt(places));
  const digits = scaled.toString().padStart(places + 1, "0");
  const text = places ? `${digits.slice(0, -places)}.${digits.slice(-places)}`.replace(/\.?0+$/, "") : digits;
  return value.n < 0n && scaled ? `-${text}` : text;
}

// With exactly `places` digits, half away from zero; the twin of metrics.rounded.
export function rounded(value: Fraction, places = 2): string {
  const digits = roundHalfAway(abs(value), 10n ** BigInt(places)).toString().padStart(places + 1, "0");
  const text = places ? `${digits.slice(0, -places)}.${digits.slice(-places)}` : digits;
  return value.n < 0n ? `-${text}` : text;
}

export function formatMeasure(value: Fraction, unit: Unit): string {
  return unit === "in" ? formatFraction(value) : formatDecimal(value);
}

function ofDecimal(sign: string, whole: string, part = ""): Fraction {
  return fraction(BigInt(`${sign === "-" ? "-" : ""}${whole}${part}` || "0"), 10n ** BigInt(part.length));
}

function signs(text: string): string {
  return text.replace(/[−–]/g, "-").replace(/⁄/g, "/");
}

// Fraction signs as a/b, set apart so that no digit beside them runs into one.
function spellOut(text: string): string {
  let out = "";
  for (const sign of text) {
    const spelled = signs(sign.normalize("NFKC"));
    if (sign !== spelled && /^[0-9]+\/[0-9]+$/.test(spelled)) out += /[0-9]$/.test(out) ? ` ${spelled} ` : `${spelled} `;
    else out += sign;
  }
  return out.trimEnd();
}

function roundHalfAway(value: Fraction, scale: bigint): bigint {
  return (value.n * scale * 2n + value.d) / (2n * value.d);
}

function divisor(a: bigint, b: bigint): bigint {
  while (b) [a, b] = [b, a % b];
  return a || 1n;
}
