// What the screens ask of the core: the part of it that they may touch.
import type { Floor as Core, InspectionHandle as CoreHandle } from "../core";
import type { RecordedEvent } from "../core/events";
import type { State } from "../core/state";
import type { Status } from "../core/status";
import type { Severity } from "../rules/bodies";

export type * from "../core/types";
export type { RecordedEvent, Severity, State, Status };

export type InspectionHandle = Pick<CoreHandle, "pk" | "detail" | "state" | "status" | "signedHash" | "handedIn" | "record" | "undo" | "addPhoto" | "photo" | "sign" | "submit">;

export interface Floor
  extends Pick<
    Core,
    | "ready" | "holders" | "enrol" | "me" | "unlock" | "lock" | "session" | "day" | "takeDown" | "picture" | "online" | "storage" | "syncNow" | "signOut"
    | "exportUnsent" | "takeBack" | "wipe" | "settings" | "attest" | "trouble" | "update" | "outdated" | "takeUpdate" | "device"
  > {
  inspection(pk: string): InspectionHandle;
}
