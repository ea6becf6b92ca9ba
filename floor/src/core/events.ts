// Events of an inspection: made, read strictly and fingerprinted as goldseal/inspections/rules/events.py does.
import { BODIES, listOf, objectOf, own, pattern, Refused, text, uuid7 as isUuid7, type Fields } from "../rules/bodies";
import { sha256Hex } from "./sha256";

export type Body = Readonly<Record<string, unknown>>;

export interface RecordedEvent {
  readonly id: string;
  readonly kind: string;
  readonly at: string;
  readonly by: string;
  readonly device: string;
  readonly body: Body;
  readonly supersedes: readonly string[];
}

// What may not stand in an event: `place` is a path such as body.pieces.
export class EventRefused extends Error {
  constructor(
    readonly place: string,
    readonly allowed: string,
  ) {
    super(`${place} ${allowed}`);
  }
}

// One id was used for two different events; neither may silently win.
export class EventMismatch extends Error {
  constructor(readonly eventId: string) {
    super(`Event ${eventId} was already received with different content; give a new event a new id`);
  }
}

const ENVELOPE: Fields = {
  id: { check: isUuid7 },
  kind: { check: (value) => value },
  at: { check: pattern(/^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z$/, "an instant in UTC such as 2026-03-14T09:30:00Z") },
  by: { check: text(64) },
  device: { check: text(64) },
  body: { check: (value) => value },
  supersedes: { check: listOf(isUuid7, 100), optional: true, default: [] },
};

// The event in the spelling in which the server keeps it: defaults filled in, text trimmed, lists in order.
export function parseEvent(raw: unknown): RecordedEvent {
  try {
    const envelope = objectOf(ENVELOPE, raw) as unknown as RecordedEvent;
    const fields = typeof envelope.kind === "string" && own(BODIES, envelope.kind) ? BODIES[envelope.kind] : undefined;
    if (!fields) throw new Refused(`must be one of ${Object.keys(BODIES).join(", ")}`, ".kind");
    const event = { ...envelope, body: inBody(fields, envelope.body) };
    across(event);
    return event;
  } catch (refused) {
    if (refused instanceof Refused) throw new EventRefused(refused.place.replace(/^\./, "") || "event", refused.allowed);
    throw refused;
  }
}

function inBody(fields: Fields, body: unknown): Body {
  try {
    return objectOf(fields, body);
  } catch (refused) {
    throw refused instanceof Refused ? new Refused(refused.allowed, `.body${refused.place}`) : refused;
  }
}

function across(event: RecordedEvent): void {
  if (event.supersedes.includes(event.id)) throw new Refused("must not name the event itself", ".supersedes");
  if (event.kind === "event_withdrawn" && !event.supersedes.length) throw new Refused("must name the events that are withdrawn", ".supersedes");
  if (event.kind === "submitted" && event.supersedes.length) throw new Refused("must be empty: a submission is final", ".supersedes");
  if (event.kind === "defect_recorded" && event.body.piece_no !== undefined && event.body.pieces !== 1) {
    throw new Refused("must be 1 where piece_no names the piece", ".body.pieces");
  }
}

// The canonical JSON of RFC 8785 for what events hold: text, whole numbers, switches, lists, objects.
export function canonical(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const kept = value as Record<string, unknown>;
  const names = Object.keys(kept).sort();
  return `{${names.map((name) => `${JSON.stringify(name)}:${canonical(kept[name])}`).join(",")}}`;
}

const digests = new WeakMap<RecordedEvent, string>();

// SHA-256 in hex over the canonical JSON of the record.
export function digest(event: RecordedEvent): string {
  let found = digests.get(event);
  if (found === undefined) digests.set(event, (found = sha256Hex(canonical(recordOf(event)))));
  return found;
}

function recordOf({ id, kind, at, by, device, body, supersedes }: RecordedEvent): Record<string, unknown> {
  return { id, kind, at, by, device, body, supersedes };
}

// The events by id, in order of id. A repeated event counts once; a false repeat throws EventMismatch.
export function uniqueEvents(events: Iterable<RecordedEvent>): Map<string, RecordedEvent> {
  const known = new Map<string, RecordedEvent>();
  for (const event of events) {
    const earlier = known.get(event.id);
    if (earlier === undefined) known.set(event.id, event);
    else if (earlier !== event && digest(earlier) !== digest(event)) throw new EventMismatch(event.id);
  }
  return inOrder(known);
}

// Ids made on one device ascend already; sorting is only for what came from several.
function inOrder(known: Map<string, RecordedEvent>): Map<string, RecordedEvent> {
  let last = "";
  for (const id of known.keys()) {
    if (id < last) return new Map([...known].sort(([a], [b]) => (a < b ? -1 : 1)));
    last = id;
  }
  return known;
}

// SHA-256 in hex over a set of events: lines "id digest\n" in order of id.
export function setHash(events: Iterable<RecordedEvent>): string {
  return hashInOrder(uniqueEvents(events).values());
}

export function hashInOrder(events: Iterable<RecordedEvent>): string {
  let lines = "";
  for (const event of events) lines += `${event.id} ${digest(event)}\n`;
  return sha256Hex(lines);
}

let last = 0n;

// Ascending on this device even within one millisecond and where its clock is put back.
export function uuid7(now: number = Date.now()): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  // 48 bits of milliseconds and 12 bits that count within one.
  const instant = BigInt(Math.trunc(now)) << 12n;
  last = instant > last ? instant : last + 1n;
  let stamp = last >> 12n;
  for (let i = 5; i >= 0; i -= 1, stamp >>= 8n) bytes[i] = Number(stamp & 255n);
  bytes[6] = 0x70 | Number((last >> 8n) & 15n);
  bytes[7] = Number(last & 255n);
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
