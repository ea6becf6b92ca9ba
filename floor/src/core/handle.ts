// One inspection in the hands of one person: its record as it stands, and the few ways to add to it.
import { computed, signal, type ReadonlySignal, type Signal } from "@preact/signals-core";
import { readiness } from "../rules/readiness";
import { uuid7, type RecordedEvent } from "./events";
import type { Author, Recorder } from "./recorder";
import { applyEvents, type State } from "./state";
import type { Status } from "./status";
import { photoKey, type ActRow, type Store } from "./store";
import type { FloorInspection, KeptAct, SignatureWanted } from "./types";
import { proofOf } from "./vault";

export interface Desk {
  readonly store: Store;
  readonly recorder: Recorder;
  readonly now: () => number;
  // Who records; throws Locked where nobody has unlocked.
  author(): Author;
  // The signing key of the person, for one moment; throws WrongPin.
  signKey(pin: string): Promise<string>;
  language(): "en" | "bn";
  // Something was recorded: counted, told to the other tabs and sent.
  recorded(pk: string, count: number): void;
  moved(pk: string): Promise<void>;
  // The inspection with every event that the server has; throws NotTakenDown.
  whole(pk: string): Promise<FloorInspection>;
}

export interface RecordOptions {
  readonly supersedes?: readonly string[];
  readonly photos?: readonly Blob[];
}

const EMPTY = applyEvents([]);

// A signature or submission as far as it is known here; `hash` is the record that a signature binds to.
interface KnownAct extends Pick<ActRow, "id" | "by" | "kind" | "sending"> {
  readonly hash: string;
}

export class Handle {
  readonly detail: Signal<FloorInspection>;
  readonly state: Signal<State> = signal(EMPTY);
  // Which cartons are drawn may be seen only when enough is made and packed.
  readonly isDrawVisible: ReadonlySignal<boolean>;
  // The record that the person's own signature binds to, kept here or on the server; "" without one.
  readonly signedHash: ReadonlySignal<string>;
  // The submission is on its way or arrived; a refused signature takes it back, as it cannot go before that.
  readonly handedIn: ReadonlySignal<boolean>;
  // The record is read from the device.
  readonly ready: Promise<void>;
  private readonly acts: Signal<readonly KnownAct[]> = signal([]);
  // A handle lives as long as one person has unlocked.
  private readonly person: string;

  constructor(
    private readonly desk: Desk,
    readonly pk: string,
    detail: FloorInspection,
    readonly status: ReadonlySignal<Status>,
  ) {
    this.detail = signal(detail);
    this.person = desk.author().by;
    this.isDrawVisible = computed(() => this.mayShowDraw());
    this.signedHash = computed(() => this.latestSignature());
    this.handedIn = computed(() => this.isHandedIn());
    this.ready = this.reload();
    // Whoever records waits for it and is told; here it must not end the page.
    this.ready.catch(() => undefined);
  }

  // Resolves when the event and its photos are on the disk.
  async record(kind: string, body: object, options: RecordOptions = {}): Promise<RecordedEvent> {
    await this.ready;
    const author = this.desk.author();
    const photos = await Promise.all((options.photos ?? []).map((photo) => this.desk.recorder.take(this.pk, photo, author)));
    const before = (body as { photos?: string[] }).photos ?? [];
    const whole = photos.length ? { ...body, photos: [...new Set([...before, ...photos.map((photo) => photo.sha256)])] } : body;
    const event = await this.desk.recorder.record(this.pk, { kind, body: whole, supersedes: options.supersedes ?? [] }, photos, author);
    this.state.value = this.state.peek().with(event);
    this.desk.recorded(this.pk, 1 + photos.length);
    return event;
  }

  // Nothing is wiped out: a later record says that the former does not hold. What the server refused is set aside.
  async undo(event: RecordedEvent): Promise<void> {
    const row = await this.desk.store.events.get(event.id);
    if (row?.sending === "refused") {
      await this.desk.store.events.update(event.id, { sending: "aside" });
      await this.reload();
      return this.desk.moved(this.pk);
    }
    await this.record("event_withdrawn", { reason: "Tapped by mistake" }, { supersedes: [event.id] });
  }

  async addPhoto(blob: Blob, section: string, caption = ""): Promise<string> {
    await this.ready;
    const author = this.desk.author();
    const photo = await this.desk.recorder.take(this.pk, blob, author);
    const said = caption.trim() ? { [`caption_${this.desk.language()}`]: caption } : {};
    const event = await this.desk.recorder.record(this.pk, { kind: "photo_attached", body: { sha256: photo.sha256, section, ...said } }, [photo], author);
    this.state.value = this.state.peek().with(event);
    this.desk.recorded(this.pk, 2);
    return photo.sha256;
  }

  // Null where the picture was taken elsewhere, or was sent and then removed to free space.
  async photo(sha256: string): Promise<Blob | null> {
    const key = photoKey(this.pk, sha256);
    const [row, blob] = await Promise.all([this.desk.store.photos.get(key), this.desk.store.blobs.get(key)]);
    if (!row || !blob) return null;
    return new Blob([await this.desk.author().vault.openBytes(blob, `photo ${key}`)], { type: row.type });
  }

