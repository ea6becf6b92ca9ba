import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { digest, EventMismatch, parseEvent, uuid7, type RecordedEvent } from "../src/core/events";
import { sha256Hex } from "../src/core/sha256";
import { applyEvents, State } from "../src/core/state";
import { cases } from "./cases";

interface History {
  name: string;
  events: unknown[];
  digests: Record<string, string>;
  expected: { entries: unknown[]; addenda: string[]; missing: string[]; problems: string[][]; content_hash: string };
}

const HISTORIES = cases<History[]>("state");

function shown(state: State): History["expected"] {
  const entries = [...state.entries.values()].flatMap((ofKind) => [...ofKind.values()]);
  return {
    entries: entries.map((entry) => [entry.kind, entry.key, entry.headIds, entry.value, entry.isConflict]),
    addenda: state.addenda.map((event) => event.id),
    missing: [...state.missing],
    problems: state.problems.map((problem) => [problem.path, problem.message]).sort((a, b) => (a.join("\0") < b.join("\0") ? -1 : 1)),
    content_hash: state.contentHash,
  };
}

test("the hash is SHA-256, across every length of a block", () => {
  for (let size = 0; size < 200; size += 1) {
    const text = "é".repeat(size);
    expect(sha256Hex(text)).toBe(createHash("sha256").update(text).digest("hex"));
  }
});

test.each(HISTORIES)("$name adds up to the expected state, whole, backwards, twice and one by one", (history) => {
  const events = history.events.map(parseEvent);
  for (const event of events) expect(digest(event)).toBe(history.digests[event.id]);
  expect(shown(applyEvents(events))).toEqual(history.expected);
  expect(shown(applyEvents([...events].reverse().concat(events)))).toEqual(history.expected);
  const grow = (some: RecordedEvent[]): State => some.reduce((state, event) => state.with(event), applyEvents([]));
  expect(shown(grow(events))).toEqual(history.expected);
  expect(shown(grow([...events].reverse()))).toEqual(history.expected);
});

test("one id with two contents is refused", () => {
  const one = parseEvent(HISTORIES[0]!.events[0]);
  expect(() => applyEvents([one, { ...one, device: "another" }])).toThrow(EventMismatch);
});

test("ids ascend within one millisecond and where the clock is put back", () => {
  const ids = [...Array.from({ length: 5000 }, () => uuid7(1_800_000_000_000)), uuid7(1_700_000_000_000)];
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids[0]).toMatch(/^01a3185c-5000-7000-[89ab]/);
});
