// What people tap at random, for tests of many histories.
import type { RecordedEvent } from "../src/core/events";
import type { Handle } from "../src/core/handle";

// A small generator with a seed, so that a failure can be run again.
export function seeded(seed: number): () => number {
  let state = seed + 0x9e3779b9;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

// Something is recorded, corrected or taken back; the events that this made.
export async function tap(handle: Handle, random: () => number, photo: () => Blob): Promise<RecordedEvent[]> {
  await handle.ready;
  const before = new Set(handle.state.value.known.keys());
  await (handle.detail.value.method === "endline" ? piece(handle, random) : finding(handle, random, photo));
  return [...handle.state.value.known.values()].filter((event) => !before.has(event.id));
}

async function finding(handle: Handle, random: () => number, photo: () => Blob): Promise<unknown> {
  const state = handle.state.value;
  const roll = random();
  const defects = state.ofKind("defect_recorded");
  const some = defects[Math.floor(random() * defects.length)];
  if (some && roll < 0.15) return handle.undo(some.heads[0]!);
  if (some && roll < 0.3) return handle.record("defect_recorded", { code: "FB01", severity: "minor" }, { supersedes: some.headIds });
  if (roll < 0.5) {
    const answer = random() < 0.5 ? "pass" : "fail";
    const supersedes = random() < 0.5 ? state.heads("check_answered", "packing", "carton_mark") : [];
    return handle.record("check_answered", { section: "packing", check: "carton_mark", answer }, { supersedes });
  }
  if (roll < 0.6) return handle.addPhoto(photo(), "packing");
  return handle.record("defect_recorded", { code: "SW03", severity: "major", note: `tap ${random()}` });
}

async function piece(handle: Handle, random: () => number): Promise<unknown> {
  const roll = random();
  const hour = 9 + Math.floor(random() * 3);
  const taps = handle.state.value.ofKind("pieces_tallied");
  const some = taps[Math.floor(random() * taps.length)];
  if (some && roll < 0.2) return handle.undo(some.heads[0]!);
  if (some && roll < 0.3) return handle.record("pieces_tallied", { hour, passed: 2 }, { supersedes: some.headIds });
  if (roll < 0.5) return handle.record("pieces_tallied", { hour, altered: 1, defects: [{ code: "SW03", zone: "A" }] });
  return handle.record("pieces_tallied", { hour, passed: 1 });
}
