// Sending what was recorded: per inspection photos first, then events, then signature, then submission.
// It may be cut at any moment and begun again: only what the server has acknowledged by name is marked as sent.
import type { Table } from "dexie";
import type { RecordedEvent } from "./events";
import { bearer, call, post, type Answer, type Fetch } from "./http";
import { type ActRow, type EventRow, type PhotoRow, type QueuedRow, type Store } from "./store";
import type { KeptAct } from "./types";
import type { Uploaded } from "./upload";
import { Damaged, type Vault } from "./vault";

export const BATCH = 500;
const LOCK = "goldseal-floor-sync";
const DAMAGED = new Damaged().message;

// Two tabs of one device: the second finds the lock taken and leaves the work to the first.
export interface Locks {
  request<T>(name: string, options: { ifAvailable: true }, act: (lock: unknown) => Promise<T>): Promise<T>;
}

export interface Around {
  readonly store: Store;
  readonly fetch: Fetch;
  readonly locks: Locks;
  // Loaded only when a photo waits: the first screen does not carry tus.
  readonly uploader: () => Promise<typeof import("./upload")>;
  readonly vault: () => Vault | null;
  // The counts of this inspection changed; `sending` while it is being sent.
  readonly moved: (pk: string, sending: { done: number; of: number } | null) => void;
  // A signature or submission was taken, and with it an event that the server made; or it was refused.
  readonly acted: (pk: string) => void;
}

export type Outcome = { readonly kind: "done" | "elsewhere" | "locked" } | { readonly kind: "later"; readonly afterMs: number } | { readonly kind: "sign_in" };

// Thrown to end a pass: without network there is nothing to try with the next inspection.
class Down extends Error {
  constructor(readonly afterMs: number) {
    super("The server cannot be reached");
  }
}

class Locked extends Error {}

export class Sender {
  private readonly tokens = new Map<string, string>();
  private readonly closed = new Map<string, boolean>();
  private isToWait = false;
  private mustSignIn = false;

  constructor(private readonly around: Around) {}

  // One attempt at everything that waits.
  async pass(): Promise<Outcome> {
    return this.around.locks.request(LOCK, { ifAvailable: true }, async (lock) => (lock ? this.everything() : { kind: "elsewhere" }));
  }

  private async everything(): Promise<Outcome> {
    this.tokens.clear();
    this.closed.clear();
    this.isToWait = this.mustSignIn = false;
    try {
      for (const pk of [...(await this.around.store.inspectionsWith("unsent"))].sort()) await this.inspection(pk);
    } catch (reason) {
      if (reason instanceof Down) return { kind: "later", afterMs: reason.afterMs };
      if (reason instanceof Locked) return { kind: "locked" };
      throw reason;
    }
    if (this.mustSignIn) return { kind: "sign_in" };
    return this.isToWait ? { kind: "later", afterMs: 0 } : { kind: "done" };
  }

  private async inspection(pk: string): Promise<void> {
    const { store, moved } = this.around;
    const counts = await Promise.all(store.queues.map((table) => store.countOf(table, pk, "unsent")));
    const progress = { done: 0, of: counts.reduce((all, one) => all + one, 0) };
    const step = (count: number): void => {
      progress.done += count;
      moved(pk, { ...progress });
    };
    try {
      step(0);
      await this.photos(pk, step);
      await this.events(pk, step);
      await this.acts(pk, step);
    } finally {
      moved(pk, null);
    }
  }

  private async photos(pk: string, step: (count: number) => void): Promise<void> {
    for (const photo of await this.unsent<PhotoRow>(this.around.store.photos, pk)) {
      const token = await this.token(photo.by);
      if (!token) continue;
      const sent = await this.photo(photo, token);
      if (sent.kind === "kept") {
        await this.mark(this.around.store.photos, [photo.key], "sent");
        step(1);
      } else if (sent.kind === "refused") await this.mark(this.around.store.photos, [photo.key], "refused", sent.sentence);
      else if (sent.kind === "sign_in") await this.signInAgain(photo.by);
      else {
        if (sent.isLost) await this.around.store.photos.update(photo.key, { uploadUrl: "" });
        if (sent.isDown) throw new Down(0);
        this.isToWait = true;
      }
    }
  }

  private async photo(photo: PhotoRow, token: string): Promise<Uploaded> {
    const { store, fetch, uploader } = this.around;
    const blob = await store.blobs.get(photo.key);
    if (!blob) return { kind: "refused", sentence: "This photo is no longer on this phone." };
    const bytes = await this.readable(this.vault().openBytes(blob, `photo ${photo.key}`));
    if (!bytes) return { kind: "refused", sentence: DAMAGED };
    const begun = async (url: string): Promise<void> => void (await store.photos.update(photo.key, { uploadUrl: url }));
    // Where its script cannot be loaded the other records go out nevertheless.
    const { upload } = await uploader().catch(() => ({ upload: null }));
    if (!upload) return { kind: "later", isDown: false, isLost: false };
    const attests = (await store.read<string>(`attests ${photo.by}`)) ?? "";
    return upload({ attests, bytes: new Blob([bytes]), sha256: photo.sha256, type: photo.type, url: photo.uploadUrl }, { endpoint: "/api/v1/files/upload", headers: bearer(token), fetch, begun });
  }

