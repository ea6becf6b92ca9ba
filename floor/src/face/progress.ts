// How far an inspection is, in the count that its method is about.
import { tapsOf } from "../rules/endline";
import type { FloorInspection, State } from "./floor";
import { concludedSections } from "./sections";

export interface Progress {
  readonly done: number;
  readonly of: number;
}

export function progressOf(one: FloorInspection, state: State): Progress {
  switch (one.method) {
    case "aql": {
      const sections = concludedSections(one);
      return { done: sections.filter((section) => state.value("section_concluded", section)).length, of: sections.length };
    }
    case "checklist":
      return { done: state.ofKind("item_answered").length, of: one.checklist.items?.length ?? 0 };
    case "roving":
      return { done: state.ofKind("operator_checked").length, of: 0 };
    case "endline":
      return { done: tapsOf(state.values("pieces_tallied"), one.left_out).reduce((all, body) => all + checkedIn(body), 0), of: 0 };
    case "four_point":
      return { done: state.ofKind("roll_inspected").length, of: Math.max(1, Math.ceil((one.lot_size * Number((one.rules as { rolls_pct_min?: string }).rolls_pct_min ?? 10)) / 100)) };
    case "measurement":
      return { done: state.ofKind("piece_measured").length, of: 0 };
    case "metal":
      return { done: state.values("pieces_scanned").reduce((all, body) => all + Number(body.pieces), 0), of: one.lot_size };
    case "packing":
      return { done: state.ofKind("carton_checked").length, of: cartonsToOpen(one) };
  }
}

function checkedIn(body: Readonly<Record<string, unknown>>): number {
  return ["passed", "altered", "rejected"].reduce((all, name) => all + Number(body[name] ?? 0), 0);
}

// The square root of all cartons, rounded up: the trade's usual rule.
export function cartonsToOpen(one: FloorInspection): number {
  const total = one.cartons.reduce((most, range) => Math.max(most, range.last), 0);
  return total ? Math.ceil(Math.sqrt(total)) : 0;
}
