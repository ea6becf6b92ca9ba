// A core without a store or a server: the demo's day in memory, for looking at screens.
import { signal } from "@preact/signals";
import { uuid7, type RecordedEvent } from "../src/core/events";
import { applyEvents } from "../src/core/state";
import type { Day, Floor, FloorInspection, InspectionHandle, Settings, Status, Unsent } from "../src/face/floor";
import day from "./day.json";

const asked = new URLSearchParams(location.search);
const PEOPLE = [
  { id: "018f3b1c-7a2e-7c1d-9b4f-3e5a6c7d8e01", name: "Rehana Akter", language: "bn", left: 5, mustSignIn: false },
  { id: "018f3b1c-7a2e-7c1d-9b4f-3e5a6c7d8e09", name: "Jashim Uddin", language: "bn", left: 5, mustSignIn: false },
];
export const OTHER = PEOPLE[1]!.id;
const STATUSES: Status[] = [
  { kind: "phone" }, { kind: "sending", done: 3, of: 14 }, { kind: "safe" }, { kind: "safe" }, { kind: "phone" },
  { kind: "safe" }, { kind: "phone" }, { kind: "safe" }, { kind: "needs", code: "refused", reason: "changed" },
];

class WrongPin extends Error {
  constructor(readonly left: number) {
    super("wrong PIN");
  }
}

class FakeHandle implements InspectionHandle {
  readonly detail;
  readonly state = signal(applyEvents([]));
  readonly status;
  readonly signedHash = signal("");
  readonly handedIn = signal(false);
  private readonly blobs = new Map<string, Blob>();

  constructor(one: FloorInspection, place: number) {
    this.detail = signal(one);
    this.status = signal<Status>(STATUSES[place] ?? { kind: "safe" });
  }

  get pk(): string {
    return this.detail.value.id;
  }

  async record(kind: string, body: object, options: { supersedes?: string[]; photos?: Blob[]; by?: string } = {}): Promise<RecordedEvent> {
    const photos = await Promise.all((options.photos ?? []).map((blob) => this.keep(blob)));
    const had = (body as { photos?: string[] }).photos ?? [];
    const event: RecordedEvent = {
      id: uuid7(),
      kind,
      at: new Date().toISOString(),
      by: options.by ?? fake.session.value?.person.id ?? PEOPLE[0]!.id,
      device: "floor:demo:1",
      body: { ...body, ...(photos.length || had.length ? { photos: [...had, ...photos] } : {}) } as RecordedEvent["body"],
      supersedes: options.supersedes ?? [],
    };
    this.state.value = this.state.value.with(event);
    this.detail.value = { ...this.detail.value, state: "in_progress" };
    if (this.status.value.kind !== "needs") this.status.value = { kind: "phone" };
    return event;
  }

  async undo(event: RecordedEvent): Promise<void> {
    await this.record("event_withdrawn", { reason: "Entered by mistake" }, { supersedes: [event.id] });
  }

  async addPhoto(blob: Blob, section: string, caption = ""): Promise<string> {
    const sha256 = await this.keep(blob);
    await this.record("photo_attached", { sha256, section, ...(caption ? { caption_en: caption } : {}) });
    return sha256;
  }

  async photo(sha256: string): Promise<Blob | null> {
    return this.blobs.get(sha256) ?? null;
  }

  async sign(pin: string, meaning: string, _drawn: string): Promise<void> {
    if (pin !== "123456") throw new WrongPin(3);
    const session = fake.session.value;
    await this.record("signed", { printed_name: session?.person.name, role: "inspector", meaning, set_hash: this.state.value.contentHash });
  }

  async submit(): Promise<void> {
    this.status.value = { kind: "sending", done: 0, of: this.state.value.known.size };
  }

  private async keep(blob: Blob): Promise<string> {
    const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()));
    const sha256 = [...hash].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    this.blobs.set(sha256, blob);
    return sha256;
  }
}

const handles = new Map<string, FakeHandle>();
const settings: Settings = {
  language: asked.get("language") === "en" ? "en" : "bn",
  digits: "beng",
  sound: false,
  vibration: true,
  contrast: asked.get("contrast") === "strong" ? "strong" : "normal",
  theme: (asked.get("theme") as Settings["theme"] | null) ?? "light",
};
const theDay = day as unknown as Day;

function sessionOf(id: string): NonNullable<Floor["session"]["value"]> {
  const person = PEOPLE.find((one) => one.id === id) ?? PEOPLE[0]!;
  return { person, workspace: { id: "w", name: "Meghna Knit Composite", slug: "meghna", time_zone: "Asia/Dhaka", language: "en" }, policy: { idle_minutes: 5, wipe_days: 14, digits: 6 } };
}

const session = signal<Floor["session"]["value"]>(asked.has("open") ? sessionOf(PEOPLE[0]!.id) : null);
const today = signal<Day | null>(asked.has("open") && !asked.has("nothing") ? theDay : null);

export const fake: Floor = {
  ready: Promise.resolve(),
  holders: async () => (asked.has("empty") ? [] : PEOPLE),
  enrol: async () => void (session.value = sessionOf(PEOPLE[0]!.id)),
  me: async () => ({
    person: { id: PEOPLE[0]!.id, name: PEOPLE[0]!.name, language: "bn", has_pin: !asked.has("new") },
    workspaces: [{ slug: "meghna", name: "Meghna Knit Composite", role: "inspector" }],
    csrf: "",
  }),
  unlock: async (id, pin) => {
    if (pin !== "123456") throw new WrongPin(4);
    session.value = sessionOf(id);
    today.value = asked.has("nothing") ? null : theDay;
  },
  lock: () => void (session.value = null),
  session,
  day: today,
  takeDown: async (progress) => {
    for (let done = 0; done <= 10; done += 1) {
      progress(done * 180_000, 1_800_000);
      await new Promise((later) => setTimeout(later, 80));
    }
    today.value = theDay;
  },
  inspection: (pk) => {
    let handle = handles.get(pk);
    const place = theDay.inspections.findIndex((one) => one.id === pk);
    if (!handle) handles.set(pk, (handle = new FakeHandle(theDay.inspections[place]!, place)));
    return handle;
  },
  online: signal(!asked.has("offline")),
  storage: signal({ used: 48_300_000, quota: 2_100_000_000, low: false, persisted: false }),
  syncNow: () => undefined,
  signOut: async (isConfirmed): Promise<Unsent | null> => {
    if (!isConfirmed) return { inspections: 2, events: 31, photos: 4 };
    session.value = null;
    return null;
  },
  picture: async () => null,
  exportUnsent: async () => new Blob(["{}"]),
  takeBack: async () => ({ events: 12, photos: 3, known: 2, others: 4, acts: 1, inspections: [] }),
  wipe: async () => undefined,
  settings: signal(settings),
  attest: async () => undefined,
  trouble: signal((asked.get("trouble") as Floor["trouble"]["value"]) ?? null),
  update: signal(asked.has("update")),
  outdated: signal(asked.has("outdated")),
  takeUpdate: () => undefined,
  device: signal({ name: "Tablet line 3" }),
};
