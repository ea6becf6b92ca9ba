// Defects against Ac and Re: the twin of count_defects in goldseal/inspections/rules/verdict.py.
import type { State } from "../core/state";
import type { Body } from "../core/events";
import { SEVERITIES, type Severity } from "./bodies";

export interface Plan {
  readonly aql: string;
  readonly code_letter: string;
  readonly plan_letter: string;
  readonly sample_size: number;
  readonly accept: number;
  readonly reject: number;
  readonly units_to_inspect: number;
  readonly is_full_inspection: boolean;
}

export interface DoublePlan {
  readonly aql: string;
  readonly kind: "single" | "double";
  readonly n1: number;
  readonly ac1: number;
  readonly re1: number;
  readonly n2: number;
  readonly ac2: number | null;
  readonly re2: number | null;
}

// What the inspection keeps of its plan when it is planned: today's tables are never asked again.
export interface PlanSnapshot {
  readonly lot_size: number;
  readonly level: string;
  readonly inspection: string;
  readonly plans: Readonly<Partial<Record<Severity, Plan>>>;
  readonly doubles?: Readonly<Partial<Record<Severity, DoublePlan>>>;
  readonly units_to_inspect: number;
  readonly is_full_inspection: boolean;
}

export interface CountingSettings {
  readonly counting?: "defectives" | "defects";
  readonly sample_basis?: "drawn" | "own_plan";
}

export interface SeverityCount {
  readonly severity: Severity;
  readonly found: number;
  readonly accept: number | null;
  readonly reject: number | null;
  readonly needsSecondSample: boolean;
  readonly isRejected: boolean;
  // How many more may be found before the lot is rejected; negative once it is.
  readonly left: number | null;
}

export function countDefects(state: State, plan: PlanSnapshot, settings: CountingSettings = {}): SeverityCount[] {
  const found = new Map<string, number>();
  const worstOfPiece = new Map<string, { severity: Severity; sample: number }>();
  for (const entry of state.ofKind("defect_recorded")) {
    const body = entry.value ?? entry.candidates.reduce((worst, other) => (graver(other, worst) ? other : worst));
    const severity = body.severity as Severity;
    const pieceNo = body.piece_no as number | undefined;
    const sample = (body.sample as number | undefined) ?? 1;
    const own = plan.plans[severity];
    if (settings.sample_basis === "own_plan" && own && pieceNo !== undefined && pieceNo > own.units_to_inspect) continue;
    if (settings.counting === "defects" || pieceNo === undefined) {
      addTo(found, severity, sample, body.pieces as number);
      continue;
    }
    const before = worstOfPiece.get(`${sample} ${pieceNo}`);
    if (!before || gravity(severity) < gravity(before.severity)) worstOfPiece.set(`${sample} ${pieceNo}`, { severity, sample });
  }
  for (const { severity, sample } of worstOfPiece.values()) addTo(found, severity, sample, 1);
  const isSecondBegun = state.value("second_sample_started") !== null;
  return SEVERITIES.map((severity) => {
    const [first, second] = [found.get(`${severity} 1`) ?? 0, found.get(`${severity} 2`) ?? 0];
    return countOf(severity, first, second, plan.plans[severity], plan.doubles?.[severity], isSecondBegun);
  });
}

export function decideDouble(plan: DoublePlan, d1: number, d2?: number): "accept" | "reject" | "second_sample" {
  if (d1 <= plan.ac1) return "accept";
  if (d1 >= plan.re1 || plan.ac2 === null) return "reject";
  if (d2 === undefined) return "second_sample";
  return d1 + d2 <= plan.ac2 ? "accept" : "reject";
}

function countOf(
  severity: Severity, first: number, second: number, own: Plan | undefined, double: DoublePlan | undefined, isSecondBegun: boolean,
): SeverityCount {
  if (double?.kind !== "double") return counted(severity, first + second, own?.accept ?? null, own?.reject ?? null);
  const needsSecond = decideDouble(double, first) === "second_sample";
  if (!needsSecond || !isSecondBegun) return counted(severity, first, double.ac1, double.re1, needsSecond);
  return counted(severity, first + second, double.ac2, double.re2);
}

function counted(severity: Severity, found: number, accept: number | null, reject: number | null, needsSecondSample = false): SeverityCount {
  const isRejected = reject !== null && found >= reject;
  return { severity, found, accept, reject, needsSecondSample, isRejected, left: accept === null ? null : accept - found };
}

// While a defect is in conflict the gravest of its versions counts, so a dispute never hides a rejection.
function graver(one: Body, other: Body): boolean {
  const off = gravity(one.severity as Severity) - gravity(other.severity as Severity);
  return off < 0 || (off === 0 && (one.pieces as number) > (other.pieces as number));
}

const gravity = (severity: Severity): number => SEVERITIES.indexOf(severity);

function addTo(found: Map<string, number>, severity: Severity, sample: number, count: number): void {
  found.set(`${severity} ${sample}`, (found.get(`${severity} ${sample}`) ?? 0) + count);
}
