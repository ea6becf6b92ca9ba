// What the screen says of a sampling plan, from its snapshot: letter, sample, Ac and Re of each severity.
import { SEVERITIES, type Severity } from "./bodies";
import type { PlanSnapshot } from "./counting";

export interface PlanLine {
  readonly severity: Severity;
  readonly aql: string;
  readonly letter: string;
  // One sample, or the first and the second of a double plan; a lot that is not larger is inspected whole.
  readonly samples: readonly { readonly size: number; readonly accept: number; readonly reject: number }[];
}

export function planLines(plan: PlanSnapshot): PlanLine[] {
  return SEVERITIES.flatMap((severity) => {
    const own = plan.plans[severity];
    if (!own) return [];
    const double = plan.doubles?.[severity];
    const samples =
      double?.kind === "double" && double.ac2 !== null && double.re2 !== null
        ? [
            { size: double.n1, accept: double.ac1, reject: double.re1 },
            { size: double.n2, accept: double.ac2, reject: double.re2 },
          ]
        : [{ size: own.units_to_inspect, accept: own.accept, reject: own.reject }];
    return [{ severity, aql: own.aql, letter: own.plan_letter, samples }];
  });
}
