// The four-point system: the twin of goldseal/inspections/rules/four_point.py (ASTM D5430, option A).
import { ceil, compare, floor, fraction, over, parseMeasure, plainNumber, times, ZERO, type Fraction, type Unit } from "./fraction";

export type HoleRule = "by_size" | "always_four";

export interface Flaw {
  readonly at: string;
  readonly points: number;
  readonly runsTo?: string | null;
}

export interface RollPoints {
  readonly points: number;
  readonly uncapped: number;
  readonly perBin: ReadonlyMap<number, number>;
}

const POINTS_MAX = 4;
const BANDS: Record<Unit, readonly Fraction[]> = {
  in: [fraction(3), fraction(6), fraction(9)],
  mm: [fraction(75), fraction(150), fraction(230)],
  cm: [fraction(15, 2), fraction(15), fraction(23)],
};
const SMALL_HOLE: Record<Unit, Fraction> = { in: fraction(1), mm: fraction(25), cm: fraction(5, 2) };

// By the longest dimension in the unit in which it was measured, never converted first.
export function pointsFor(length: string, unit: Unit): number {
  const size = aboveZero(parseMeasure(length));
  return 1 + BANDS[unit].filter((longest) => compare(size, longest) > 0).length;
}

export function pointsForHole(length: string, unit: Unit, rule: HoleRule = "by_size"): number {
  const size = aboveZero(parseMeasure(length));
  return rule === "by_size" && compare(size, SMALL_HOLE[unit]) <= 0 ? 2 : POINTS_MAX;
}

// Points per 100 yd² of a roll in yards and inches of cuttable width.
export function per100SquareYards(points: number, lengthYd: Fraction, widthIn: Fraction): Fraction {
  return over(fraction(points * 3600), times(aboveZero(lengthYd), aboveZero(widthIn)));
}

// Points per 100 m² of a roll in metres and millimetres of cuttable width.
export function per100SquareMetres(points: number, lengthM: Fraction, widthMm: Fraction): Fraction {
  return over(fraction(points * 100_000), times(aboveZero(lengthM), aboveZero(widthMm)));
}

// At most 4 points in each yard or metre, counted from the start of the roll; a running flaw takes 4 in each it covers.
export function rollPoints(flaws: Iterable<Flaw>, length: string): RollPoints {
  const end = aboveZero(parseMeasure(length));
  const bins = new Map<number, number>();
  const give = (bin: number, points: number): void => void bins.set(bin, (bins.get(bin) ?? 0) + points);
  for (const flaw of flaws) {
    const start = parseMeasure(flaw.at);
    const stop = flaw.runsTo ? parseMeasure(flaw.runsTo) : start;
    if (compare(start, ZERO) < 0 || compare(stop, start) < 0 || compare(end, stop) < 0) throw new Error(`A flaw must lie on the roll, from 0 to ${length} (got ${flaw.at})`);
    const first = Math.min(floor(start), ceil(end) - 1);
    if (!flaw.runsTo) give(first, flaw.points);
    else for (let bin = first; bin < Math.max(ceil(stop), first + 1); bin += 1) give(bin, POINTS_MAX);
  }
  const perBin = new Map([...bins].sort(([a], [b]) => a - b).map(([bin, points]) => [bin, Math.min(points, POINTS_MAX)]));
  return { points: sum(perBin.values()), uncapped: sum(bins.values()), perBin };
}

export const amount = (value: string | number): Fraction => (typeof value === "string" ? parseMeasure(value) : plainNumber(value));

function aboveZero(value: Fraction): Fraction {
  if (compare(value, ZERO) <= 0) throw new Error("A length must be above 0");
  return value;
}

function sum(counts: Iterable<number>): number {
  let all = 0;
  for (const count of counts) all += count;
  return all;
}
