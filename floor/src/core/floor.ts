// The one object the screens use: who has unlocked, the day's work, what waits to be sent, and how to leave.
import { batch, signal, type Signal } from "@preact/signals-core";
import { Contact, isOutdated } from "./contact";
import { exported } from "./export";
import { Handle, type Desk } from "./handle";
import { call, post, type Answer } from "./http";
import { asAttested, NotTakenDown, openDay, prune, takeDownDay, takeDownWhole } from "./pack";
import { openPicture, takeDownPictures } from "./pictures";
import { Pins, type Enrolled } from "./pins";
import { Recorder, type Author } from "./recorder";
import { Locked, Refused } from "./refusals";
import { takeBackSaved, type TakenBack } from "./saved";
import { Standings } from "./standing";
import { Store } from "./store";
import { Sender } from "./sync";
import { Timetable } from "./timetable";
import type { Day, Holder, Me, Registered, Session, Settings, Storage, Unsent } from "./types";
import { Vault } from "./vault";
import type { World } from "./world";

export const SETTINGS: Settings = { language: "en", digits: "latn", sound: true, vibration: true, contrast: "normal", theme: "auto" };

export class FloorCore {
  readonly session: Signal<Session | null> = signal(null);
  readonly day: Signal<Day | null> = signal(null);
  readonly online: Signal<boolean>;
  readonly storage: Signal<Storage> = signal({ used: 0, quota: 0, low: false, persisted: false });
  readonly settings: Signal<Settings> = signal(SETTINGS);
  readonly device: Signal<{ readonly name: string } | null> = signal(null);
  // What keeps this device from working as usual; unsent work is offered for saving before it is emptied.
  readonly trouble: Signal<null | "signin" | "revoked" | "space"> = signal(null);
  readonly update: Signal<boolean> = signal(false);
  // The server no longer works with this version: what waits is still sent, but no new day is taken down.
  readonly outdated: Signal<boolean> = signal(false);
  // Milliseconds by which the server's clock is ahead of this one; events keep the device's own time.
  readonly clockOffset: Signal<number> = signal(0);
  readonly ready: Promise<void>;

  private readonly store: Store;
  private readonly pins: Pins;
  private readonly recorder: Recorder;
  private readonly standings: Standings;
  private readonly timetable: Timetable;
  private readonly contact: Contact;
  private readonly desk: Desk;
  private readonly handles = new Map<string, Handle>();
  private vault: Vault | null = null;
  // Kept by the sender until its pass is over, so that a lock does not stop a photo in the middle.
  private keeper: Vault | null = null;
  private registered: Registered | null = null;
  private readonly endings: (() => void)[] = [];

  constructor(private readonly world: World) {
    this.online = signal(world.isOnline());
    this.store = new Store(world.database);
    this.pins = new Pins(this.store, world.iterations);
    this.recorder = new Recorder(this.store, world.now);
    this.standings = new Standings(this.store);
    this.desk = this.deskOf();
    const sender = new Sender({
      store: this.store,
      fetch: world.fetch,
      locks: world.locks,
      uploader: () => import("./upload"),
      vault: () => this.keeper,
      moved: (pk, sending) => {
        void this.standings.count(pk, sending).catch(() => undefined);
        if (!sending) this.world.tell(pk);
      },
      acted: (pk) => void this.handles.get(pk)?.reload().catch(() => undefined),
    });
    this.timetable = new Timetable(world, sender, (outcome) => this.passed(outcome));
    this.contact = new Contact(world, this.store, this.standings, () => this.registered, {
      revoked: () => this.mustEmpty(),
      offset: (ms) => (this.clockOffset.value = ms),
      newest: (isOlder) => (this.update.value ||= isOlder),
      oldest: async (level) => {
        await this.store.keep("oldest", level);
        this.heardOldest(level);
      },
      storage: (found) => (this.storage.value = found),
    });
    this.ready = this.start();
    this.ready.catch(() => undefined);
  }

  holders(): Promise<Holder[]> {
    return this.pins.holders();
  }

  async me(): Promise<Me | null> {
    const answer = await call(this.world.fetch, "/floor/me", { credentials: "same-origin" });
    return answer.kind === "ok" && answer.json.person ? (answer.json as unknown as Me) : null;
  }

