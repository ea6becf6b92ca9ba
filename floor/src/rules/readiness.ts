// Whether a lot is ready to be inspected: the twin of goldseal/inspections/rules/readiness.py. The draw is shown only then.
import type { State } from "../core/state";
import { add, compare, fraction, plainNumber, times } from "./fraction";

export interface ReadinessRules {
  readonly quantity_tolerance_pct?: string | number;
  readonly made_pct_min?: string | number;
  readonly packed_pct_min?: string | number;
}

export interface Ordered {
  readonly colour: string;
  readonly size: string;
  readonly quantity: number;
}

export interface Readiness {
  readonly made: number | null;
  readonly packed: number | null;
  readonly lot: number;
  // Why it is not enough: which count, and whether there are fewer than needed or more than there can be.
  readonly shortfalls: readonly { readonly what: "made" | "packed"; readonly why: "too_few" | "too_many" }[];
  readonly isReady: boolean;
}

export function readiness(state: State, ordered: readonly Ordered[], lot: number, rules: ReadinessRules = {}): Readiness {
  const said = saidOf(state, ordered);
  if (!said) return { made: null, packed: null, lot, shortfalls: [], isReady: false };
  const most = add(fraction(100), plainNumber(rules.quantity_tolerance_pct ?? 5));
  const shortfalls: { what: "made" | "packed"; why: "too_few" | "too_many" }[] = [];
  for (const [what, least] of [["made", rules.made_pct_min ?? 100], ["packed", rules.packed_pct_min ?? 80]] as const) {
    const share = fraction(said[what] * 100);
    if (compare(share, times(most, fraction(lot))) > 0) shortfalls.push({ what, why: "too_many" });
    if (compare(share, times(plainNumber(least), fraction(lot))) < 0) shortfalls.push({ what, why: "too_few" });
  }
  return { ...said, lot, shortfalls, isReady: !shortfalls.length };
}

// From the confirmation, or from the quantities where all of them are counted.
function saidOf(state: State, ordered: readonly Ordered[]): { made: number; packed: number } | null {
  const body = state.value("readiness_confirmed");
  if (body) return { made: body.made as number, packed: body.packed as number };
  const counted = state.values("quantity_counted");
  const keys = new Set(counted.map((one) => JSON.stringify([one.colour, one.size])));
  if (!ordered.length || ordered.some((one) => !keys.has(JSON.stringify([one.colour, one.size])))) return null;
  const sum = (name: string): number => counted.reduce((all, one) => all + (one[name] as number), 0);
  return { made: sum("made"), packed: sum("packed") };
}
