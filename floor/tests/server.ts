// A server to test against: keeps what the real one keeps, by the rules of the contract and none of the app's own code
// but the reading of events.
import { createHash, createHmac, randomUUID } from "node:crypto";
import { digest, parseEvent, type RecordedEvent } from "../src/core/events";
import { applyEvents } from "../src/core/state";

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers: Headers;
  readonly body: Uint8Array;
}

interface Told {
  status: number;
  headers?: Record<string, string>;
  json?: unknown;
  bytes?: Uint8Array<ArrayBuffer>;
}

interface Upload {
  length: number;
  sha256: string;
  bytes: Uint8Array;
  isSilent: boolean;
}

export class Server {
  readonly events = new Map<string, Map<string, RecordedEvent>>();
  readonly files = new Map<string, Uint8Array>();
  readonly uploads = new Map<string, Upload>();
  readonly tokens = new Map<string, string>();
  readonly keys = new Map<string, { device_key: string; sign_key: string }>();
  readonly signatures = new Map<string, { pk: string; record_hash: string }>();
  readonly decided = new Set<string>();
  // Ids of every signature that was asked for, taken or not.
  readonly asked: string[] = [];
  readonly cancelled = new Set<string>();
  readonly log: string[] = [];
  inspections: string[] = [];
  isRevoked = false;
  // Takes photos and never says so of uploads begun meanwhile.
  isSilent = false;
  allowed: string[] = [];
  version = "1";
  oldest = "1";
  // Devices that are not registered any more.
  readonly unknown = new Set<string>();
  person = { id: "u1", name: "A B", language: "en" };
  // Pictures of defects, by the name in the day.
  readonly pictures = new Map<string, Uint8Array<ArrayBuffer>>();
  // Taps of a line that stay here when the day is taken down, by inspection.
  readonly leftOut = new Map<string, RecordedEvent[]>();

  answer(asked: Asked): Response {
    const told = this.route(asked);
    const headers = { "Content-Type": told.status < 400 ? "application/json" : "application/problem+json", ...told.headers };
    const isBare = asked.method === "HEAD" || told.status === 204 || told.status === 304;
    return new Response(isBare ? null : (told.bytes ?? JSON.stringify(told.json ?? {})), { status: told.status, headers });
  }

  hash(pk: string): string {
    return applyEvents(this.of(pk).values()).contentHash;
  }

  of(pk: string): Map<string, RecordedEvent> {
    let found = this.events.get(pk);
    if (!found) this.events.set(pk, (found = new Map()));
    return found;
  }

  private route(asked: Asked): Told {
    const { method, path } = asked;
    this.log.push(`${method} ${path}`);
    const said = (): Record<string, never> => JSON.parse(new TextDecoder().decode(asked.body)) as Record<string, never>;
    if (path === "/floor/me") return { status: 200, json: { person: { ...this.person, has_pin: true }, workspaces: [{ slug: "w", name: "W", role: "inspector" }], csrf: "c" } };
    if (path === "/floor/enrol") return this.enrol(said());
    if (path === "/floor/contact") return this.contact(said());
    const by = this.tokens.get((asked.headers.get("Authorization") ?? "").replace("Bearer ", ""));
    if (!by || this.isRevoked) return { status: 401, json: { detail: "Sign in." } };
    if (path === "/api/v1/floor/day") return this.day(by, asked);
    const picture = /^\/api\/v1\/floor\/pictures\/([^/]+)$/.exec(path);
    if (picture) return this.pictures.has(picture[1]!) ? { status: 200, bytes: this.pictures.get(picture[1]!)! } : { status: 404 };
    if (path.startsWith("/api/v1/files/upload")) return this.tus(asked);
    const record = asked.method === "GET" && /^\/api\/v1\/inspections\/([^/]+)\/events$/.exec(path);
    if (record) return { status: 200, json: { events: [...this.of(record[1]!).values()], content_hash: this.hash(record[1]!) } };
    const inspection = /^\/api\/v1\/inspections\/([^/]+)$/.exec(path);
    if (inspection) return { status: 200, json: { id: inspection[1], state: this.cancelled.has(inspection[1]!) ? "cancelled" : this.decided.has(inspection[1]!) ? "decided" : "in_progress" } };
    const act = /^\/api\/v1\/(?:floor\/)?inspections\/([^/]+)\/(events|sign|submit)$/.exec(path);
    if (!act) return { status: 404, json: { detail: "There is nothing here." } };
    if (act[2] === "events") return this.take(act[1]!, by, (said() as { events?: unknown[] }).events ?? []);
    return act[2] === "sign" ? this.sign(act[1]!, by, said()) : this.submit(act[1]!);
  }