  // Needs a web session. A new device is registered; one that is known gets one more person, or the same anew.
  async enrol(input: { workspace: string; pin: string; deviceName: string; password?: string }): Promise<void> {
    await this.ready;
    const me = await this.me();
    if (!me) throw new Refused("Sign in first, with a network.");
    const former = this.registered;
    if (former && former.workspace.slug !== input.workspace) throw new Refused(`This device belongs to ${former.workspace.name}; empty it first.`);
    const device = former ? { id: former.id, secret: former.secret, name: former.name } : { name: input.deviceName };
    const body = { workspace: input.workspace, device, pin: input.pin, version: this.world.version, ...(input.password ? { password: input.password } : {}) };
    const answer = await post(this.world.fetch, "/floor/enrol", body, { "X-CSRFToken": me.csrf }, { credentials: "same-origin" });
    if (answer.kind === "sign_in") throw new Refused("Sign in again.");
    if (answer.kind === "later") throw new Refused("The server cannot be reached.");
    if (former && isUnknownDevice(answer)) return this.enrolAnew({ ...input, deviceName: input.deviceName || former.name });
    if (answer.kind === "refused") throw new Refused(answer.sentence);
    await this.keepEnrolment(answer.json as unknown as Enrolled & { device: Registered; workspace: Session["workspace"]; policy: Session["policy"] }, input.pin);
  }

  async unlock(personId: string, pin: string): Promise<void> {
    await this.ready;
    const { device_key } = await this.pins.open(personId, pin);
    await this.enter(personId, await Vault.of(device_key));
  }

  lock(): void {
    batch(() => {
      this.vault = null;
      this.handles.clear();
      this.session.value = null;
      this.day.value = null;
    });
    if (!this.timetable.isSending) this.keeper = null;
  }

  async takeDown(progress: (done: number, of: number) => void): Promise<void> {
    const { person, vault } = this.opened();
    if (this.outdated.peek()) throw new NotTakenDown("outdated", "Update the app first; what was recorded is kept and sent.");
    const [token, fetch] = [await this.ownToken(), this.world.fetch];
    let before = 0;
    const isNew = await takeDownDay(this.store, vault, person.id, token, fetch, (done, of) => progress((before = done), of));
    const hasMore = await takeDownPictures(this.store, vault, person.id, token, fetch, (done, of) => progress(before + done, before + of));
    if (isNew || hasMore) await this.showDay(person.id, vault);
  }

  // What a defect looks like; null where it has no picture on this device.
  async picture(id: string): Promise<Blob | null> {
    return openPicture(this.store, this.opened().vault, id);
  }

  // The person's own entries out of a file that was saved here or elsewhere, sent as any others.
  async takeBack(file: Blob): Promise<TakenBack> {
    const taken = await takeBackSaved(file, this.store, this.recorder, this.opened());
    for (const pk of taken.inspections) {
      await this.standings.count(pk);
      await this.handles.get(pk)?.reload();
      this.world.tell(pk);
    }
    this.timetable.wakeAtOnce();
    return taken;
  }

  inspection(pk: string): Handle {
    let handle = this.handles.get(pk);
    if (!handle) {
      const detail = this.day.peek()?.inspections.find((one) => one.id === pk);
      if (!detail) throw new Error(`Inspection ${pk} is not on this device`);
      this.handles.set(pk, (handle = new Handle(this.desk, pk, detail, this.standings.status(pk))));
    }
    return handle;
  }

  // Asked for by the person: what the server refused is tried again too.
  syncNow(): void {
    void this.tryAgain().catch(() => undefined);
  }

  async attest(): Promise<void> {
    const { person } = this.opened();
    const day = this.day.peek();
    const version = day?.settings.attestation?.version;
    if (!version) return;
    await this.store.keep(`attests ${person.id}`, version);
    this.day.value = await asAttested(this.store, day, person.id);
  }

  // Pictures that the server has are removed from this device; how many bytes that frees.
  async freeSpace(): Promise<number> {
    const sent = (await this.store.photos.toArray()).filter((photo) => photo.sending === "sent");
    await this.store.blobs.bulkDelete(sent.map((photo) => photo.key));
    await this.contact.measure();
    return sent.reduce((all, photo) => all + photo.size, 0);
  }

