// Three phones in node against the real server, their clocks half an hour apart, through a network that is rough until
// a history's end. Bundled and started by tests/journeys/test_floor_chaos.py: a `Play` comes in on stdin, a `Played` for
// each history goes out on stdout, one a line.
import "fake-indexeddb/auto";
import { crc32, deflateSync } from "node:zlib";
import type { RecordedEvent } from "../src/core/events";
import type { Handle } from "../src/core/handle";
import { seeded, tap } from "./histories";
import { PIN, realPhone, type Real } from "./real_phone";
import { until } from "./worlds";

interface History {
  readonly seed: number;
  readonly pk: string;
}

interface Play {
  readonly rough: string;
  readonly calm: string;
  readonly workspace: string;
  readonly password: string;
  // Cookies of three people, each signed in on the web, for every lane.
  readonly lanes: readonly (readonly string[])[];
  readonly histories: readonly History[];
  // When no further history is begun.
  readonly seconds: number;
}

interface Played extends History {
  readonly events: readonly RecordedEvent[];
  readonly states: readonly string[];
  readonly isHandedIn: boolean;
}

const CLOCKS = [-30, 0, 30];
const HEALED_MS = 60_000;

async function lane(phones: Real[], left: History[], end: number): Promise<void> {
  while (left.length && Date.now() < end) tell(await history(phones, left.shift()!));
  for (const at of phones) at.floor.close();
}

async function history(phones: Real[], { seed, pk }: History): Promise<Played> {
  const random = seeded(seed);
  const made = new Map<string, RecordedEvent>();
  for (const at of phones) await at.floor.takeDown(() => undefined);
  const handles = phones.map((at) => at.floor.inspection(pk));
  for (const at of phones) at.isRough = true;
  const signer = random() < 0.5 ? Math.floor(random() * 3) : -1;
  const taps = 4 + Math.floor(random() * 8);
  const signedAfter = Math.floor(taps * (0.3 + random() * 0.7));
  for (let number = 0; number < taps; number += 1) {
    if (number === signedAfter && signer >= 0) await handIn(handles[signer]!);
    const place = Math.floor(random() * 3);
    // Who has signed goes on only once the record is handed in: a tap of the own hand would undo the signature.
    if (number >= signedAfter && place === signer) continue;
    for (const event of await tap(handles[place]!, random, () => photo(random))) made.set(event.id, event);
    if (random() < 0.2) await phones[place]!.floor.takeDown(() => undefined).catch(() => undefined);
    if (random() < 0.3) await new Promise((go) => setTimeout(go, random() * 60));
  }
  for (const at of phones) at.isRough = false;
  const settled = async (place: number): Promise<string> => {
    const kind = (): string => handles[place]!.status.value.kind;
    await until(() => poked(phones[place]!) && !phones[place]!.floor.isSending && ["safe", "needs"].includes(kind()), HEALED_MS).catch(() => {
      throw new Error(`history ${seed}: phone ${place} says ${JSON.stringify(handles[place]!.status.value)}`);
    });
    return kind();
  };
  for (let place = 0; place < 3; place += 1) await settled(place);
  // Others recorded while the signature was under way: the person looks at the whole and signs again.
  for (let again = 0; signer >= 0 && again < 5 && (await settled(signer)) === "needs"; again += 1) {
    await phones[signer]!.floor.takeDown(() => undefined);
    await handIn(handles[signer]!);
  }
  const events = [...made.values()].filter((event) => event.kind !== "signed" && event.kind !== "submitted");
  return { seed, pk, events, states: handles.map((handle) => handle.status.value.kind), isHandedIn: signer >= 0 };
}

async function handIn(handle: Handle): Promise<void> {
  await handle.sign(PIN, "Inspected by me", "M0 0L1 1");
  await handle.submit();
}

let poke = 0;

// As a phone does whose network is back, a few times a second.
function poked(at: Real): true {
  if (!at.floor.isSending && Date.now() - poke > 100) {
    poke = Date.now();
    at.told[0]!.online(true);
  }
  return true;
}

// A picture of its own for each: random dots as PNG, large enough to be cut in the middle.
function photo(random: () => number): Blob {
  const edge = 24 + Math.floor(random() * 60);
  const rows = Buffer.alloc(edge * (1 + edge * 3), 0);
  for (let row = 0; row < edge; row += 1) for (let at = 1; at <= edge * 3; at += 1) rows[row * (1 + edge * 3) + at] = Math.floor(random() * 256);
  const head = Buffer.alloc(13);
  head.writeUInt32BE(edge, 0);
  head.writeUInt32BE(edge, 4);
  head.set([8, 2, 0, 0, 0], 8);
  const parts = [part("IHDR", head), part("IDAT", deflateSync(rows)), part("IEND", Buffer.alloc(0))];
  return new Blob([new Uint8Array(Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), ...parts]))], { type: "image/png" });
}

function part(name: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(name, "latin1"), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

function tell(what: Played): void {
  process.stdout.write(`${JSON.stringify(what)}\n`);
}

async function main(): Promise<void> {
  let said = "";
  for await (const piece of process.stdin) said += String(piece);
  const play = JSON.parse(said) as Play;
  const end = Date.now() + play.seconds * 1000;
  const left = [...play.histories];
  const lanes: Real[][] = [];
  // One after another: who signs in for the first time chooses the PIN.
  for (const cookies of play.lanes) {
    const phones: Real[] = [];
    for (const [place, cookie] of cookies.entries()) phones.push(await realPhone({ ...play, cookie, offset: CLOCKS[place]! * 60_000 }));
    lanes.push(phones);
  }
  await Promise.all(lanes.map((phones) => lane(phones, left, end)));
  process.exit(0);
}

main().catch((failed: unknown) => {
  process.stderr.write(`${failed instanceof Error ? failed.stack : String(failed)}\n`);
  process.exit(1);
});
