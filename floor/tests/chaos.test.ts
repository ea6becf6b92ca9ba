// Three phones, clocks half an hour apart, a network that drops, repeats and delays: what the server holds in the end
// is the set of what was recorded, whatever happened on the way.
import { expect, test } from "vitest";
import { digest, type RecordedEvent } from "../src/core/events";
import { applyEvents } from "../src/core/state";
import { seeded, tap } from "./histories";
import { Server, type Asked } from "./server";
import { enrolled, until, type Fate, type Phone } from "./worlds";

const HISTORIES = 300;
// On a busy machine fewer are played, but never fewer than these: FLOOR_CHAOS=whole plays all of them however long it takes.
const BOX_MS = process.env.FLOOR_CHAOS === "whole" ? 600_000 : 10_000;
const LEAST = 30;
const LANES = 6;

// Some requests that arrived are delivered once more, much later and out of order.
function weather(server: Server, random: () => number): (asked: Asked) => Fate {
  const late: Asked[] = [];
  return (asked) => {
    if (!asked.path.startsWith("/api/")) return "through";
    if (late.length && random() < 0.3) server.answer(late.splice(Math.floor(random() * late.length), 1)[0]!);
    if (asked.method === "POST" && asked.path.endsWith("/events") && random() < 0.3) late.push(asked);
    const roll = random();
    return roll < 0.15 ? "cut_before" : roll < 0.3 ? "cut_after" : roll < 0.4 ? "twice" : roll < 0.45 ? 503 : "through";
  };
}

test(`up to ${HISTORIES} histories`, async () => {
  const end = Date.now() + BOX_MS;
  const played = await Promise.all(Array.from({ length: LANES }, (_v, lane) => laneOf(lane, end)));
  expect(played.reduce((all, one) => all + one, 0)).toBeGreaterThanOrEqual(LEAST);
}, BOX_MS + 90_000);

async function laneOf(lane: number, end: number): Promise<number> {
  let played = 0;
  const server = new Server();
  const phones: Phone[] = [];
  for (const [place, minutes] of [-30, 0, 30].entries()) {
    server.person = { id: `u${place}`, name: `P ${place}`, language: "en" };
    phones.push(await enrolled(server, { offset: minutes * 60_000 }));
  }
  for (let history = lane; history < HISTORIES && (history < LEAST || Date.now() < end); history += LANES, played += 1) await play(server, phones, history);
  for (const at of phones) at.floor.close();
  return played;
}

async function play(server: Server, phones: Phone[], history: number): Promise<void> {
  const random = seeded(history);
  const pk = `i${history}`;
  server.inspections = [pk];
  for (const at of phones) await at.floor.takeDown(() => undefined);
  const made = new Map<string, RecordedEvent>();
  for (const at of phones) at.fate = weather(server, random);
  for (let number = 0; number < 4 + random() * 8; number += 1) {
    const at = phones[Math.floor(random() * 3)]!;
    for (const event of await tap(at.floor.inspection(pk), random, () => new Blob([`photo ${pk} ${number}`], { type: "image/jpeg" }))) made.set(event.id, event);
    // Now and then a phone takes down what the others sent, and then corrects their records too.
    if (random() < 0.2) await at.floor.takeDown(() => undefined).catch(() => undefined);
  }
  for (const at of phones) at.fate = () => "through";
  for (const at of phones) {
    at.told[0]!.online(true);
    await until(() => at.floor.inspection(pk).status.value.kind === "safe", 20_000);
  }
  const there = server.of(pk);
  expect([history, [...there.keys()].sort()]).toEqual([history, [...made.keys()].sort()]);
  for (const event of made.values()) expect(digest(there.get(event.id)!)).toBe(digest(event));
  expect(server.hash(pk)).toBe(applyEvents(made.values()).contentHash);
  for (const event of made.values()) if (event.kind === "photo_attached") expect(server.files.has(event.body.sha256 as string)).toBe(true);
}
