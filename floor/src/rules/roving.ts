// Roving inspection by traffic light: the twin of goldseal/inspections/rules/roving.py.
import { byCodePoint } from "./bodies";

export type Colour = "red" | "yellow" | "blue" | "green";

// In the order in which a supervisor walks to them.
export const COLOURS: readonly Colour[] = ["red", "yellow", "blue", "green"];

export interface Light {
  readonly sample_n: number;
  readonly yellow_at: number;
  readonly red_at: number;
  readonly revisit_minutes: Readonly<Record<"green" | "yellow" | "red", number>>;
  readonly on_red: readonly string[];
}

export interface Visit {
  readonly round: number;
  readonly operator: string;
  readonly operation: string;
  readonly machine?: string;
  readonly pieces: number;
  readonly defects: readonly { readonly severity?: string; readonly count?: number }[];
  readonly actions?: readonly string[];
  readonly is_machine_out?: boolean;
  readonly at?: string;
  // Several visits put together carry theirs.
  readonly colour?: Colour;
}

export interface OperatorLight {
  readonly operator: string;
  readonly operation: string;
  readonly machine: string;
  readonly colour: Colour;
  readonly pieces: number;
  readonly defects: number;
  readonly history: readonly (readonly [round: number, colour: Colour])[];
  // Milliseconds since 1970; null for a machine out of use and for a visit without time.
  readonly dueAt: number | null;
  readonly openActions: readonly string[];
}

export const LIGHT: Light = { sample_n: 7, yellow_at: 1, red_at: 2, revisit_minutes: { green: 120, yellow: 60, red: 30 }, on_red: ["recheck_bundle"] };

export function colourOf(visit: Pick<Visit, "colour" | "is_machine_out" | "defects">, light: Light = LIGHT): Colour {
  if (visit.colour) return visit.colour;
  if (visit.is_machine_out) return "blue";
  const found = defectsIn(visit);
  if (found >= light.red_at || visit.defects.some((defect) => defect.severity === "critical")) return "red";
  return found >= light.yellow_at ? "yellow" : "green";
}

export function defectsIn(visit: Pick<Visit, "defects">): number {
  return visit.defects.reduce((all, defect) => all + (defect.count ?? 1), 0);
}

// The gravest colour of the visits, not that of the sum: one defect in each of two samples is twice a yellow sample.
export function visitsTogether(visits: readonly Visit[], light: Light = LIGHT): Visit {
  const inTime = [...visits].sort((a, b) => byCodePoint(a.at ?? "", b.at ?? ""));
  const last = inTime[inTime.length - 1];
  if (!last) throw new Error("No visit is given");
  if (visits.length === 1) return last;
  const colours = visits.map((visit) => colourOf(visit, light));
  return {
    ...last,
    pieces: visits.reduce((all, visit) => all + visit.pieces, 0),
    defects: inTime.flatMap((visit) => visit.defects),
    actions: [...new Set(visits.flatMap((visit) => visit.actions ?? []))].sort(),
    colour: COLOURS.find((colour) => colours.includes(colour)) ?? "green",
  };
}

// Every operator's light at every operation, by name.
export function lightsOf(visits: Iterable<Visit>, light: Light = LIGHT): OperatorLight[] {
  const places = new Map<string, Visit[]>();
  for (const visit of visits) {
    const place = JSON.stringify([visit.operator, visit.operation]);
    places.set(place, [...(places.get(place) ?? []), visit]);
  }
  const lights = [...places.values()].map((here) => lightOf(roundsOf(here, light), light));
  return lights.sort((a, b) => byCodePoint(a.operator, b.operator) || byCodePoint(a.operation, b.operation));
}

function roundsOf(visits: readonly Visit[], light: Light): Visit[] {
  const rounds = [...new Set(visits.map((visit) => visit.round))].sort((a, b) => a - b);
  return rounds.map((round) => visitsTogether(visits.filter((visit) => visit.round === round), light));
}

function lightOf(rounds: readonly Visit[], light: Light): OperatorLight {
  const latest = rounds[rounds.length - 1]!;
  const colour = colourOf(latest, light);
  const minutes = colour === "blue" ? 0 : light.revisit_minutes[colour];
  return {
    operator: latest.operator,
    operation: latest.operation,
    machine: latest.machine ?? "",
    colour,
    pieces: latest.pieces,
    defects: defectsIn(latest),
    history: rounds.map((visit) => [visit.round, colourOf(visit, light)] as const),
    dueAt: latest.at && minutes ? Date.parse(latest.at) + minutes * 60_000 : null,
    openActions: colour === "red" ? light.on_red.filter((action) => !latest.actions?.includes(action)) : [],
  };
}
