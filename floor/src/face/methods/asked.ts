// Which questions of a checklist are asked and which answers fail: the twin of goldseal/inspections/rules/checklists.py.
import type { Item } from "../../core/types";
import { compare, plainNumber } from "../../rules/fraction";

export type Answer = Readonly<Record<string, unknown>> | null;

// Where the body of an answer keeps the value of each kind.
export const FIELD: Record<Item["kind"], string> = { yes_no_na: "answer", number: "number", choice: "choice", text: "text", barcode: "barcode", photo: "photos" };

export function valueOf(item: Item, answer: Answer): string {
  if (item.kind === "photo") return String((answer?.photos as string[] | undefined)?.length || "");
  return String(answer?.[FIELD[item.kind]] ?? "");
}

// Asked are unconditional questions and those whose condition holds; a hidden question's answer opens nothing.
export function visibleItems(items: readonly Item[], answerOf: (key: string) => Answer): Item[] {
  const shown = new Map<string, Item>();
  for (const item of items) {
    const condition = item.only_if;
    if (condition) {
      const asked = shown.get(condition.key);
      if (!asked || !condition.is.includes(valueOf(asked, answerOf(condition.key)))) continue;
    }
    shown.set(item.key, item);
  }
  return [...shown.values()];
}

export function isFailing(item: Item, value: string): boolean {
  if (!value) return false;
  if (item.failing?.includes(value)) return true;
  if (item.kind !== "number" || !isNumber(value)) return false;
  const below = item.min !== null && item.min !== undefined && compare(plainNumber(value), plainNumber(item.min)) < 0;
  const above = item.max !== null && item.max !== undefined && compare(plainNumber(value), plainNumber(item.max)) > 0;
  return below || above;
}

export const isNumber = (text: string): boolean => /^[+-]?[0-9]{1,7}(\.[0-9]{1,6})?$/.test(text);
