// A tap registers at once also late in the day: 2 000 defects and 300 photos on the device.
import { expect, test } from "vitest";
import { applyEvents } from "../src/core/state";
import { countDefects } from "../src/rules/counting";
import { Server } from "./server";
import { enrolled } from "./worlds";

const median = (times: number[]): number => [...times].sort((a, b) => a - b)[times.length >> 1]!;

test("a tap", async () => {
  const server = new Server();
  server.inspections = ["i1"];
  const at = await enrolled(server);
  at.fate = () => "cut_before";
  const handle = at.floor.inspection("i1");
  const record = (): Promise<unknown> => handle.record("defect_recorded", { code: "SW03", severity: "major", zone: "A" });
  for (let i = 0; i < 300; i += 1) await handle.addPhoto(new Blob([new Uint8Array(1000).fill(i & 255), `${i}`]), "packing");
  for (let i = 0; i < 2000; i += 1) await record();
  const taps: number[] = [];
  for (let i = 0; i < 60; i += 1) {
    const begun = performance.now();
    await record();
    taps.push(performance.now() - begun);
  }
  const events = [...handle.state.value.known.values()];
  const time = (act: () => unknown): number => median(Array.from({ length: 15 }, () => {
    const begun = performance.now();
    act();
    return performance.now() - begun;
  }));
  const plan = handle.detail.value.plan as never;
  const figures = {
    record: median(taps),
    state: time(() => handle.state.value.with({ ...events[0]!, id: "ffffffff-ffff-7fff-bfff-ffffffffffff" })),
    whole: time(() => applyEvents(events)),
    count: time(() => countDefects(handle.state.value, plan)),
    hash: time(() => applyEvents(events).contentHash),
  };
  if (process.env.FLOOR_FIGURES) console.info(Object.fromEntries(Object.entries(figures).map(([name, ms]) => [name, `${ms.toFixed(2)} ms`])));
  // Wide of the 8 ms that are wanted of it, as this machine is shared.
  expect(figures.record).toBeLessThan(30);
  at.floor.close();
}, 30_000);
