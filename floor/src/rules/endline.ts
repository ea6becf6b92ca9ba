// Hundred-per-cent inspection at the end of the line: the twin of goldseal/inspections/rules/endline.py.
import type { Body } from "../core/events";
import { fraction, type Fraction } from "./fraction";

export const COUNTS = ["passed", "altered", "rejected", "recheck_passed", "recheck_rejected"] as const;
export type Count = (typeof COUNTS)[number];

export interface Tally {
  readonly counts: Readonly<Record<Count, number>>;
  // Keyed by code and zone; the zone is "" where none was tapped.
  readonly defects: ReadonlyMap<string, number>;
  readonly checked: number;
  readonly defectsTotal: number;
  // Negative where more came back than were altered.
  readonly openAlters: number;
}

export interface Rates {
  readonly dhu: Fraction | null;
  readonly rft: Fraction | null;
  readonly alter: Fraction | null;
  readonly reject: Fraction | null;
}

// The taps that are on this device, and as sums by the hour those that are not.
export function tapsOf(here: readonly Body[], leftOut: { readonly bodies: readonly Body[] } | null | undefined): readonly Body[] {
  return leftOut ? [...leftOut.bodies, ...here] : here;
}

// All taps added up; their order does not matter.
export function tallyOf(bodies: Iterable<Body>): Tally {
  const counts: Record<Count, number> = { passed: 0, altered: 0, rejected: 0, recheck_passed: 0, recheck_rejected: 0 };
  const defects = new Map<string, number>();
  let defectsTotal = 0;
  for (const body of bodies) {
    for (const name of COUNTS) counts[name] += (body[name] as number | undefined) ?? 0;
    for (const { code, zone, count } of (body.defects as { code: string; zone?: string; count?: number }[] | undefined) ?? []) {
      const key = `${code} ${zone ?? ""}`.trim();
      defects.set(key, (defects.get(key) ?? 0) + (count ?? 1));
      defectsTotal += count ?? 1;
    }
  }
  const checked = counts.passed + counts.altered + counts.rejected;
  return { counts, defects, checked, defectsTotal, openAlters: counts.altered - counts.recheck_passed - counts.recheck_rejected };
}

// The hours in order, each with its own counts.
export function byHour(bodies: Iterable<Body>): Map<number, Tally> {
  const hours = new Map<number, Body[]>();
  for (const body of bodies) {
    const hour = body.hour as number;
    const some = hours.get(hour);
    if (some) some.push(body);
    else hours.set(hour, [body]);
  }
  return new Map([...hours].sort(([a], [b]) => a - b).map(([hour, some]) => [hour, tallyOf(some)]));
}

// In per cent of the pieces checked first; null where nothing was checked.
export function ratesOf(tally: Tally): Rates {
  const { checked, counts } = tally;
  if (!checked) return { dhu: null, rft: null, alter: null, reject: null };
  const rejected = counts.rejected + Math.max(0, Math.min(counts.recheck_rejected, counts.altered));
  const rate = (part: number): Fraction => fraction(part * 100, checked);
  return { dhu: rate(tally.defectsTotal), rft: rate(counts.passed), alter: rate(counts.altered), reject: rate(rejected) };
}

// Whether a change takes away more open alters than there are; less than none may stay as it is, not grow.
export function isBeyondOpen(before: number, change: number): boolean {
  return before + change < Math.min(0, before);
}
