// Measurements judged against their chart: the twin of goldseal/inspections/rules/measurement.py.
import type { State } from "../core/state";
import { abs, add, compare, formatMeasure, fraction, minus, parseMeasure, ZERO, type Fraction, type Unit } from "./fraction";

export interface PointOfMeasure {
  readonly code: string;
  readonly spec: Fraction;
  readonly tolMinus: Fraction;
  readonly tolPlus: Fraction;
  readonly unit: Unit;
  readonly isCritical: boolean;
}

export interface Evaluation {
  readonly result: "ok" | "below" | "above";
  readonly deviation: Fraction;
  readonly amountOut: Fraction;
}

// A point as the inspection keeps it, with its value per size.
export interface ChartPoint {
  readonly code: string;
  readonly unit: Unit;
  readonly tol_minus: string;
  readonly tol_plus: string;
  readonly critical?: boolean;
  readonly wash?: string;
  readonly spec: Readonly<Record<string, string>>;
}

export interface MeasuredSummary {
  readonly pieces: number;
  readonly pointsMeasured: number;
  readonly pointsOut: number;
  readonly piecesWithAnyOut: number;
  readonly piecesWithCriticalOut: number;
  readonly pointsOutPct: Fraction | null;
}

// Both limits belong to the tolerance; tolerances are amounts, so their sign does not matter.
export function evaluate(spec: Fraction, tolMinus: Fraction, tolPlus: Fraction, measured: Fraction): Evaluation {
  const [lower, upper] = [minus(spec, abs(tolMinus)), add(spec, abs(tolPlus))];
  const deviation = minus(measured, spec);
  if (compare(measured, lower) < 0) return { result: "below", deviation, amountOut: minus(lower, measured) };
  if (compare(measured, upper) > 0) return { result: "above", deviation, amountOut: minus(measured, upper) };
  return { result: "ok", deviation, amountOut: ZERO };
}

// The points per size; those that hold before or after wash only under "size|wash".
export function chartOf(points: readonly ChartPoint[]): Map<string, PointOfMeasure[]> {
  const chart = new Map<string, PointOfMeasure[]>();
  for (const point of points) {
    for (const [size, value] of Object.entries(point.spec)) {
      const key = point.wash ? `${size}|${point.wash}` : size;
      const row = chart.get(key) ?? [];
      row.push({
        code: point.code,
        spec: parseMeasure(value),
        tolMinus: parseMeasure(point.tol_minus),
        tolPlus: parseMeasure(point.tol_plus),
        unit: point.unit,
        isCritical: point.critical ?? false,
      });
      chart.set(key, row);
    }
  }
  return chart;
}

export function pointsAt(chart: ReadonlyMap<string, PointOfMeasure[]>, size: string, wash = ""): readonly PointOfMeasure[] {
  return chart.get(`${size}|${wash}`) ?? chart.get(size) ?? [];
}

// Every piece by its own chart; values that fit no point are left out here (the server names them).
export function measuredSummary(state: State, points: readonly ChartPoint[]): MeasuredSummary {
  const chart = chartOf(points);
  const pieces = new Map<string, { measured: number; out: number; critical: boolean }>();
  for (const body of state.values("piece_measured")) {
    const [size, wash] = [String(body.size), String(body.wash ?? "")];
    const point = pointsAt(chart, size, wash).find((one) => one.code === body.pom);
    if (!point || point.unit !== body.unit) continue;
    const key = JSON.stringify([body.piece_no, size, wash]);
    const piece = pieces.get(key) ?? { measured: 0, out: 0, critical: false };
    const isOut = evaluate(point.spec, point.tolMinus, point.tolPlus, parseMeasure(String(body.value))).result !== "ok";
    pieces.set(key, { measured: piece.measured + 1, out: piece.out + Number(isOut), critical: piece.critical || (isOut && point.isCritical) });
  }
  const all = [...pieces.values()];
  const [measured, out] = [sum(all.map((piece) => piece.measured)), sum(all.map((piece) => piece.out))];
  return {
    pieces: all.length,
    pointsMeasured: measured,
    pointsOut: out,
    piecesWithAnyOut: all.filter((piece) => piece.out).length,
    piecesWithCriticalOut: all.filter((piece) => piece.critical).length,
    pointsOutPct: measured ? fraction(out * 100, measured) : null,
  };
}

// With its sign, as it stands beside a measured value: +1/4, −0.5, 0.
export function formatDeviation(deviation: Fraction, unit: Unit): string {
  if (deviation.n === 0n) return "0";
  return `${deviation.n > 0n ? "+" : "−"}${formatMeasure(abs(deviation), unit)}`;
}

const sum = (counts: number[]): number => counts.reduce((all, one) => all + one, 0);
