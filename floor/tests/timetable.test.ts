import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Outcome } from "../src/core/sync";
import { Timetable } from "../src/core/timetable";

let passes: number;
let outcome: Outcome;
let isOnline: boolean;

beforeEach(() => {
  vi.useFakeTimers();
  [passes, outcome, isOnline] = [0, { kind: "later", afterMs: 0 }, true];
});
afterEach(() => void vi.useRealTimers());

function timetable(random = 0.5): Timetable {
  const pass = (): Promise<Outcome> => {
    passes += 1;
    return Promise.resolve(outcome);
  };
  return new Timetable({ random: () => random, isOnline: () => isOnline }, { pass }, () => Promise.resolve());
}

// Milliseconds until the next pass.
async function wait(): Promise<number> {
  const before = passes;
  for (let ms = 0; ms <= 400_000; ms += 250) {
    if (passes > before) return ms;
    await vi.advanceTimersByTimeAsync(250);
  }
  return Infinity;
}

test("it waits 1 s, 2 s, 4 s and so on up to 5 minutes, spread by a quarter to both sides", async () => {
  const plan = timetable();
  plan.wake();
  const waits: number[] = [];
  for (let i = 0; i < 10; i += 1) waits.push(await wait());
  expect(waits).toEqual([1000, 2000, 4000, 8000, 16_000, 32_000, 64_000, 128_000, 256_000, 300_000].map((ms) => ms));
  for (const [random, first] of [[0, 750], [1, 1250]] as const) {
    timetable(random).wake();
    expect(await wait()).toBe(first);
  }
});

test("a record does not hurry a retry, the network coming back does and begins anew", async () => {
  const plan = timetable();
  plan.wake();
  for (let i = 0; i < 6; i += 1) await wait();
  const before = passes;
  plan.wake();
  await vi.advanceTimersByTimeAsync(0);
  expect(passes).toBe(before);
  plan.wakeAtOnce();
  await vi.advanceTimersByTimeAsync(0);
  expect(passes).toBe(before + 1);
  expect(await wait()).toBe(1000);
});

test("what the server asks to wait is waited", async () => {
  outcome = { kind: "later", afterMs: 60_000 };
  timetable().wake();
  expect(await wait()).toBe(60_000);
});

test("without a network nothing is tried; a record during a pass is sent by the next", async () => {
  isOnline = false;
  const plan = timetable();
  plan.wake();
  await vi.advanceTimersByTimeAsync(500);
  expect(passes).toBe(0);
  [isOnline, outcome] = [true, { kind: "done" }];
  plan.wakeAtOnce();
  plan.wake();
  plan.wake();
  await vi.advanceTimersByTimeAsync(0);
  expect(passes).toBe(2);
  expect(await wait()).toBe(Infinity);
});