  private async events(pk: string, step: (count: number) => void): Promise<void> {
    const rows = (await this.unsent<EventRow>(this.around.store.events, pk)).sort((a, b) => a.seq - b.seq);
    const held = await this.photosNotThere(pk);
    const events = await this.opened(rows);
    const ready = events.filter((event) => !photosOf(event).some((sha256) => held.has(sha256)));
    for (const by of new Set(ready.map((event) => event.by))) {
      const own = ready.filter((event) => event.by === by);
      for (let start = 0; start < own.length; start += BATCH) await this.batch(pk, by, own.slice(start, start + BATCH), step);
    }
  }

  private async batch(pk: string, by: string, events: RecordedEvent[], step: (count: number) => void): Promise<void> {
    const token = await this.token(by);
    if (!token || !events.length) return;
    const answer = await post(this.around.fetch, `/api/v1/inspections/${pk}/events`, { events, is_late: true }, bearer(token));
    if (answer.kind === "ok") {
      const { accepted, repeated } = answer.json as { accepted?: string[]; repeated?: string[] };
      const known = new Set([...(accepted ?? []), ...(repeated ?? [])]);
      const acknowledged = events.filter((event) => known.has(event.id)).map((event) => event.id);
      await this.mark(this.around.store.events, acknowledged, "sent");
      step(acknowledged.length);
      if (acknowledged.length < events.length) this.isToWait = true;
      return;
    }
    if (answer.kind !== "refused") return this.wait(answer, by);
    if (answer.errors.some((error) => error.at === "photos") && (await this.sendPhotosAgain(pk, answer.sentence))) return;
    return this.apart(pk, by, events, answer, step);
  }

  // A refusal must not hold back the rest: those that are named are set apart, else each half is tried alone.
  private async apart(pk: string, by: string, events: RecordedEvent[], answer: Answer & { kind: "refused" }, step: (count: number) => void): Promise<void> {
    const named = new Set(answer.errors.map((error) => Number(/^events\[(\d+)\]/.exec(error.at)?.[1] ?? -1)));
    const guilty = events.length === 1 ? events : events.filter((_event, place) => named.has(place));
    if (guilty.length) {
      await this.mark(this.around.store.events, guilty.map((event) => event.id), "refused", answer.sentence);
      return this.batch(pk, by, events.filter((event) => !guilty.includes(event)), step);
    }
    if (await this.isClosed(pk, by)) return this.mark(this.around.store.events, events.map((event) => event.id), "refused", answer.sentence);
    const middle = events.length >> 1;
    await this.batch(pk, by, events.slice(0, middle), step);
    await this.batch(pk, by, events.slice(middle), step);
  }

  // Where the inspection itself takes nothing any more there is no need to try each event.
  private async isClosed(pk: string, by: string): Promise<boolean> {
    const known = this.closed.get(pk);
    if (known !== undefined) return known;
    const answer = await call(this.around.fetch, `/api/v1/inspections/${pk}`, { headers: bearer(await this.token(by)) });
    if (answer.kind === "later") throw new Down(answer.afterMs);
    const isClosed = answer.kind === "refused" || (answer.kind === "ok" && answer.json.state === "cancelled");
    this.closed.set(pk, isClosed);
    return isClosed;
  }

  private async acts(pk: string, step: (count: number) => void): Promise<void> {
    const { store } = this.around;
    const acts = await this.unsent<ActRow>(store.acts, pk);
    acts.sort((a, b) => Number(a.kind === "submit") - Number(b.kind === "submit"));
    for (const act of acts) {
      // A signature binds to the record, a submission to the signed record: whatever is missing goes first.
      const waiting = [store.events, store.photos, ...(act.kind === "submit" ? [store.acts] : [])] as unknown as Table<QueuedRow>[];
      const open = await Promise.all(waiting.flatMap((table) => [store.countOf(table, pk, "unsent"), store.countOf(table, pk, "refused")]));
      if (open.reduce((all, one) => all + one, 0) > (act.kind === "submit" ? 1 : 0)) return;
      const token = await this.token(act.by);
      if (!token) return;
      const answer = act.kind === "sign" ? await this.sign(pk, act, token) : await this.submit(pk, act, token);
      if (answer.kind === "ok") {
        await this.done(act, answer.json);
        this.around.acted(pk);
        step(1);
      } else if (answer.kind === "refused") {
        await this.mark(store.acts, [act.id], "refused", answer.sentence);
        this.around.acted(pk);
      } else await this.wait(answer, act.by);
    }
  }

