// The device's own database (IndexedDB through Dexie). Content is sealed; in clear stand only ids and states.
import Dexie, { type EntityTable, type Table } from "dexie";
import type { Sealed, Wrapped } from "./vault";

// `aside`: the server refused it and the person took it back; kept here, and part of what can be saved as a file.
export type Sending = "unsent" | "sent" | "refused" | "aside";

export interface HolderRow {
  personId: string;
  name: string;
  language: string;
  // Gone after too many wrong PINs; what was recorded stays.
  wrapped: Wrapped | null;
  wrong: number;
  // The bearer token, sealed by the device's key: whoever has unlocked sends what the others left here, each as himself.
  token: Sealed;
  mustSignIn: boolean;
}

export interface PackRow extends Sealed {
  personId: string;
  etag: string;
}

export interface InspectionRow extends Sealed {
  pk: string;
}

export interface EventRow extends Sealed {
  id: string;
  inspection: string;
  by: string;
  // Ascends over everything recorded on this device; two tabs cannot take the same.
  seq: number;
  sending: Sending;
  reason: string;
}

export interface PhotoRow {
  // See `photoKey`; its bytes lie under the same key among the blobs.
  key: string;
  inspection: string;
  sha256: string;
  by: string;
  size: number;
  type: string;
  sending: Sending;
  reason: string;
  // Where tus has begun this upload, so that it resumes after a restart.
  uploadUrl: string;
}

export interface BlobRow extends Sealed {
  key: string;
}

// A signature or a submission that waits for everything before it to arrive.
export interface ActRow extends Sealed {
  id: string;
  inspection: string;
  by: string;
  kind: "sign" | "submit";
  sending: Sending;
  reason: string;
}

// What a defect of the library looks like.
export interface PictureRow extends Sealed {
  id: string;
}

interface MetaRow {
  key: string;
  value: unknown;
}

export const photoKey = (inspection: string, sha256: string): string => `${inspection} ${sha256}`;

export class Store extends Dexie {
  holders!: EntityTable<HolderRow, "personId">;
  meta!: EntityTable<MetaRow, "key">;
  packs!: EntityTable<PackRow, "personId">;
  inspections!: EntityTable<InspectionRow, "pk">;
  events!: EntityTable<EventRow, "id">;
  photos!: EntityTable<PhotoRow, "key">;
  blobs!: EntityTable<BlobRow, "key">;
  acts!: EntityTable<ActRow, "id">;
  pictures!: EntityTable<PictureRow, "id">;

  constructor(name = "goldseal-floor") {
    // Strict: a transaction is complete when it is on the disk, not when it is in the system's cache.
    super(name, { chromeTransactionDurability: "strict" });
    this.version(1).stores({
      holders: "personId",
      meta: "key",
      packs: "personId",
      inspections: "pk",
      events: "id, &seq, inspection, [inspection+sending], [sending+inspection]",
      photos: "key, inspection, [inspection+sending], [sending+inspection]",
      blobs: "key",
      acts: "id, inspection, [inspection+sending], [sending+inspection]",
    });
    this.version(2).stores({ pictures: "id" });
  }

  async read<T>(key: string): Promise<T | undefined> {
    return (await this.meta.get(key))?.value as T | undefined;
  }

  async keep(key: string, value: unknown): Promise<void> {
    await this.meta.put({ key, value });
  }

  get queues(): Table<QueuedRow>[] {
    return [this.events, this.photos, this.acts] as unknown as Table<QueuedRow>[];
  }

  // Ids of inspections with anything of these states, read from the index alone.
  async inspectionsWith(...states: Sending[]): Promise<Set<string>> {
    const found = new Set<string>();
    for (const table of this.queues) {
      for (const state of states) {
        const keys = await table.where("[sending+inspection]").between([state, Dexie.minKey], [state, Dexie.maxKey]).uniqueKeys();
        for (const key of keys as unknown as [string, string][]) found.add(key[1]);
      }
    }
    return found;
  }

  async countOf(table: Table<QueuedRow>, inspection: string, sending: Sending): Promise<number> {
    return table.where("[inspection+sending]").equals([inspection, sending]).count();
  }

  async notSentBy(personId: string): Promise<number> {
    const counts = await Promise.all(this.queues.map((table) => table.filter((row) => row.by === personId && row.sending !== "sent").count()));
    return counts.reduce((all, one) => all + one, 0);
  }

  async highestSeq(): Promise<number> {
    return (await this.events.orderBy("seq").last())?.seq ?? 0;
  }

  // All or nothing, and also while another tab has the database open.
  async empty(): Promise<void> {
    await this.transaction("rw", this.tables, () => Promise.all(this.tables.map((table) => table.clear())));
  }

  async dropInspections(pks: readonly string[]): Promise<void> {
    await this.transaction("rw", [this.inspections, this.events, this.photos, this.blobs, this.acts], async () => {
      const keys = await this.photos.where("inspection").anyOf(pks).primaryKeys();
      await this.blobs.bulkDelete(keys);
      await this.inspections.bulkDelete([...pks]);
      for (const table of this.queues) await table.where("inspection").anyOf(pks).delete();
    });
  }
}

export interface QueuedRow {
  inspection: string;
  by: string;
  sending: Sending;
  reason: string;
}
