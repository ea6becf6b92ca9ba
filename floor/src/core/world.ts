// What the core needs of the browser, in one place, so that a test can stand in for it.
import type { Fetch } from "./http";
import type { Locks } from "./sync";

export interface Watchers {
  online(isOnline: boolean): void;
  // Another tab recorded something for this inspection.
  told(pk: string): Promise<void>;
  idle(): void;
  // 0: never.
  idleAfterMs(): number;
  // A newer app is installed and waits.
  newer(): void;
  mayTakeUpdate(): Promise<boolean>;
}

export interface World {
  readonly database: string;
  readonly version: string;
  // Of the page, until somebody chooses another.
  readonly language: "en" | "bn";
  readonly fetch: Fetch;
  readonly locks: Locks;
  readonly iterations: number;
  now(): number;
  // Milliseconds that no setting of the clock changes; they may stand still while the device sleeps.
  steady(): number;
  random(): number;
  isOnline(): boolean;
  space(): Promise<{ used: number; quota: number; persisted: boolean }>;
  persist(): Promise<boolean>;
  tell(pk: string): void;
  takeUpdate(): void;
  // Returns what ends each watch.
  watch(watchers: Watchers): (() => void)[];
}
