// A typed value against its point, and the unit in which it was probably taken.
import { abs, compare, formatMeasure, fraction, inUnit, minus, over, parseMeasure, readMeasure, rounded, times, UNITS, ZERO, type Fraction, type Unit } from "../../rules/fraction";
import { evaluate, type ChartPoint, type Evaluation } from "../../rules/tolerance";

export function judge(point: ChartPoint, size: string, value: Fraction | null): Evaluation | null {
  const spec = point.spec[size];
  if (!value || spec === undefined) return null;
  return evaluate(parseMeasure(spec), parseMeasure(point.tol_minus), parseMeasure(point.tol_plus), value);
}

// The twin of rules/measurement.py suggest_unit: far out here, and near the specification in another unit.
export function otherUnit(point: ChartPoint, size: string, value: Fraction): Unit | null {
  const judged = judge(point, size, value);
  const spec = readMeasure(point.spec[size] ?? "");
  if (!judged || !spec || compare(spec, ZERO) <= 0 || judged.result === "ok" || compare(abs(judged.deviation), over(spec, fraction(2))) <= 0) return null;
  const isNear = (unit: Unit): boolean => {
    const as = inUnit(value, unit, point.unit);
    return compare(abs(minus(as, spec)), over(spec, fraction(10))) <= 0 || judge(point, size, as)?.result === "ok";
  };
  return UNITS.find((unit) => unit !== point.unit && isNear(unit)) ?? null;
}

// Hundredths, or sixteenths of an inch, as the tape reads.
export function inChartUnit(value: Fraction, from: Unit, to: Unit): string {
  const exact = inUnit(value, from, to);
  if (to !== "in") return formatMeasure(exact, to);
  return formatMeasure(fraction(BigInt(rounded(times(exact, fraction(16)), 0)), 16n), "in");
}
