// Writing what happened: one after another, each with the next number of this device, and never half.
import Dexie from "dexie";
import { parseEvent, uuid7, type RecordedEvent } from "./events";
import { photoKey, type BlobRow, type EventRow, type PhotoRow, type Store } from "./store";
import { sha256OfBytes, type Vault } from "./vault";

// The device has no room for more; nothing of this entry is kept.
export class NoSpace extends Error {
  constructor() {
    super("This phone has no space left; free some before going on");
  }
}

export interface Author {
  readonly by: string;
  readonly device: string;
  readonly vault: Vault;
}

export interface Draft {
  readonly kind: string;
  readonly body: object;
  readonly supersedes?: readonly string[];
}

export interface Taken {
  readonly sha256: string;
  readonly row: PhotoRow;
  readonly blob: BlobRow;
}

export class Recorder {
  private next = 0;
  private last: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly store: Store,
    private readonly now: () => number,
  ) {}

  // Resolves when the event and its photos are on the disk.
  record(pk: string, draft: Draft, photos: readonly Taken[], author: Author): Promise<RecordedEvent> {
    const written = this.last.then(() => this.write(pk, draft, photos, author));
    this.last = written.catch(() => undefined);
    return written;
  }

  // An event as it was made elsewhere, from a saved file; false where it is here already.
  again(pk: string, event: RecordedEvent, author: Author): Promise<boolean> {
    const written = this.last.then(async () => {
      if (await this.store.events.get(event.id)) return false;
      await this.keep(pk, event, [], author);
      return true;
    });
    this.last = written.catch(() => undefined);
    return written;
  }

  async keepPhoto({ row, blob }: Taken): Promise<void> {
    const { photos, blobs } = this.store;
    const kept = this.store.transaction("rw", [photos, blobs], async () => {
      if (!(await photos.get(row.key))) await photos.add(row);
      await blobs.put(blob);
    });
    await kept.catch((failed: unknown) => {
      throw asNoSpace(failed);
    });
  }

  async take(pk: string, photo: Blob, author: Author): Promise<Taken> {
    const bytes = await photo.arrayBuffer();
    const sha256 = await sha256OfBytes(bytes);
    const key = photoKey(pk, sha256);
    const row: PhotoRow = {
      key, inspection: pk, sha256, by: author.by, size: bytes.byteLength, type: photo.type || "image/jpeg", sending: "unsent", reason: "", uploadUrl: "",
    };
    return { sha256, row, blob: { key, ...(await author.vault.sealBytes(bytes, `photo ${key}`)) } };
  }

  private async write(pk: string, draft: Draft, photos: readonly Taken[], author: Author): Promise<RecordedEvent> {
    return this.keep(pk, () => this.made(draft, author), photos, author);
  }

  // With the next number of this device, which an event that is made here bears in its own name too.
  private async keep(pk: string, made: RecordedEvent | (() => RecordedEvent), photos: readonly Taken[], author: Author): Promise<RecordedEvent> {
    this.next ||= (await this.store.highestSeq()) + 1;
    for (;;) {
      const event = typeof made === "function" ? made() : made;
      const sealed = await author.vault.sealJson(event, `event ${event.id}`);
      const row: EventRow = { id: event.id, inspection: pk, by: author.by, seq: this.next, sending: "unsent", reason: "", ...sealed };
      try {
        await this.commit(row, photos);
        this.next += 1;
        return event;
      } catch (failed) {
        if (!isTaken(failed)) throw asNoSpace(failed);
        // Another tab has taken back the same file.
        if (typeof made !== "function" && (await this.store.events.get(event.id))) return event;
        // Another tab has taken this number.
        this.next = (await this.store.highestSeq()) + 1;
      }
    }
  }

  private made({ kind, body, supersedes }: Draft, author: Author): RecordedEvent {
    const at = new Date(this.now()).toISOString();
    const device = `floor:${author.device.slice(0, 8)}:${this.next}`;
    return parseEvent({ id: uuid7(this.now()), kind, at, by: author.by, device, body, supersedes: supersedes ?? [] });
  }

  private async commit(row: EventRow, photos: readonly Taken[]): Promise<void> {
    const { events, photos: rows, blobs } = this.store;
    await this.store.transaction("rw", photos.length ? [events, rows, blobs] : [events], async () => {
      await events.add(row);
      for (const photo of photos) {
        // The same picture twice is one file; one that was sent already stays sent.
        if (!(await rows.get(photo.row.key))) await rows.add(photo.row);
        await blobs.put(photo.blob);
      }
    });
  }
}

function isTaken(failed: unknown): boolean {
  return failed instanceof Dexie.ConstraintError || (failed instanceof Error && failed.name === "ConstraintError");
}

export function asNoSpace(failed: unknown): unknown {
  const names = [failed, (failed as { inner?: unknown } | null)?.inner].map((one) => (one instanceof Error || one instanceof DOMException ? one.name : ""));
  return names.includes("QuotaExceededError") ? new NoSpace() : failed;
}
