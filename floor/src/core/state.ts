// From a set of events to the state of an inspection: the twin of goldseal/inspections/rules/state.py.
// The same for every order, repetition and batching; see there for what live, conflict and addendum mean.
import { byCodePoint } from "../rules/bodies";
import { canonical, hashInOrder, setHash, uniqueEvents, type Body, type RecordedEvent } from "./events";

export const WITHDRAWN = "event_withdrawn";
export const SUBMITTED = "submitted";
export const SIGNED = "signed";

export type Key = readonly (string | number)[];

export interface Problem {
  readonly path: string;
  readonly message: string;
}

const FIELD_KEYS: Readonly<Record<string, readonly string[]>> = {
  inspection_started: [],
  quantity_counted: ["colour", "size"],
  check_answered: ["section", "check"],
  piece_measured: ["piece_no", "pom", "wash"],
  section_concluded: ["section"],
  readiness_confirmed: [],
  second_sample_started: [],
  item_answered: ["item"],
  roll_inspected: ["roll"],
  pieces_scanned: ["machine", "hour"],
  carton_checked: ["carton"],
  [SIGNED]: ["role"],
};

// What stands under one key: the live events, and the value they agree on. `value` is null while they disagree
// and where all that is live is a withdrawal.
export class Entry {
  readonly isConflict: boolean;
  readonly value: Body | null;

  constructor(
    readonly kind: string,
    readonly key: Key,
    readonly heads: readonly RecordedEvent[],
  ) {
    const first = saidBy(heads[0]);
    this.isConflict = heads.length > 1 && heads.some((event) => saidBy(event) !== first && canonical(saidBy(event)) !== canonical(first));
    this.value = this.isConflict ? null : first;
  }

  // The ids that a correction of this entry has to supersede.
  get headIds(): string[] {
    return this.heads.map((event) => event.id);
  }

  // The values of the live events, withdrawals left out; several differ only in a conflict.
  get candidates(): Body[] {
    return this.heads.filter((event) => event.kind !== WITHDRAWN).map((event) => event.body);
  }
}

function saidBy(event: RecordedEvent | undefined): Body | null {
  return !event || event.kind === WITHDRAWN ? null : event.body;
}

export type Entries = ReadonlyMap<string, ReadonlyMap<string, Entry>>;

export class State {
  private hash: string | undefined;

  constructor(
    readonly entries: Entries,
    readonly submission: RecordedEvent | null,
    readonly addenda: readonly RecordedEvent[],
    readonly missing: readonly string[],
    readonly problems: readonly Problem[],
    // Everything known, in order of id.
    readonly known: ReadonlyMap<string, RecordedEvent>,
    private readonly record: ReadonlyMap<string, RecordedEvent>,
    private readonly named: ReadonlySet<string>,
  ) {}

  // The set hash of the record without signatures and submission: what a signature binds to.
  get contentHash(): string {
    return (this.hash ??= hashInOrder(inIdOrder(this.record.values()).filter((event) => event.kind !== SIGNED && event.kind !== SUBMITTED)));
  }

  get conflicts(): Entry[] {
    return [...this.entries.values()].flatMap((ofKind) => [...ofKind.values()].filter((entry) => entry.isConflict));
  }

  get isComplete(): boolean {
    return this.submission !== null && !this.missing.length;
  }

  get cartonsOpened(): number[] {
    const opened = this.ofKind("cartons_opened").flatMap((entry) => entry.candidates.flatMap((body) => body.cartons as number[]));
    return [...new Set(opened)].sort((a, b) => a - b);
  }

  // The entries of one kind that still say something, in order of key.
  ofKind(kind: string): Entry[] {
    return [...(this.entries.get(kind)?.values() ?? [])].filter((entry) => entry.heads.some((event) => event.kind !== WITHDRAWN));
  }

  // The agreed values of one kind; entries in conflict are left out.
  values(kind: string): Body[] {
    return this.ofKind(kind).flatMap((entry) => (entry.value ? [entry.value] : []));
  }

  value(kind: string, ...key: Key): Body | null {
    return this.entry(kind, key)?.value ?? null;
  }

  // The ids that an event under this key has to supersede so that it corrects and does not conflict.
  heads(kind: string, ...key: Key): string[] {
    return this.entry(kind, key)?.headIds ?? [];
  }

  isCurrent(signature: Body): boolean {
    return signature.set_hash === this.contentHash;
  }

