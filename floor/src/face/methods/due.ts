// Metal detection's open ends: calibrations due and pieces to run again, the twin of goldseal/inspections/rules/metal.py.

type Body = Readonly<Record<string, unknown>>;
export type CardKind = "ferrous" | "non_ferrous" | "stainless";
export const CARD_KINDS: readonly CardKind[] = ["ferrous", "non_ferrous", "stainless"];

export interface MetalRule {
  readonly interval: number;
  // First hour of the shift and the hour in which it is over; 20 to 4 runs past midnight.
  readonly shift: readonly [number, number] | null;
  // The largest test piece of every kind of card that is asked for, in mm.
  readonly cards: Readonly<Partial<Record<CardKind, string>>>;
}

export interface Due {
  readonly machine: string;
  readonly hour: number;
  readonly kind: CardKind;
}

export interface Failed extends Due {
  readonly pieces: number;
}

// The stage's setting for each kind; one that is not set is not asked for.
const SETTINGS = { ferrous: "card_mm", non_ferrous: "card_non_ferrous_mm", stainless: "card_stainless_mm" } as const;

// What the stage says of it, and 1.2 mm ferrous where it says nothing of cards.
export function metalRule(stage: Body | undefined): MetalRule {
  const cards: Partial<Record<CardKind, string>> = {};
  for (const kind of CARD_KINDS) if (stage?.[SETTINGS[kind]]) cards[kind] = String(stage[SETTINGS[kind]]);
  return {
    interval: Number(stage?.interval_minutes ?? 60),
    shift: (stage?.shift as [number, number] | undefined) ?? null,
    cards: Object.keys(cards).length ? cards : { ferrous: "1.2" },
  };
}

// By now and for this machine: hours behind in which pieces passed (or that the shift has), and the hour that runs.
export function calibrationsDue(calibrations: readonly Body[], scanned: readonly Body[], rule: MetalRule, now: { readonly machine: string; readonly hour: number }): Due[] {
  const order = orderOf(rule);
  const done = new Set(calibrations.map((body) => placeOf(body.machine, body.hour, body.card_kind)));
  const wanted = new Map<string, Set<number>>([[now.machine, new Set([now.hour])]]);
  const want = (machine: unknown, hour: number): unknown => wanted.set(String(machine), (wanted.get(String(machine)) ?? new Set()).add(hour));
  for (const body of scanned) want(body.machine, Number(body.hour));
  if (rule.shift) {
    const [start, end] = rule.shift;
    const machines = new Set([...wanted.keys(), ...calibrations.map((body) => String(body.machine))]);
    for (const machine of machines) for (let passed = 0; passed < ((end - start + 24) % 24 || 24); passed += 1) want(machine, (start + passed) % 24);
  }
  const step = Math.max(1, Math.floor(rule.interval / 60));
  const due: Due[] = [];
  for (const machine of [...wanted.keys()].sort()) {
    const hours = [...wanted.get(machine)!].filter((hour) => order(hour) <= order(now.hour)).sort((a, b) => order(a) - order(b));
    for (const hour of hours) {
      // A calibration covers its own hour and those up to the next one due.
      const covering = Array.from({ length: Math.min(step, order(hour) + 1) }, (_, back) => (hour - back + 24) % 24);
      for (const kind of CARD_KINDS) if (kind in rule.cards && !covering.some((earlier) => done.has(placeOf(machine, earlier, kind)))) due.push({ machine, hour, kind });
    }
  }
  return due;
}

// Failed calibrations with the pieces that still have to be run again for them.
export function leftToRerun(calibrations: readonly Body[], scanned: readonly Body[], reruns: readonly Body[], rule: MetalRule): Failed[] {
  const order = orderOf(rule);
  const at = (body: Body): number => order(Number(body.hour));
  const good = calibrations.filter(isGood);
  const failures = calibrations.filter((body) => !isGood(body)).map((body) => {
    const before = good.filter((other) => other.machine === body.machine && other.card_kind === body.card_kind && at(other) < at(body)).map(at);
    return { body, since: Math.max(0, ...before), until: at(body) };
  });
  // An hour that several failures reach back to counts once.
  const piecesOf = (some: typeof failures): number =>
    scanned.filter((body) => some.some((one) => one.body.machine === body.machine && one.since <= at(body) && at(body) <= one.until)).reduce((all, body) => all + Number(body.pieces), 0);
  // A re-run counts from the failure's hour on, through a detector found good: on the same machine, since the failure.
  const counts = (rerun: Body, { body, until }: (typeof failures)[number]): boolean =>
    at(rerun) >= until && good.some((one) => one.machine === rerun.machine && one.card_kind === body.card_kind && at(one) <= at(rerun) && at(one) >= (rerun.machine === body.machine ? until : 0));
  return failures.flatMap((failure) => {
    const again = reruns.filter((rerun) => counts(rerun, failure)).reduce((all, rerun) => all + Number(rerun.pieces), 0);
    const pieces = piecesOf(failures.filter((other) => other.until >= failure.until)) - again;
    const { machine, hour, card_kind: kind } = failure.body;
    return pieces > 0 ? [{ machine: String(machine), hour: Number(hour), kind: kind as CardKind, pieces }] : [];
  });
}

export const isGood = (calibration: Body): boolean => (calibration.points as boolean[]).every(Boolean);
const placeOf = (machine: unknown, hour: unknown, kind: unknown): string => JSON.stringify([machine, hour, kind]);
const orderOf = ({ shift }: MetalRule) => (hour: number): number => (hour - (shift?.[0] ?? 0) + 24) % 24;
