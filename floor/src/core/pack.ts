// The day's work on this device: taken down whole, kept sealed, opened at unlock, and no more of it than is needed.
import { ALONE, bearer, call, sentenceOf, type Fetch } from "./http";
import type { Store } from "./store";
import type { Day, FloorInspection } from "./types";
import type { Vault } from "./vault";

export class NotTakenDown extends Error {
  constructor(
    readonly code: "sign_in" | "offline" | "outdated" | "refused",
    sentence: string,
  ) {
    super(sentence);
  }
}

type KeptDay = Omit<Day, "inspections"> & { readonly pks: readonly string[] };

// The day of one person without its inspections, or null where none was taken down.
export async function openPack(store: Store, vault: Vault, personId: string): Promise<KeptDay | null> {
  const row = await store.packs.get(personId);
  return row ? vault.openJson<KeptDay>(row, `pack ${personId}`) : null;
}

export async function openDay(store: Store, vault: Vault, personId: string): Promise<Day | null> {
  const kept = await openPack(store, vault, personId);
  if (!kept) return null;
  const { pks, ...day } = kept;
  const rows = (await store.inspections.bulkGet([...pks])).filter((one) => one !== undefined);
  const inspections = await Promise.all(rows.map((one) => vault.openJson<FloorInspection>(one, `inspection ${one.pk}`)));
  return asAttested(store, { ...day, inspections }, personId);
}

// Confirmed here counts from then on, also before the server has heard of it.
export async function asAttested(store: Store, day: Day, personId: string): Promise<Day> {
  const { attestation } = day.settings;
  const version = await store.read<string>(`attests ${personId}`);
  if (!attestation || attestation.is_confirmed || attestation.version !== version) return day;
  return { ...day, settings: { ...day.settings, attestation: { ...attestation, is_confirmed: true } } };
}

// False where the server says that the day is as it was.
export async function takeDownDay(store: Store, vault: Vault, personId: string, token: string, fetch: Fetch, progress: (done: number, of: number) => void): Promise<boolean> {
  const former = await store.packs.get(personId);
  const text = await fetched(fetch, token, former?.etag ?? "", progress);
  if (text === null) return false;
  const day = JSON.parse(text.body) as Day;
  await keepDay(store, vault, personId, day, text.etag);
  return true;
}

async function fetched(fetch: Fetch, token: string, etag: string, progress: (done: number, of: number) => void): Promise<{ body: string; etag: string } | null> {
  let response: Response;
  try {
    response = await fetch("/api/v1/floor/day", { ...ALONE, headers: { ...bearer(token), ...(etag ? { "If-None-Match": etag } : {}) } });
    if (response.status === 304) return null;
    if (response.ok) return { body: await bodyOf(response, progress), etag: response.headers.get("ETag") ?? "" };
  } catch {
    throw new NotTakenDown("offline", "The server cannot be reached; the day that is on this phone stays.");
  }
  if (response.status === 401) throw new NotTakenDown("sign_in", "Sign in again.");
  throw new NotTakenDown("refused", sentenceOf(await response.text(), response.status).sentence);
}

// One inspection with every event that the server has, kept as it is from then on.
export async function takeDownWhole(store: Store, vault: Vault, one: FloorInspection, token: string, fetch: Fetch): Promise<FloorInspection> {
  const answer = await call(fetch, `/api/v1/inspections/${one.id}/events`, { headers: bearer(token) });
  if (answer.kind === "later") throw new NotTakenDown("offline", "Others have counted on this line too. Sign where there is a network.");
  if (answer.kind === "sign_in") throw new NotTakenDown("sign_in", "Sign in again.");
  if (answer.kind === "refused") throw new NotTakenDown("refused", answer.sentence);
  const whole = { ...one, events: answer.json.events as NonNullable<FloorInspection["events"]>, left_out: null };
  await store.inspections.put({ pk: one.id, ...(await vault.sealJson(whole, `inspection ${one.id}`)) });
  return whole;
}

async function bodyOf(response: Response, progress: (done: number, of: number) => void): Promise<string> {
  if (!response.body) return response.text();
  // A packed answer tells its packed size, which is not what is read here.
  const of = response.headers.get("Content-Encoding") ? 0 : Number(response.headers.get("Content-Length") ?? 0);
  const parts: Uint8Array[] = [];
  let done = 0;
  const reader = response.body.getReader();
  for (let step = await reader.read(); !step.done; step = await reader.read()) {
    parts.push(step.value);
    done += step.value.length;
    progress(done, Math.max(of, done));
  }
  return new Blob(parts as BlobPart[]).text();
}

export async function keepDay(store: Store, vault: Vault, personId: string, day: Day, etag: string): Promise<void> {
  const { inspections, ...rest } = day;
  const pks = inspections.map((one) => one.id);
  const rows = await Promise.all(inspections.map(async (one) => ({ pk: one.id, ...(await vault.sealJson(one, `inspection ${one.id}`)) })));
  const pack = { personId, etag, ...(await vault.sealJson({ ...rest, pks } satisfies KeptDay, `pack ${personId}`)) };
  await store.transaction("rw", store.packs, store.inspections, async () => {
    await store.packs.put(pack);
    await store.inspections.bulkPut(rows);
  });
  await prune(store, vault);
}

// What is in nobody's day and holds nothing unsent goes; unsent work never does.
export async function prune(store: Store, vault: Vault): Promise<void> {
  const needed = await store.inspectionsWith("unsent", "refused");
  const shown = new Set<string>();
  for (const row of await store.packs.toArray()) {
    const { pks, defects } = await vault.openJson<KeptDay>(row, `pack ${row.personId}`);
    for (const pk of pks) needed.add(pk);
    for (const { picture } of defects) if (picture) shown.add(picture.id);
  }
  await store.pictures.where("id").noneOf([...shown]).delete();
  const all = new Set([...(await store.inspections.toCollection().primaryKeys()), ...(await store.inspectionsWith("sent", "aside"))]);
  await store.dropInspections([...all].filter((pk) => !needed.has(pk)));
}