  // The state with one more event. A tap that ends nothing is put in its place; the rest is derived anew.
  with(event: RecordedEvent): State {
    const earlier = this.known.get(event.id);
    const isPlain = !earlier && !this.submission && event.kind !== SUBMITTED && !event.supersedes.length && !this.named.has(event.id);
    if (!isPlain) return applyEvents([...this.known.values(), event]);
    const key = FIELD_KEYS[event.kind] ? keyOf(event, new Map()) : [event.id];
    const ofKind = new Map(this.entries.get(event.kind));
    const place = placeOf(key);
    const others = ofKind.get(place)?.heads ?? [];
    ofKind.set(place, new Entry(event.kind, key, inIdOrder([...others, event])));
    const entries = new Map(this.entries);
    entries.set(event.kind, others.length ? ofKind : inKeyOrder(ofKind));
    const known = added(this.known, event);
    const record = this.record === this.known ? known : added(this.record, event);
    return new State(this.entries.has(event.kind) ? entries : sorted(entries), null, this.addenda, [], this.problems, known, record, this.named);
  }

  private entry(kind: string, key: Key): Entry | undefined {
    return this.entries.get(kind)?.get(placeOf(key));
  }
}

// `acceptedSubmission` is the id of the submission that was sealed first; without it the smallest id stands.
export function applyEvents(events: Iterable<RecordedEvent>, acceptedSubmission?: string): State {
  const known = uniqueEvents(events);
  const problems: Problem[] = [];
  const submission = chooseSubmission(known, acceptedSubmission, problems);
  const { record, missing } = recordOf(known, submission, problems);
  const { dead, edges, named } = supersededIn(record, problems);
  const threads = threadsOf(record, edges);
  const heads = new Map<string, Map<string, { key: Key; live: RecordedEvent[] }>>();
  for (const event of record.values()) {
    if (dead.has(event.id) || event.kind === SUBMITTED) continue;
    for (const [kind, key] of placesOf(event, record, threads)) {
      let ofKind = heads.get(kind);
      if (!ofKind) heads.set(kind, (ofKind = new Map()));
      const place = placeOf(key);
      const there = ofKind.get(place);
      if (there) there.live.push(event);
      else ofKind.set(place, { key, live: [event] });
    }
  }
  const entries = new Map<string, Map<string, Entry>>();
  for (const [kind, ofKind] of heads) {
    const found = new Map<string, Entry>();
    for (const [place, { key, live }] of ofKind) found.set(place, new Entry(kind, key, live.length > 1 ? inIdOrder(live) : live));
    entries.set(kind, inKeyOrder(found));
  }
  const addenda = record === known ? [] : [...known.values()].filter((event) => !record.has(event.id));
  return new State(sorted(entries), submission, addenda, missing, problems, known, record, named);
}

// The body of a submission that covers exactly these events.
export function submissionBody(events: Iterable<RecordedEvent>): Body {
  const covered = uniqueEvents([...events].filter((event) => event.kind !== SUBMITTED));
  return { covers: [...covered.keys()], set_hash: setHash(covered.values()) };
}

type Known = Map<string, RecordedEvent>;

function chooseSubmission(known: Known, accepted: string | undefined, problems: Problem[]): RecordedEvent | null {
  const submissions = [...known.values()].filter((event) => event.kind === SUBMITTED);
  const chosen = (accepted === undefined ? submissions[0] : submissions.find((event) => event.id === accepted)) ?? null;
  if (accepted !== undefined && !chosen) problems.push({ path: accepted, message: "is the accepted submission, which is not among the events" });
  for (const event of submissions) {
    if (chosen && event.id !== chosen.id) problems.push({ path: event.id, message: "submits an inspection that was submitted already; kept as addendum" });
  }
  return chosen;
}

function recordOf(known: Known, submission: RecordedEvent | null, problems: Problem[]): { record: Known; missing: string[] } {
  if (!submission) {
    const isAll = ![...known.values()].some((event) => event.kind === SUBMITTED);
    return { record: isAll ? known : new Map([...known].filter(([, event]) => event.kind !== SUBMITTED)), missing: [] };
  }
  const covers = submission.body.covers as string[];
  const record: Known = new Map();
  for (const id of covers) {
    const event = known.get(id);
    if (event && event.kind !== SUBMITTED) record.set(id, event);
  }
  const missing = covers.filter((id) => !known.has(id));
  if (!missing.length && setHash(record.values()) !== submission.body.set_hash) {
    problems.push({ path: submission.id, message: "covers events whose content differs from its set hash" });
  }
  record.set(submission.id, submission);
  return { record, missing };
}

type Edge = readonly [later: string, earlier: string];

