// What the screens work out by themselves: words in both languages, a signature's path, questions asked, barcodes.
import { describe, expect, test } from "vitest";
import type { Item } from "../core/types";
import { bn } from "../words/bn";
import { en } from "../words/en";
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
