import { expect, test } from "vitest";
import { EventRefused, parseEvent, type Body, type RecordedEvent } from "../src/core/events";
import { applyEvents } from "../src/core/state";
import { countDefects, type CountingSettings, type PlanSnapshot } from "../src/rules/counting";
import { byHour, isBeyondOpen, ratesOf, tallyOf } from "../src/rules/endline";
import { per100SquareMetres, per100SquareYards, pointsFor, pointsForHole, rollPoints, type HoleRule } from "../src/rules/four_point";
import { formatMeasure, fraction, parseMeasure, rounded, type Fraction, type Unit } from "../src/rules/fraction";
import { readiness } from "../src/rules/readiness";
import { lightsOf, type Visit } from "../src/rules/roving";
import { planLines } from "../src/rules/sampling";
import { chartOf, evaluate, formatDeviation, measuredSummary } from "../src/rules/tolerance";
import { cases } from "./cases";

const ratio = (value: Fraction): string => `${value.n}/${value.d}`;
const unratio = (text: string): Fraction => fraction(...(text.split("/").map(BigInt) as [bigint, bigint]));

const MEASURE = cases<{ parse: [string, string][]; unreadable: string[]; print: [string, Unit, string][]; tolerance: Record<string, string>[] }>("measure");

test("tape values are read and printed exactly", () => {
  for (const [text, value] of MEASURE.parse) expect([text, ratio(parseMeasure(text))]).toEqual([text, value]);
  for (const text of MEASURE.unreadable) expect(() => parseMeasure(text), text).toThrow();
  for (const [value, unit, printed] of MEASURE.print) expect(formatMeasure(unratio(value), unit)).toBe(printed);
});

test.each(MEASURE.tolerance)("tolerance: $why", ({ unit, spec, minus, plus, measured, result, deviation, out }) => {
  const [a, b, c, d] = [spec, minus, plus, measured].map((text) => parseMeasure(text ?? ""));
  const found = evaluate(a!, b!, c!, d!);
  expect([found.result, formatMeasure(found.deviation, unit as Unit), formatMeasure(found.amountOut, unit as Unit)]).toEqual([result, deviation, out]);
});

test("a deviation is shown with its sign", () => {
  expect([fraction(1, 4), fraction(-1, 2), fraction(0)].map((off) => formatDeviation(off, "in"))).toEqual(["+1/4", "−1/2", "0"]);
});

const BODIES = cases<{ refused: [string, unknown][]; kept: [unknown, Body][] }>("bodies");

test.each(BODIES.refused)("refused at %s", (place, raw) => {
  let found = "";
  try {
    parseEvent(raw);
  } catch (refused) {
    if (refused instanceof EventRefused) found = refused.place;
  }
  expect(found).toBe(place);
});

test("bodies are kept in the server's spelling", () => {
  for (const [raw, body] of BODIES.kept) expect(parseEvent(raw).body).toEqual(body);
});

interface Counting {
  why: string;
  plan: PlanSnapshot;
  settings: CountingSettings;
  events: unknown[];
  counts: unknown[];
}

test.each(cases<Counting[]>("counting"))("counting: $why", ({ plan, settings, events, counts }) => {
  const found = countDefects(applyEvents(events.map(parseEvent)), plan, settings);
  expect(found.map((one) => [one.severity, one.found, one.accept, one.reject, one.needsSecondSample])).toEqual(counts);
  for (const one of found) expect(one.isRejected).toBe(one.reject !== null && one.found >= one.reject);
});

test.each(cases<{ why: string; plan: PlanSnapshot; lines: unknown[] }[]>("sampling"))("sampling: $why", ({ plan, lines }) => {
  expect(planLines(plan).map((line) => [line.severity, line.aql, line.letter, line.samples.map((one) => [one.size, one.accept, one.reject])])).toEqual(lines);
});

interface FourPoint {
  points: [string, Unit, number][];
  holes: [string, Unit, HoleRule, number][];
  area: { points: number; length: string; width: string; system: string; per_100: string }[];
  rolls: { length: string; flaws: [string, number, string | null][]; points: number; uncapped: number; bins: [number, number][] }[];
  off_roll: [string, string | null, string][];
}

test("four points", () => {
  const four = cases<FourPoint>("four_point");
  for (const [length, unit, points] of four.points) expect([length, unit, pointsFor(length, unit)]).toEqual([length, unit, points]);
  for (const [length, unit, rule, points] of four.holes) expect([length, unit, pointsForHole(length, unit, rule)]).toEqual([length, unit, points]);
  for (const { points, length, width, system, per_100 } of four.area) {
    const per100 = system === "yd_in" ? per100SquareYards : per100SquareMetres;
    expect(rounded(per100(points, parseMeasure(length), parseMeasure(width)))).toBe(per_100);
  }
  for (const roll of four.rolls) {
    const found = rollPoints(roll.flaws.map(([at, points, runsTo]) => ({ at, points, runsTo })), roll.length);
    expect([found.points, found.uncapped, [...found.perBin]]).toEqual([roll.points, roll.uncapped, roll.bins]);
  }
  for (const [at, runsTo, length] of four.off_roll) expect(() => rollPoints([{ at, points: 1, runsTo }], length)).toThrow("on the roll");
});

