// A file of unsent work that comes back: what the person recorded goes into the queue again, as it was made.
import { parseEvent, type RecordedEvent } from "./events";
import { FORMAT } from "./export";
import type { Author, Recorder } from "./recorder";
import { Refused } from "./refusals";
import type { Store } from "./store";
import { sha256OfBytes } from "./vault";

export interface TakenBack {
  readonly events: number;
  readonly photos: number;
  // On this device already, sent or not.
  readonly known: number;
  // Of other people, who hand in the file themselves.
  readonly others: number;
  // Signatures and submissions stay out: they are given on the record as it stands then.
  readonly acts: number;
  readonly inspections: readonly string[];
}

interface SavedFile {
  readonly format: string;
  readonly events: readonly { readonly inspection: string; readonly sending: string; readonly event: RecordedEvent }[];
  readonly acts: readonly { readonly by: string }[];
  readonly photos: readonly { readonly inspection: string; readonly sha256: string; readonly by: string; readonly type: string; readonly data: string }[];
}

export async function takeBackSaved(file: Blob, store: Store, recorder: Recorder, author: Author): Promise<TakenBack> {
  const saved = await read(file);
  // What the person had set aside stays aside.
  const meant = saved.events.filter(({ sending }) => sending !== "aside");
  const own = meant.filter(({ event }) => event.by === author.by);
  const pictures = saved.photos.filter(({ by }) => by === author.by);
  const others = meant.length - own.length + (saved.photos.length - pictures.length);
  if (others && !own.length && !pictures.length) throw new Refused("Nothing in this file was recorded by you. Whoever recorded it hands it in.");
  // The id becomes part of an address and the type goes with the bytes: neither is taken as it comes.
  const isSound = [...own, ...pictures].every(({ inspection }) => ID.test(inspection)) && pictures.every(({ type }) => type.startsWith("image/"));
  if (!isSound) throw new Refused(DAMAGED);
  // All of it is read before anything is kept.
  const events = own.map(({ inspection, event }) => ({ inspection, event: parsed(event) }));
  const photos = await Promise.all(pictures.map(async ({ inspection, sha256, type, data }) => ({ inspection, photo: await photoOf(data, sha256, type) })));
  const [news, inspections] = [{ events: 0, photos: 0 }, new Set<string>()];
  for (const { inspection, photo } of photos) {
    const taken = await recorder.take(inspection, photo, author);
    if (await store.photos.get(taken.row.key)) continue;
    await recorder.keepPhoto(taken);
    inspections.add(inspection);
    news.photos += 1;
  }
  for (const { inspection, event } of events) {
    if (!(await recorder.again(inspection, event, author))) continue;
    inspections.add(inspection);
    news.events += 1;
  }
  const known = events.length + photos.length - news.events - news.photos;
  return { ...news, known, others, acts: saved.acts.filter(({ by }) => by === author.by).length, inspections: [...inspections] };
}

const ID = /^[0-9A-Za-z-]{1,40}$/;
const DAMAGED = "This file is damaged; nothing of it was taken in.";

async function read(file: Blob): Promise<SavedFile> {
  try {
    const saved = JSON.parse(await file.text()) as Partial<SavedFile> | null;
    if (saved?.format === FORMAT && [saved.events, saved.acts, saved.photos].every(Array.isArray)) return saved as SavedFile;
  } catch {
    // Said below.
  }
  throw new Refused("This file holds no saved work of Floor.");
}

function parsed(raw: unknown): RecordedEvent {
  try {
    return parseEvent(raw);
  } catch {
    throw new Refused(DAMAGED);
  }
}

async function photoOf(base64: string, sha256: string, type: string): Promise<Blob> {
  const bytes = await Promise.resolve(base64).then((text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0))).catch(() => null);
  if (!bytes || (await sha256OfBytes(bytes.buffer)) !== sha256) throw new Refused(DAMAGED);
  return new Blob([bytes], { type });
}
