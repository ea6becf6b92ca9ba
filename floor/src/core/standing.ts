// How much of each inspection the server has not acknowledged, counted from the queues and told as signals.
import { computed, signal, type ReadonlySignal, type Signal } from "@preact/signals-core";
import type { Table } from "dexie";
import { NOTHING, statusOf, type Standing, type Status } from "./status";
import type { QueuedRow, Store } from "./store";
import type { Unsent } from "./types";

interface Counted {
  readonly standing: Signal<Standing>;
  readonly status: ReadonlySignal<Status>;
  // Grows with every record, so that a count begun before it is not believed.
  version: number;
}

export class Standings {
  private readonly counted = new Map<string, Counted>();

  constructor(private readonly store: Store) {}

  status(pk: string): ReadonlySignal<Status> {
    return this.of(pk).status;
  }

  recorded(pk: string, count: number): void {
    const one = this.of(pk);
    one.version += 1;
    one.standing.value = { ...one.standing.peek(), unsent: one.standing.peek().unsent + count };
  }

  async count(pk: string, sending: Standing["sending"] = this.of(pk).standing.peek().sending): Promise<void> {
    const one = this.of(pk);
    one.standing.value = { ...one.standing.peek(), sending };
    for (let version = -1; version !== one.version; ) {
      version = one.version;
      const found = await this.read(pk);
      if (version === one.version) one.standing.value = { ...found, sending: one.standing.peek().sending };
    }
  }

  // After a pass: a record that was sent before it was counted here must not seem to wait.
  async recount(): Promise<void> {
    for (const [pk, one] of this.counted) if (one.standing.peek().unsent) await this.count(pk);
  }

  // Everything that this device holds unsent, refused included.
  async unsent(): Promise<Unsent> {
    const [events, photos] = await Promise.all(this.store.queues.slice(0, 2).map((table) => this.waiting(table)));
    return { events: events ?? 0, photos: photos ?? 0, inspections: (await this.store.inspectionsWith("unsent", "refused")).size };
  }

  forget(): void {
    for (const one of this.counted.values()) one.standing.value = NOTHING;
  }

  private async waiting(table: Table<QueuedRow>): Promise<number> {
    const range = (state: string): Promise<number> => table.where("[sending+inspection]").between([state, ""], [state, "\uffff"]).count();
    return (await range("unsent")) + (await range("refused"));
  }

  private async read(pk: string): Promise<Standing> {
    const all = await Promise.all(this.store.queues.flatMap((table) => [this.store.countOf(table, pk, "unsent"), this.store.countOf(table, pk, "refused")]));
    const unsent = sum(all.filter((_one, place) => place % 2 === 0));
    const refused = sum(all.filter((_one, place) => place % 2 === 1));
    return { unsent, refused, reason: refused ? await this.reason(pk) : "", mustSignIn: unsent > 0 && (await this.waitsForSignIn(pk)), sending: null };
  }

  private async reason(pk: string): Promise<string> {
    for (const table of this.store.queues) {
      const row = await table.where("[inspection+sending]").equals([pk, "refused"]).first();
      if (row) return row.reason;
    }
    return "";
  }

  private async waitsForSignIn(pk: string): Promise<boolean> {
    const holders = await this.store.holders.toArray();
    const able = new Set(holders.filter((holder) => !holder.mustSignIn).map((holder) => holder.personId));
    // The usual case first: nobody has to, so no row is read.
    if (able.size === holders.length) return false;
    for (const table of this.store.queues) {
      const found = await table.where("[inspection+sending]").equals([pk, "unsent"]).filter((row) => !able.has(row.by)).first();
      if (found) return true;
    }
    return false;
  }

  private of(pk: string): Counted {
    let one = this.counted.get(pk);
    if (!one) {
      const standing = signal(NOTHING);
      this.counted.set(pk, (one = { standing, status: computed(() => statusOf(standing.value)), version: 0 }));
    }
    return one;
  }
}

const sum = (counts: number[]): number => counts.reduce((all, one) => all + one, 0);
