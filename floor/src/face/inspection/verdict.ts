// What the record itself says of a section so far; the person may be stricter, never laxer.
import type { FloorInspection, State } from "../floor";
import { countDefects, type PlanSnapshot } from "../../rules/counting";
import { readiness } from "../../rules/readiness";
import type { Section } from "../sections";

export const planOf = (one: FloorInspection): PlanSnapshot | null => ("plans" in one.plan ? (one.plan as PlanSnapshot) : null);

export interface Standing {
  readonly verdict: string;
  readonly open: number;
  readonly of: number;
}

export function standingOf(one: FloorInspection, state: State, section: Section): Standing {
  const checks = (one.checklist[section] ?? []) as readonly { check: string }[];
  const answers = checks.map(({ check }) => state.value("check_answered", section, check)?.answer);
  const open = answers.filter((answer) => answer === undefined).length;
  const said = state.value("section_concluded", section)?.verdict as string | undefined;
  const facts: string[] = answers.filter((answer): answer is string => answer === "fail" || answer === "hold");
  const plan = planOf(one);
  if (section === "workmanship" && plan && countDefects(state, plan, one.rules).some((count) => count.isRejected)) facts.push("fail");
  if (section === "quantity" && readiness(state, one.ordered, one.lot_size, one.rules).shortfalls.length) facts.push("fail");
  if (!said && !facts.length) return { verdict: "", open, of: checks.length };
  return { verdict: gravest([...facts, ...(said ? [said] : [])]), open, of: checks.length };
}

const GRAVITY = ["fail", "hold", "pending", "pass", "na"];

export function gravest(verdicts: readonly string[]): string {
  return GRAVITY.find((verdict) => verdicts.includes(verdict)) ?? "";
}