  private enrol(said: Record<string, { id?: string; name?: string; secret?: string }>): Told {
    const person = this.person;
    if (this.unknown.has(said.device?.id ?? "")) return refusal(422, "Refused", [{ at: "device", message: "This device is not registered here any more." }]);
    const id = said.device?.id ?? randomUUID();
    const token = `gs_${person.id}_${randomUUID()}`;
    for (const [old, holder] of this.tokens) if (holder === person.id) this.tokens.delete(old);
    this.tokens.set(token, person.id);
    this.allowed = [...new Set([...this.allowed, person.id])];
    const device_key = this.keys.get(id)?.device_key ?? Buffer.from(sha(`device ${id}`)).toString("base64url");
    const sign_key = Buffer.from(sha(`sign ${id} ${person.id}`)).toString("base64url");
    this.keys.set(id, { device_key, sign_key });
    this.keys.set(`${id} ${person.id}`, { device_key, sign_key });
    const workspace = { id: "w1", slug: "w", name: "W", time_zone: "Asia/Dhaka", language: "en" };
    return {
      status: 201,
      json: { device: { id, secret: "s", name: said.device?.name ?? "T" }, person, workspace, token, device_key, sign_key, policy: { idle_minutes: 5, wipe_days: 14, digits: 6 } },
    };
  }

  private contact(_said: object): Told {
    if (this.isRevoked) return { status: 200, json: { state: "revoked" } };
    return {
      status: 200,
      json: { state: "active", server_time: new Date().toISOString(), newest_version: this.version, oldest_version: this.oldest, policy: { idle_minutes: 5, wipe_days: 14, digits: 6 }, holders: this.allowed },
    };
  }

  private day(by: string, asked: Asked): Told {
    const inspections = this.inspections.map((id) => ({
      left_out: this.leftOut.has(id) ? { events: this.leftOut.get(id)!.length, bodies: this.leftOut.get(id)!.map((one) => one.body) } : null,
      id, code: id, stage: "FIN", method: "aql", state: "planned", verdict: "pending", lot_size: 100, sample_size: 20, planned_on: "2026-03-14", ready_at: null,
      plan: { lot_size: 100, level: "II", inspection: "normal", plans: {}, units_to_inspect: 20, is_full_inspection: false }, rules: {}, ordered: [], points: [], checklist: {},
      cartons: [], drawn: [{ carton: 1, pieces: [1] }], draw_hidden: true, events: [...this.of(id).values()].filter((one) => !this.leftOut.get(id)?.includes(one)),
    }));
    const defects = [...this.pictures].map(([id, { length }], place) => ({ code: `SW0${place + 1}`, family: "SW", name_en: id, name_bn: "", note_en: "", note_bn: "", severity: "major", is_legal: false, picture: { id, size: length } }));
    const etag = `"${Buffer.from(sha(JSON.stringify([inspections, defects]))).toString("hex")}"`;
    if (asked.headers.get("If-None-Match") === etag) return { status: 304 };
    return { status: 200, headers: { ETag: etag }, json: { made_at: "2026-03-14T00:00:00Z", person: { id: by }, workspace: {}, inspections, defects, severities: {}, settings: { today: "2026-03-14", attestation: { version: "3", statement: "I may", is_confirmed: false } } } };
  }