  // Bound to the record as it stands now; the server confirms it when it holds the same.
  async sign(pin: string, meaning: string, drawn: string): Promise<void> {
    await this.ready;
    const author = this.desk.author();
    const signKey = await this.desk.signKey(pin);
    // A signature binds to the whole record, also to the taps of a line that were left on the server.
    if (this.detail.peek().left_out) {
      this.detail.value = await this.desk.whole(this.pk);
      await this.reload();
    }
    const said = { id: uuid7(this.desk.now()), role: "inspector" as const, meaning: meaning.trim(), at: new Date(this.desk.now()).toISOString(), record_hash: this.state.peek().contentHash };
    const body: SignatureWanted = { ...said, drawn, proof: await proofOf(signKey, this.pk, said) };
    await this.act({ id: said.id, kind: "sign", body }, author);
  }

  async submit(): Promise<void> {
    await this.ready;
    const author = this.desk.author();
    await this.act({ id: uuid7(this.desk.now()), kind: "submit", body: { device: `floor:${author.device.slice(0, 8)}` } }, author);
  }

  // The record anew from the device: what the server had, then what was recorded here.
  async reload(): Promise<void> {
    const { store } = this.desk;
    const { vault } = this.desk.author();
    const all = await store.events.where("inspection").equals(this.pk).toArray();
    const aside = new Set(all.filter((row) => row.sending === "aside").map((row) => row.id));
    const rows = all.filter((row) => !aside.has(row.id));
    // A damaged row is told by the status of the inspection; the rest is shown.
    const opened = await Promise.all(rows.map((row) => vault.openJson<RecordedEvent>(row, `event ${row.id}`).catch(() => null)));
    const local = opened.filter((event) => event !== null);
    const kept = await this.keptActs();
    const known = new Map<string, RecordedEvent>();
    // What was recorded while this was being read is among those shown already.
    const shown = [...this.state.peek().known.values()].filter((event) => !aside.has(event.id));
    const signed = kept.flatMap((act) => (act.event ? [act.event] : []));
    // Where one id names two events the server's stands: the other was refused and is told apart by its status.
    for (const event of [...(this.detail.peek().events ?? []), ...local, ...signed, ...shown]) if (!known.has(event.id)) known.set(event.id, event);
    this.state.value = applyEvents(known.values());
  }

  private async keptActs(): Promise<KeptAct[]> {
    const { vault } = this.desk.author();
    const rows = await this.desk.store.acts.where("inspection").equals(this.pk).toArray();
    const kept = await Promise.all(rows.map((row) => vault.openJson<KeptAct>(row, `act ${row.id}`)));
    this.acts.value = rows.map(({ id, by, kind, sending }, place) => ({ id, by, kind, sending, hash: (kept[place]!.body as Partial<SignatureWanted>).record_hash ?? "" }));
    return kept;
  }

  // One that the server has taken is in the record itself, where it may also have been withdrawn.
  private latestSignature(): string {
    const waiting = this.acts.value.filter((act) => act.kind === "sign" && act.by === this.person && isUnderWay(act) && !this.state.value.known.has(act.id));
    const heads = this.state.value.ofKind("signed").flatMap((entry) => entry.heads.filter((event) => event.kind === "signed" && event.by === this.person));
    const all = [...waiting, ...heads.map((event) => ({ id: event.id, hash: String(event.body.set_hash) }))];
    return all.sort((a, b) => (a.id < b.id ? 1 : -1))[0]?.hash ?? "";
  }

  private isHandedIn(): boolean {
    if (this.state.value.submission || this.detail.value.state === "decided") return true;
    const acts = this.acts.value;
    return acts.some((act) => act.kind === "submit" && isUnderWay(act)) && !acts.some((act) => act.kind === "sign" && act.sending === "refused");
  }

  // A former signature or submission that the server refused makes room for the new one.
  private async act({ id, kind, body }: { id: string; kind: ActRow["kind"]; body: object }, author: Author): Promise<void> {
    const { store } = this.desk;
    const sealed = await author.vault.sealJson({ body, event: null } satisfies KeptAct, `act ${id}`);
    const row: ActRow = { id, inspection: this.pk, by: author.by, kind, sending: "unsent", reason: "", ...sealed };
    await store.transaction("rw", store.acts, async () => {
      const former = store.acts.where("inspection").equals(this.pk).filter((act) => act.kind === kind && act.by === author.by && act.sending !== "sent");
      await former.delete();
      await store.acts.add(row);
    });
    await this.keptActs();
    this.desk.recorded(this.pk, 0);
    await this.desk.moved(this.pk);
  }

  private mayShowDraw(): boolean {
    const { ready_at, ordered, lot_size, rules, draw_hidden } = this.detail.value;
    return Boolean(ready_at) || draw_hidden === false || readiness(this.state.value, ordered, lot_size, rules).isReady;
  }
}

function isUnderWay(act: KnownAct): boolean {
  return act.sending === "unsent" || act.sending === "sent";
}
