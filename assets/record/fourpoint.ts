// Points of a flaw while it is typed: the twin of goldseal/inspections/rules/four_point.py, by the same bands.
import { parseMeasure, type Fraction } from "./measure";

const BANDS: Record<string, [bigint, bigint][]> = {
  in: [[3n, 1n], [6n, 1n], [9n, 1n]],
  mm: [[75n, 1n], [150n, 1n], [230n, 1n]],
  cm: [[15n, 2n], [15n, 1n], [23n, 1n]],
};
const SMALL_HOLE: Record<string, [bigint, bigint]> = { in: [1n, 1n], mm: [25n, 1n], cm: [5n, 2n] };

export function pointsFor(length: string, unit: string): number | null {
  const size = above0(length);
  const bands = BANDS[unit];
  return size && bands ? 1 + bands.filter((longest) => exceeds(size, longest)).length : null;
}

export function pointsForHole(length: string, unit: string, rule: string): number | null {
  const size = above0(length);
  const small = SMALL_HOLE[unit];
  if (!size || !small) return null;
  return rule === "by_size" && !exceeds(size, small) ? 2 : 4;
}

// Running flaws take 4 points in every yard or metre they cover, counted from the start of the roll.
export function pointsOfRun(from: string, to: string, length: string): number | null {
  const [start, stop, end] = [from, to, length].map((text) => parseMeasure(text));
  if (!start || !stop || !end || end.n <= 0n || start.n < 0n || less(stop, start) || less(end, stop)) return null;
  const first = smaller(start.n / start.d, ceil(end) - 1n);
  const past = ceil(stop);
  return 4 * Number(past > first + 1n ? past - first : 1n);
}

export function isOnRoll(at: string, to: string, length: string): boolean {
  const [start, end] = [parseMeasure(at), parseMeasure(length)];
  if (!start || !end) return true;
  const stop = parseMeasure(to) ?? start;
  return start.n >= 0n && !less(stop, start) && !less(end, stop);
}

function above0(text: string): Fraction | null {
  const size = parseMeasure(text);
  return size && size.n > 0n ? size : null;
}

function exceeds(size: Fraction, [n, d]: [bigint, bigint]): boolean {
  return size.n * d > n * size.d;
}

function less(a: Fraction, b: Fraction): boolean {
  return a.n * b.d < b.n * a.d;
}

function ceil(a: Fraction): bigint {
  return (a.n + a.d - 1n) / a.d;
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