interface Endline {
  why: string;
  taps: Body[];
  checked: number;
  open: number;
  hours: [number, number][];
}

test.each(cases<(Endline & Record<"dhu" | "rft" | "alter" | "reject", string | null>)[]>("endline"))("endline: $why", (day) => {
  const tally = tallyOf(day.taps);
  const rates = ratesOf(tally);
  expect([tally.checked, tally.openAlters, [...byHour(day.taps)].map(([hour, one]) => [hour, one.checked])]).toEqual([day.checked, day.open, day.hours]);
  for (const name of ["dhu", "rft", "alter", "reject"] as const) expect(rates[name] && rounded(rates[name])).toBe(day[name]);
});

test("a recheck needs an open alter; less than none may stay as it is", () => {
  expect([isBeyondOpen(1, -1), isBeyondOpen(0, -1), isBeyondOpen(-2, 0), isBeyondOpen(-2, 1), isBeyondOpen(-2, -1)]).toEqual([false, true, false, false, true]);
});

test.each(cases<{ why: string; visits: Visit[]; lights: unknown[] }[]>("roving"))("roving: $why", ({ visits, lights }) => {
  for (const order of [visits, [...visits].reverse()]) {
    const found = lightsOf(order).map((one) => [
      one.operator, one.operation, one.colour, one.defects, one.history,
      one.dueAt === null ? null : new Date(one.dueAt).toISOString().replace(".000", ""), one.openActions,
    ]);
    expect(found).toEqual(lights);
  }
});

let made = 0;
const recorded = (kind: string, body: Body): RecordedEvent =>
  parseEvent({ id: `018f3b1c-7a2e-7c1d-9b4f-${(made += 1).toString(16).padStart(12, "0")}`, kind, at: "2026-03-14T09:30:00Z", by: "u1", device: "d", body });

test("the draw is ready at everything made and four fifths packed, from the confirmation or from all counts", () => {
  const ordered = [{ colour: "Navy", size: "M", quantity: 60 }, { colour: "Navy", size: "L", quantity: 40 }];
  const said = (kind: string, ...bodies: Body[]) => readiness(applyEvents(bodies.map((body) => recorded(kind, body))), ordered, 100);
  expect(said("readiness_confirmed", { made: 100, packed: 80 }).isReady).toBe(true);
  expect(said("readiness_confirmed", { made: 100, packed: 79 }).shortfalls).toEqual([{ what: "packed", why: "too_few" }]);
  expect(said("readiness_confirmed", { made: 99, packed: 80 }).shortfalls).toEqual([{ what: "made", why: "too_few" }]);
  expect(said("readiness_confirmed", { made: 106, packed: 100 }).shortfalls).toEqual([{ what: "made", why: "too_many" }]);
  expect(said("quantity_counted", { colour: "Navy", size: "M", made: 60, packed: 60 }).made).toBe(null);
  expect(said("quantity_counted", { colour: "Navy", size: "M", made: 60, packed: 60 }, { colour: "Navy", size: "L", made: 40, packed: 20 }).isReady).toBe(true);
});

test("measured pieces are judged by the chart of their size and wash", () => {
  const points = [
    { code: "P01", unit: "cm" as Unit, tol_minus: "1", tol_plus: "1", critical: true, spec: { M: "50" } },
    { code: "P02", unit: "cm" as Unit, tol_minus: "0.5", tol_plus: "0.5", spec: { M: "20" } },
    { code: "P01", unit: "cm" as Unit, tol_minus: "1", tol_plus: "1", wash: "after", spec: { M: "48" } },
  ];
  const piece = (piece_no: number, pom: string, value: string, more: Body = {}) => recorded("piece_measured", { piece_no, size: "M", pom, value, unit: "cm", ...more });
  const state = applyEvents([piece(1, "P01", "51"), piece(1, "P02", "20.6"), piece(2, "P01", "48.9"), piece(2, "P01", "48.9", { wash: "after" }), piece(2, "P09", "1")]);
  expect(chartOf(points).get("M|after")?.length).toBe(1);
  expect(measuredSummary(state, points)).toEqual({
    pieces: 3, pointsMeasured: 4, pointsOut: 2, piecesWithAnyOut: 2, piecesWithCriticalOut: 1, pointsOutPct: fraction(50),
  });
});