function supersededIn(record: Known, problems: Problem[]): { dead: Set<string>; edges: Edge[]; named: Set<string> } {
  const dead = new Set<string>();
  const named = new Set<string>();
  const edges: Edge[] = [];
  for (const event of record.values()) {
    for (const target of event.supersedes) {
      named.add(target);
      const earlier = record.get(target);
      if (!earlier || event.kind === earlier.kind || event.kind === WITHDRAWN || earlier.kind === WITHDRAWN) {
        edges.push([event.id, target]);
        if (earlier) dead.add(target);
      } else problems.push({ path: event.id, message: `cannot supersede ${target}, which is a ${earlier.kind}` });
    }
  }
  return { dead, edges, named };
}

// For every event that is an item of a list, the smallest id of its thread; one alone is its own and not listed.
function threadsOf(record: Known, edges: readonly Edge[]): Map<string, string> {
  const parent = new Map<string, string>();
  const root = (node: string): string => {
    for (let up = parent.get(node); up !== undefined && up !== node; up = parent.get(node)) node = up;
    return node;
  };
  const tie = (one: string, other: string): void => {
    const [a, b] = [root(one), root(other)];
    if (a !== b) parent.set(a < b ? b : a, a < b ? a : b);
  };
  const isWithdrawal = (id: string): boolean => record.get(id)?.kind === WITHDRAWN;
  // One withdrawal may end several items; it must not tie them into one thread.
  for (const [later, earlier] of edges) if (!isWithdrawal(later) && !isWithdrawal(earlier)) tie(later, earlier);
  // An item that restores a withdrawn one continues the thread of what was withdrawn.
  for (const [later, earlier] of edges) {
    if (isWithdrawal(later) || !isWithdrawal(earlier)) continue;
    const kind = record.get(later)?.kind;
    const withdrawn = record.get(earlier)?.supersedes.find((id) => record.get(id)?.kind === kind);
    if (withdrawn !== undefined) tie(later, withdrawn);
  }
  return new Map([...parent.keys()].map((id) => [id, root(id)]));
}

function placesOf(event: RecordedEvent, record: Known, threads: Map<string, string>): (readonly [string, Key])[] {
  if (event.kind !== WITHDRAWN) return [[event.kind, keyOf(event, threads)]];
  const places = new Map<string, readonly [string, Key]>();
  for (const id of event.supersedes) {
    const target = record.get(id);
    if (!target || target.kind === WITHDRAWN || target.kind === SUBMITTED) continue;
    const key = keyOf(target, threads);
    places.set(JSON.stringify([target.kind, key]), [target.kind, key]);
  }
  return [...places.values()];
}

function keyOf(event: RecordedEvent, threads: Map<string, string>): Key {
  const fields = FIELD_KEYS[event.kind];
  if (!fields) return [threads.get(event.id) ?? event.id];
  const key = fields.filter((name) => event.body[name] !== undefined).map((name) => event.body[name] as string | number);
  return event.kind === SIGNED ? [...key, event.by] : key;
}

// Texts of events hold no NUL, and a part is a number or a text by its field: no two keys of a kind meet in one place.
function placeOf(key: Key): string {
  return key.length === 1 ? String(key[0]) : key.join("\0");
}

function inIdOrder(events: Iterable<RecordedEvent>): RecordedEvent[] {
  return [...events].sort((a, b) => (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));
}

// A copy with one more in its place; ids made on one device ascend, so that nearly always this is the end.
function added(known: ReadonlyMap<string, RecordedEvent>, event: RecordedEvent): Known {
  const more: Known = new Map();
  let last = "";
  for (const [id, one] of known) more.set((last = id), one);
  more.set(event.id, event);
  return event.id > last ? more : uniqueEvents(more.values());
}

function inKeyOrder(entries: Map<string, Entry>): Map<string, Entry> {
  let before: Key | undefined;
  for (const { key } of entries.values()) {
    if (before && compareKeys(before, key) > 0) return new Map([...entries].sort(([, a], [, b]) => compareKeys(a.key, b.key)));
    before = key;
  }
  return entries;
}

// Numbers before text, as in Python's order of the pairs (is text, part).
function compareKeys(a: Key, b: Key): number {
  for (let i = 0; i < Math.min(a.length, b.length); i += 1) {
    const [one, other] = [a[i]!, b[i]!];
    if (one === other) continue;
    if (typeof one === "number") return typeof other === "number" ? one - other : -1;
    return typeof other === "number" ? 1 : byCodePoint(one, other);
  }
  return a.length - b.length;
}

function sorted(entries: Map<string, Map<string, Entry> | ReadonlyMap<string, Entry>>): Entries {
  return new Map([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}
