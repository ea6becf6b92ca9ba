// What the screens work out by themselves: words in both languages, a signature's path, questions asked, barcodes.
import { describe, expect, test } from "vitest";
import type { Item } from "../core/types";
import { bn } from "../words/bn";
import { en } from "../words/en";
import { inChartUnit, otherUnit } from "./inspection/units";
import { calibrationsDue, leftToRerun, metalRule } from "./methods/due";
import { parseMeasure } from "../rules/fraction";
import { pathOf } from "./inspection/stroke";
import { isFailing, visibleItems, type Answer } from "./methods/asked";
import { isGtin, isStrange } from "./methods/gtin";

describe("words", () => {
  const named = (words: string): string[] => [...words.matchAll(/\{(\w+)\}/g)].map(([, name]) => name!).sort();

  test("both languages say the same sentences with the same values", () => {
    expect(Object.keys(bn).sort()).toEqual(Object.keys(en).sort());
    for (const [key, words] of Object.entries(en)) expect([key, named(bn[key as keyof typeof en])]).toEqual([key, named(words)]);
  });

  test("Bangla is written in Bangla", () => {
    const latin = Object.entries(bn).filter(([, words]) => !/[\u0980-\u09ff]/.test(words));
    expect(latin.map(([key]) => key)).toEqual([]);
  });
});

describe("a signature's path", () => {
  const stroke = (n: number) => ({ points: Array.from({ length: n }, (_, place) => ({ x: place % 600, y: (place * 7) % 200 })) });

  test("fits the box of 300 by 100 and the server's limit, from the first point to the last", () => {
    const path = pathOf([stroke(40_000)], 600, 200);
    expect(path.length).toBeLessThanOrEqual(20_000);
    expect(path).toMatch(/^M0 0(L[0-9.]+ [0-9.]+)+$/);
    const numbers = [...path.matchAll(/[ML]([0-9.]+) ([0-9.]+)/g)].map(([, x, y]) => [Number(x), Number(y)] as const);
    expect(Math.max(...numbers.map(([x]) => x))).toBeLessThanOrEqual(300);
    expect(Math.max(...numbers.map(([, y]) => y))).toBeLessThanOrEqual(100);
    expect(numbers[numbers.length - 1]).toEqual([(39_999 % 600) / 2, ((39_999 * 7) % 200) / 2]);
  });

  test("is empty where nothing was drawn", () => expect(pathOf([], 300, 100)).toBe(""));
});

describe("a checklist", () => {
  const items: Item[] = [
    { key: "a", section: "packing", label_en: "A", label_bn: "", kind: "yes_no_na", failing: ["no"] },
    { key: "b", section: "packing", label_en: "B", label_bn: "", kind: "number", min: "10", max: "12.5", only_if: { key: "a", is: ["yes"] } },
    { key: "c", section: "packing", label_en: "C", label_bn: "", kind: "text", only_if: { key: "b", is: ["11"] } },
  ];
  const asked = (answers: Record<string, Answer>): string[] => visibleItems(items, (key) => answers[key] ?? null).map((item) => item.key);

  test("asks what the answers so far open; the answer to a hidden question opens nothing", () => {
    expect(asked({})).toEqual(["a"]);
    expect(asked({ a: { answer: "yes" } })).toEqual(["a", "b"]);
    expect(asked({ a: { answer: "yes" }, b: { number: "11" } })).toEqual(["a", "b", "c"]);
    expect(asked({ a: { answer: "no" }, b: { number: "11" } })).toEqual(["a"]);
  });

  test("fails a failing answer and a number outside its range; both limits are allowed", () => {
    expect(isFailing(items[0]!, "no")).toBe(true);
    expect(isFailing(items[0]!, "na")).toBe(false);
    expect(["9.99", "10", "12.5", "12.51"].map((value) => isFailing(items[1]!, value))).toEqual([true, false, false, true]);
    expect(isFailing(items[1]!, "")).toBe(false);
  });
});