  // The unsent work where there is any and it was not confirmed that it may go; null when the person is signed out.
  async signOut(confirmed = false): Promise<Unsent | null> {
    const { person, vault } = this.opened();
    const isLast = (await this.store.holders.count()) === 1;
    const unsent = await this.standings.unsent();
    const own = isLast ? unsent.inspections : await this.store.notSentBy(person.id);
    if (own && !confirmed) return unsent;
    if (isLast) {
      await this.wipe();
      return null;
    }
    for (const table of this.store.queues) await table.filter((row) => row.by === person.id && row.sending !== "sent").delete();
    await this.store.holders.delete(person.id);
    await this.store.packs.delete(person.id);
    await prune(this.store, vault);
    this.lock();
    return null;
  }

  // Everything that the server has not acknowledged, as one file that can be handed to the office.
  async exportUnsent(): Promise<Blob> {
    const { vault } = this.opened();
    return exported(this.store, vault, { device: this.registered?.id ?? "", made_at: new Date(this.world.now()).toISOString() });
  }

  // Forgotten first, so that an answer that is still on its way finds nobody to write for.
  async wipe(): Promise<void> {
    this.forgetDevice();
    await this.store.empty();
    this.world.tell("");
  }

  get isSending(): boolean {
    return this.timetable.isSending;
  }

  takeUpdate(): void {
    this.world.takeUpdate();
  }

  // For tests and for leaving the page: ends timers and closes the database. What is written is written.
  close(): void {
    for (const end of this.endings.splice(0)) end();
    this.timetable.stop();
    this.contact.stop();
    this.keeper = null;
    this.store.close();
  }

  private deskOf(): Desk {
    return {
      store: this.store,
      recorder: this.recorder,
      now: () => this.world.now(),
      author: () => this.opened(),
      signKey: async (pin) => (await this.pins.open(this.opened().person.id, pin)).sign_key,
      language: () => this.settings.peek().language,
      recorded: (pk, count) => {
        this.standings.recorded(pk, count);
        this.world.tell(pk);
        this.timetable.wake();
      },
      moved: (pk) => this.standings.count(pk),
      whole: async (pk) => takeDownWhole(this.store, this.opened().vault, this.inspection(pk).detail.peek(), await this.ownToken(), this.world.fetch),
    };
  }

  private async start(): Promise<void> {
    this.registered = (await this.store.read<Registered>("registered")) ?? null;
    this.settings.value = { ...SETTINGS, language: this.world.language, ...(await this.store.read<Settings>("settings")) };
    this.clockOffset.value = (await this.store.read<number>("clockOffset")) ?? 0;
    this.heardOldest((await this.store.read<string>("oldest")) ?? "");
    this.device.value = this.registered && { name: this.registered.name };
    this.endings.push(this.settings.subscribe((chosen) => void this.store.keep("settings", chosen).catch(() => undefined)));
    this.endings.push(
      ...this.world.watch({
        online: (isOnline) => {
          this.online.value = isOnline;
          if (isOnline) this.timetable.wakeAtOnce();
        },
        told: (pk) => this.otherTab(pk),
        idle: () => this.lock(),
        idleAfterMs: () => (this.session.peek()?.policy.idle_minutes ?? 0) * 60_000,
        newer: () => (this.update.value = true),
        mayTakeUpdate: async () => this.session.peek() === null && !(await this.standings.unsent()).inspections,
      }),
    );
    this.contact.start();
  }

  private async keepEnrolment(given: Enrolled & { device: Registered; workspace: Session["workspace"]; policy: Session["policy"] }, pin: string): Promise<void> {
    const { device, workspace, policy } = given;
    this.registered = { id: device.id, secret: device.secret, name: device.name, workspace, policy };
    await this.store.keep("registered", this.registered);
    const vault = await this.pins.add(given, pin);
    this.device.value = { name: device.name };
    if ((await this.store.holders.count()) === 1 && given.person.language === "bn") this.settings.value = { ...this.settings.peek(), language: "bn" };
    void this.world.persist().then(() => this.contact.measure());
    this.trouble.value = null;
    await this.enter(given.person.id, vault);
  }

