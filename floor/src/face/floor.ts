// What the screens ask of the core: the one object and its signals.
import type { ReadonlySignal, Signal } from "@preact/signals";
import type { RecordedEvent } from "../core/events";
import type { State } from "../core/state";
import type { Status } from "../core/status";
import type { Day, FloorInspection, Holder, Me, Session, Settings, Storage, Unsent } from "../core/types";
import type { Severity } from "../rules/bodies";

export type * from "../core/types";
export type { RecordedEvent, Severity, State, Status };

export interface InspectionHandle {
  readonly pk: string;
  readonly detail: ReadonlySignal<FloorInspection>;
  readonly state: ReadonlySignal<State>;
  readonly status: ReadonlySignal<Status>;
  // The record that the person's own signature binds to, kept here or on the server; "" without one.
  readonly signedHash?: ReadonlySignal<string>;
  // Handed in: on its way or arrived.
  readonly handedIn?: ReadonlySignal<boolean>;
  record(kind: string, body: object, options?: { supersedes?: string[]; photos?: Blob[] }): Promise<RecordedEvent>;
  undo(event: RecordedEvent): Promise<void>;
  addPhoto(blob: Blob, section: string, caption?: string): Promise<string>;
  photo(sha256: string): Promise<Blob | null>;
  sign(pin: string, meaning: string, drawn: string): Promise<void>;
  submit(): Promise<void>;
}

export interface Floor {
  readonly ready: Promise<void>;
  holders(): Promise<Holder[]>;
  enrol(input: { workspace: string; pin: string; deviceName: string; password?: string }): Promise<void>;
  me(): Promise<Me | null>;
  unlock(personId: string, pin: string): Promise<void>;
  lock(): void;
  readonly session: ReadonlySignal<Session | null>;
  readonly day: ReadonlySignal<Day | null>;
  takeDown(progress: (done: number, of: number) => void): Promise<void>;
  inspection(pk: string): InspectionHandle;
  readonly online: ReadonlySignal<boolean>;
  readonly storage: ReadonlySignal<Storage>;
  syncNow(): void;
  signOut(confirmed?: boolean): Promise<Unsent | null>;
  exportUnsent(): Promise<Blob>;
  wipe(): Promise<void>;
  readonly settings: Signal<Settings>;
  attest(): Promise<void>;
  readonly trouble: ReadonlySignal<null | "signin" | "revoked" | "space">;
  readonly update: ReadonlySignal<boolean>;
  takeUpdate(): void;
  readonly device: ReadonlySignal<{ readonly name: string } | null>;
}