describe("barcodes", () => {
  // 5901234123457 is the example of the EAN-13 article; 036000291452 that of the UPC-A one.
  test("knows a GTIN by its check digit", () => {
    expect(["5901234123457", "5901234123450", "036000291452", "12345"].map(isGtin)).toEqual([true, false, true, false]);
  });

  test("takes a UPC-A for the EAN-13 with a zero before it", () => {
    expect(isStrange("036000291452", ["0036000291452"])).toBe(false);
    expect(isStrange("5901234123457", ["0036000291452"])).toBe(true);
    expect(isStrange("5901234123450", undefined)).toBe(true);
    expect(isStrange("LOT-7", undefined)).toBe(false);
  });
});

// The rules and numbers are those of goldseal/inspections/rules/metal.py, worked out by hand.
describe("metal detection", () => {
  const ALL = Array.from({ length: 9 }, () => true);
  const FAILED = [...ALL.slice(1), false];
  const card = (hour: number, points = ALL, card_kind = "ferrous", machine = "A") => ({ machine, hour, card_kind, card_mm: "1.2", points });
  const passed = (hour: number, pieces: number, machine = "A") => ({ machine, hour, pieces });
  const due = (stage: Record<string, unknown>, cards: ReturnType<typeof card>[], scans: ReturnType<typeof passed>[], hour: number): string[] =>
    calibrationsDue(cards, scans, metalRule(stage), { machine: "A", hour }).map((one) => `${one.machine} ${one.hour} ${one.kind}`);

  test("asks by the stage's interval, for hours that ran and the hour that runs", () => {
    expect(due({ interval_minutes: 60 }, [card(9)], [passed(9, 5), passed(10, 5)], 11)).toEqual(["A 10 ferrous", "A 11 ferrous"]);
    expect(due({ interval_minutes: 120 }, [card(9)], [passed(9, 5), passed(10, 5)], 11)).toEqual(["A 11 ferrous"]);
    expect(due({}, [card(9)], [], 9)).toEqual([]);
  });

  test("asks for every kind of card, and over midnight where the shift runs so", () => {
    expect(due({ card_mm: "1.0", card_stainless_mm: "2.0" }, [card(9)], [], 9)).toEqual(["A 9 stainless"]);
    expect(metalRule({ card_non_ferrous_mm: "1.5" }).cards).toEqual({ non_ferrous: "1.5" });
    expect(due({ shift: [22, 2] }, [card(22), card(23)], [], 0)).toEqual(["A 0 ferrous"]);
  });

  test("a failed card holds what passed since the last good one until it ran again through a good detector", () => {
    const rule = metalRule({});
    const cards = [card(8), card(10, FAILED)];
    const scans = [passed(8, 100), passed(9, 200), passed(10, 50), passed(9, 70, "B")];
    expect(leftToRerun(cards, scans, [], rule)).toEqual([{ machine: "A", hour: 10, kind: "ferrous", pieces: 350 }]);
    expect(leftToRerun(cards, scans, [passed(10, 350)], rule)[0]?.pieces).toBe(350);
    expect(leftToRerun([...cards, card(11)], scans, [passed(11, 300)], rule)[0]?.pieces).toBe(50);
    expect(leftToRerun([...cards, card(11)], scans, [passed(11, 350)], rule)).toEqual([]);
  });
});

describe("a measure in another unit", () => {
  const point = { code: "P", name_en: "", name_bn: "", unit: "cm" as const, tol_minus: "1", tol_plus: "1", spec: { S: "52" } };

  test("is asked about only where it is far out here and near in the other unit", () => {
    expect(otherUnit(point, "S", parseMeasure("20 1/2"))).toBe("in");
    expect(otherUnit(point, "S", parseMeasure("520"))).toBe("mm");
    expect(["52", "40", "26", "90"].map((value) => otherUnit(point, "S", parseMeasure(value)))).toEqual([null, null, null, null]);
  });

  test("is written as the chart's tape reads", () => {
    expect(inChartUnit(parseMeasure("20 1/2"), "in", "cm")).toBe("52.07");
    expect(inChartUnit(parseMeasure("52"), "cm", "in")).toBe("20 1/2");
  });
});