  private async enter(personId: string, vault: Vault): Promise<void> {
    const holder = await this.store.holders.get(personId);
    if (!holder || !this.registered) throw new Locked();
    this.handles.clear();
    this.vault = this.keeper = vault;
    await this.showDay(personId, vault);
    const { workspace, policy } = this.registered;
    batch(() => {
      if (this.trouble.peek() !== "revoked") this.trouble.value = holder.mustSignIn ? "signin" : null;
      this.session.value = { person: { id: personId, name: holder.name, language: holder.language }, workspace, policy };
    });
    this.timetable.wakeAtOnce();
  }

  private async showDay(personId: string, vault: Vault): Promise<void> {
    const day = await openDay(this.store, vault, personId);
    for (const one of day?.inspections ?? []) {
      await this.standings.count(one.id);
      const handle = this.handles.get(one.id);
      if (!handle) continue;
      handle.detail.value = one;
      await handle.reload();
    }
    for (const pk of this.handles.keys()) if (!day?.inspections.some((one) => one.id === pk)) this.handles.delete(pk);
    this.day.value = day;
  }

  private heardOldest(level: string): void {
    this.outdated.value = isOutdated(level);
    if (this.outdated.peek()) this.update.value = true;
  }

  // The server does not know this device any more, so what it holds is of no use to it; unsent work is saved first.
  private async enrolAnew(input: Parameters<FloorCore["enrol"]>[0]): Promise<void> {
    const unsent = await this.standings.unsent();
    if (unsent.inspections) {
      this.trouble.value = "revoked";
      throw new Refused("This device is not registered any more. Save what was not sent as a file, then empty the device.");
    }
    const settings = this.settings.peek();
    await this.wipe();
    this.settings.value = settings;
    await this.enrol(input);
  }

  private opened(): Author & { person: { id: string }; vault: Vault } {
    const holderId = this.session.peek()?.person.id;
    if (!this.vault || !holderId || !this.registered) throw new Locked();
    return { by: holderId, device: this.registered.id, vault: this.vault, person: { id: holderId } };
  }

  private async ownToken(): Promise<string> {
    const { person, vault } = this.opened();
    const holder = await this.store.holders.get(person.id);
    return holder ? vault.openJson<string>(holder.token, `token ${person.id}`) : "";
  }

  private async tryAgain(): Promise<void> {
    const refused = await this.store.inspectionsWith("refused");
    for (const table of this.store.queues) {
      const index = table.where("[sending+inspection]").between(["refused", ""], ["refused", "\uffff"]);
      await index.modify({ sending: "unsent", reason: "" });
    }
    for (const pk of refused) {
      await this.standings.count(pk);
      await this.handles.get(pk)?.reload();
    }
    this.timetable.wakeAtOnce();
    await this.contact.now();
  }

  private async passed(outcome: Awaited<ReturnType<Sender["pass"]>>): Promise<void> {
    if (!this.vault) this.keeper = null;
    await this.standings.recount();
    if (outcome.kind === "sign_in") {
      if (this.trouble.peek() !== "revoked") this.trouble.value = "signin";
      await this.contact.now();
    } else if (outcome.kind === "done") await this.contact.afterSync();
  }

  private forgetDevice(): void {
    this.lock();
    this.keeper = null;
    this.registered = null;
    this.standings.forget();
    batch(() => {
      this.trouble.value = null;
      this.device.value = null;
      this.settings.value = { ...SETTINGS, language: this.world.language };
    });
  }

  // "" where the other tab has emptied the device.
  private async otherTab(pk: string): Promise<void> {
    if (!pk) return this.forgetDevice();
    await this.standings.count(pk);
    await this.handles.get(pk)?.reload();
    this.timetable.wake();
  }

  private async mustEmpty(): Promise<void> {
    const unsent = await this.standings.unsent();
    if (!unsent.inspections) await this.wipe();
    this.trouble.value = "revoked";
  }
}

function isUnknownDevice(answer: Answer): boolean {
  return answer.kind === "refused" && answer.status === 422 && answer.errors.some((error) => error.at === "device");
}