  // Pieces of 99 are refused by name, of 98 without one.
  private take(pk: string, by: string, raw: unknown[]): Told {
    const known = this.of(pk);
    const [fresh, repeated] = [new Map<string, RecordedEvent>(), [] as string[]];
    const errors: { at: string; message: string }[] = [];
    for (const [place, one] of raw.entries()) {
      const event = parseEvent(one);
      if (digest(event) !== digest(one as RecordedEvent)) return refusal(422, "The event was not spelled as it is kept");
      if (event.by !== by) return refusal(403, "An event can be sent only by the person who recorded it.");
      if (event.body.pieces === 99) errors.push({ at: `events[${place}].body.pieces`, message: "99 is refused" });
      if (event.body.pieces === 98) return refusal(422, "Something is refused");
      const earlier = known.get(event.id) ?? fresh.get(event.id);
      if (!earlier) fresh.set(event.id, event);
      else if (digest(earlier) !== digest(event)) return refusal(409, "This id was used for another event");
      else repeated.push(event.id);
    }
    if (errors.length) return refusal(422, "Refused", errors);
    const absent = [...fresh.values()].flatMap((event) => (event.body.photos as string[] | undefined) ?? (event.kind === "photo_attached" ? [event.body.sha256 as string] : [])).filter((one) => !this.files.has(one));
    if (absent.length) return refusal(422, "Photos", [{ at: "photos", message: `These photos have not been received yet: ${absent.map((one) => one.slice(0, 12)).join(", ")}.` }]);
    for (const event of fresh.values()) known.set(event.id, event);
    return { status: 200, json: { accepted: [...fresh.keys()], repeated, verdict: "pending", content_hash: this.hash(pk), summary: {} } };
  }

  private sign(pk: string, by: string, said: Record<string, string>): Told {
    this.asked.push(said.id ?? "");
    const earlier = this.signatures.get(said.id ?? "");
    const event = { id: said.id, kind: "signed", at: said.at, by, device: "server", body: { printed_name: "A B", role: said.role, meaning: said.meaning, set_hash: said.record_hash }, supersedes: [] };
    if (earlier) return { status: 200, json: { event } };
    const key = [...this.keys].find(([name]) => name.endsWith(` ${by}`))?.[1].sign_key ?? "";
    const lines = ["goldseal.floor-sign/1", pk, said.id, said.role, said.meaning, said.at, said.record_hash].join("\n");
    if (createHmac("sha256", Buffer.from(key, "base64url")).update(lines).digest("hex") !== said.proof) return refusal(422, "The proof is wrong");
    if (said.record_hash !== this.hash(pk)) return refusal(409, "The record has changed since; read it and sign again.");
    this.signatures.set(said.id ?? "", { pk, record_hash: said.record_hash ?? "" });
    this.of(pk).set(event.id ?? "", parseEvent(event));
    return { status: 201, json: { event } };
  }

  private submit(pk: string): Told {
    if (this.decided.has(pk)) return refusal(409, "This inspection is decided already.");
    this.decided.add(pk);
    return { status: 200, json: { accepted: [], repeated: [], verdict: "pass", content_hash: this.hash(pk), summary: {} } };
  }

  private tus({ method, path, headers, body }: Asked): Told {
    const base = { "Tus-Resumable": "1.0.0" };
    if (method === "POST") {
      const said = Object.fromEntries((headers.get("Upload-Metadata") ?? "").split(",").map((pair) => pair.split(" "))) as Record<string, string>;
      const id = randomUUID();
      this.uploads.set(id, { length: Number(headers.get("Upload-Length")), sha256: Buffer.from(said.sha256 ?? "", "base64").toString(), bytes: new Uint8Array(), isSilent: this.isSilent });
      return { status: 201, headers: { ...base, Location: `${path}/${id}`, "Upload-Offset": "0" } };
    }
    const found = this.uploads.get(path.split("/").at(-1) ?? "");
    if (!found) return { status: 404, headers: base };
    if (method === "PATCH") {
      if (Number(headers.get("Upload-Offset")) !== found.bytes.length) return { status: 409, headers: base };
      found.bytes = Buffer.concat([found.bytes, body]);
    }
    const isWhole = found.bytes.length === found.length;
    if (isWhole && Buffer.from(sha(found.bytes)).toString("hex") !== found.sha256) return { status: 460, headers: base };
    if (isWhole) this.files.set(found.sha256, found.bytes);
    const state = { ...base, "Upload-Offset": String(found.bytes.length), "Upload-Length": String(found.length), ...(isWhole && !found.isSilent ? { "Goldseal-Attachment": "a1" } : {}) };
    return { status: method === "HEAD" ? 200 : 204, headers: state };
  }
}

function refusal(status: number, detail: string, errors: object[] = []): Told {
  return { status, json: { type: "urn:x", title: "No", status, detail, errors } };
}

export function sha(what: string | Uint8Array): Uint8Array {
  return createHash("sha256").update(what).digest();
}
