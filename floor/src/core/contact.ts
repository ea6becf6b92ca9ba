// The device tells the server how it stands, signed in or not, and learns whether it may still hold what it holds.
import { post } from "./http";
import type { Standings } from "./standing";
import type { Store } from "./store";
import type { Registered, Storage } from "./types";
import type { World } from "./world";

const EVERY_MS = 300_000;
const AFTER_SYNC_MS = 20_000;
const DAY_MS = 86_400_000;
const LOW_BYTES = 200 * 1024 * 1024;

// What this app records and how it speaks with the server; counted up when a server may no longer take the former.
export const LEVEL = 1;

// Versions are names without an order, so the oldest that a server works with is told as a level.
export function isOutdated(oldest: string): boolean {
  return Number(oldest || 0) > LEVEL;
}

interface Said {
  readonly state?: string;
  readonly server_time?: string;
  readonly newest_version?: string;
  readonly oldest_version?: string;
  readonly policy?: Registered["policy"];
  readonly holders?: readonly string[];
}

export interface Heard {
  revoked(): Promise<void>;
  offset(ms: number): void;
  newest(isOlder: boolean): void;
  oldest(level: string): Promise<void>;
  storage(found: Storage): void;
}

export class Contact {
  private timer: ReturnType<typeof setInterval> | undefined;
  private last = -Infinity;
  private steady = 0;

  constructor(
    private readonly world: World,
    private readonly store: Store,
    private readonly standings: Standings,
    private readonly registered: () => Registered | null,
    private readonly heard: Heard,
  ) {}

  start(): void {
    this.steady = this.world.steady();
    this.timer = setInterval(() => void this.now().catch(() => undefined), EVERY_MS);
    void this.now().catch(() => undefined);
  }

  stop(): void {
    clearInterval(this.timer);
  }

  async afterSync(): Promise<void> {
    if (this.world.steady() - this.last >= AFTER_SYNC_MS) await this.now();
  }

  async now(): Promise<void> {
    const device = this.registered();
    if (!device) return;
    this.last = this.world.steady();
    const latest = await this.latest();
    const [queue, { used, quota }] = await Promise.all([this.standings.unsent(), this.measure()]);
    const clock = new Date(this.world.now()).toISOString();
    const answer = await post(this.world.fetch, "/floor/contact", { device: device.id, secret: device.secret, version: this.world.version, queue, storage: { used, quota }, clock });
    // Emptied, and perhaps set up anew, while the answer was on its way: it is for a device that is no more.
    if (this.registered() !== device) return;
    const state = answer.kind === "ok" ? (answer.json as Said).state : undefined;
    if (state === "revoked") return this.heard.revoked();
    if (answer.kind === "ok" && state === "active") return this.take(device, answer.json as Said);
    return this.expire(device, latest);
  }

  // The latest time that was ever seen here, and what has passed since then while the app was open: a clock that is put
  // back gives nobody more days.
  private async latest(): Promise<number> {
    const passed = this.world.steady() - this.steady;
    this.steady += passed;
    const before = await this.store.read<number>("latest");
    const found = Math.max(this.world.now(), before === undefined ? 0 : before + passed);
    await this.store.keep("latest", found);
    return found;
  }

  async measure(): Promise<Storage> {
    const { used, quota, persisted } = await this.world.space();
    const found = { used, quota, persisted, low: quota > 0 && (quota - used < LOW_BYTES || used > quota * 0.9) };
    this.heard.storage(found);
    return found;
  }

  private async take(device: Registered, said: Said): Promise<void> {
    await this.store.keep("lastContact", this.world.now());
    await this.store.keep("latest", this.world.now());
    if (said.server_time) {
      const offset = Date.parse(said.server_time) - this.world.now();
      await this.store.keep("clockOffset", offset);
      this.heard.offset(offset);
    }
    if (this.registered() !== device) return;
    if (said.policy) await this.store.keep("registered", Object.assign(device, { policy: said.policy }));
    if (said.newest_version) this.heard.newest(said.newest_version !== this.world.version);
    await this.heard.oldest(said.oldest_version ?? "");
    if (said.holders) {
      const allowed = new Set(said.holders);
      // Who left, or has another PIN since: what the old one opens goes, the work stays.
      for (const row of await this.store.holders.toArray()) if (!allowed.has(row.personId)) await this.store.holders.update(row.personId, { mustSignIn: true, wrapped: null });
    }
  }

  // Nobody heard of it for longer than the workspace allows: as good as revoked.
  private async expire(device: Registered, latest: number): Promise<void> {
    const last = await this.store.read<number>("lastContact");
    if (last === undefined) return this.store.keep("lastContact", latest);
    if (latest - last > device.policy.wipe_days * DAY_MS) await this.heard.revoked();
  }
}