  private async sign(pk: string, act: ActRow, token: string): Promise<Answer> {
    const { body } = await this.vault().openJson<KeptAct>(act, `act ${act.id}`);
    return post(this.around.fetch, `/api/v1/floor/inspections/${pk}/sign`, body, bearer(token));
  }

  // The server answers a signature with the event it made of it; it belongs to the record here too.
  private async done(act: ActRow, json: Record<string, unknown>): Promise<void> {
    const { body } = await this.vault().openJson<KeptAct>(act, `act ${act.id}`);
    const event = typeof json.event === "object" ? json.event : null;
    const sealed = await this.vault().sealJson({ body, event }, `act ${act.id}`);
    await this.around.store.acts.update(act.id, { ...sealed, sending: "sent", reason: "" });
  }

  // The answer to a submission may get lost, so where it is refused the inspection is asked whether it was taken.
  private async submit(pk: string, act: ActRow, token: string): Promise<Answer> {
    const { body } = await this.vault().openJson<KeptAct>(act, `act ${act.id}`);
    const answer = await post(this.around.fetch, `/api/v1/inspections/${pk}/submit`, body, bearer(token));
    if (answer.kind !== "refused") return answer;
    const now = await call(this.around.fetch, `/api/v1/inspections/${pk}`, { headers: bearer(token) });
    if (now.kind === "ok") return now.json.state === "decided" ? now : answer;
    return now.kind === "later" ? now : answer;
  }

  private async wait(answer: Answer & { kind: "later" | "sign_in" }, by: string): Promise<void> {
    if (answer.kind === "sign_in") return this.signInAgain(by);
    if (answer.isDown || answer.afterMs) throw new Down(answer.afterMs);
    this.isToWait = true;
  }

  // The server has lost photos that it had (it was put back from a copy): they go again from here.
  private async sendPhotosAgain(pk: string, sentence: string): Promise<boolean> {
    const named = (await this.around.store.photos.where("inspection").equals(pk).toArray()).filter(
      (photo) => photo.sending === "sent" && sentence.includes(photo.sha256.slice(0, 12)),
    );
    await this.around.store.photos.bulkUpdate(named.map((photo) => ({ key: photo.key, changes: { sending: "unsent", uploadUrl: "" } })));
    if (named.length) this.isToWait = true;
    return named.length > 0;
  }

  private async opened(rows: EventRow[]): Promise<RecordedEvent[]> {
    const opened = await Promise.all(rows.map((row) => this.readable(this.vault().openJson<RecordedEvent>(row, `event ${row.id}`))));
    await this.mark(this.around.store.events, rows.filter((_row, place) => !opened[place]).map((row) => row.id), "refused", DAMAGED);
    return opened.filter((event) => event !== null);
  }

  // Null for a row that was damaged on the disk: it must not hold back the others.
  private async readable<T>(opening: Promise<T>): Promise<T | null> {
    return opening.catch((failed: unknown) => {
      if (failed instanceof Damaged) return null;
      throw failed;
    });
  }

  private async photosNotThere(pk: string): Promise<Set<string>> {
    const { store } = this.around;
    const waiting = await store.photos.where("inspection").equals(pk).filter((photo) => photo.sending !== "sent").toArray();
    return new Set(waiting.map((photo) => photo.sha256));
  }

  private async signInAgain(by: string): Promise<void> {
    this.tokens.set(by, "");
    this.mustSignIn = true;
    await this.around.store.holders.update(by, { mustSignIn: true });
  }

  private async token(by: string): Promise<string> {
    const kept = this.tokens.get(by);
    if (kept !== undefined) return kept;
    const holder = await this.around.store.holders.get(by);
    const token = holder && !holder.mustSignIn ? await this.vault().openJson<string>(holder.token, `token ${by}`) : "";
    this.tokens.set(by, token);
    if (!token) this.mustSignIn = true;
    return token;
  }

  private vault(): Vault {
    const vault = this.around.vault();
    if (!vault) throw new Locked();
    return vault;
  }

  private async unsent<T>(table: unknown, pk: string): Promise<T[]> {
    return (table as Table<T>).where("[inspection+sending]").equals([pk, "unsent"]).toArray();
  }

  private async mark(table: unknown, keys: string[], sending: QueuedRow["sending"], reason = ""): Promise<void> {
    if (keys.length) await (table as Table<QueuedRow, string>).where(":id").anyOf(keys).modify({ sending, reason });
  }
}

function photosOf(event: RecordedEvent): string[] {
  const several = (event.body.photos as string[] | undefined) ?? [];
  return event.kind === "photo_attached" ? [...several, String(event.body.sha256)] : several;
}

