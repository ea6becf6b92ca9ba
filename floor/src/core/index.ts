// The core of Floor: everything that is not a screen.
import { browserWorld } from "./browser";
import { FloorCore } from "./floor";

export type { RecordedEvent } from "./events";
export { EventRefused } from "./events";
export { FloorCore as Floor, Locked, Refused, SETTINGS } from "./floor";
export type { Handle as InspectionHandle, RecordOptions } from "./handle";
export { NotTakenDown } from "./pack";
export { NoSpace } from "./recorder";
export type { Entry, State } from "./state";
export type { Status } from "./status";
export type * from "./types";
export { WrongPin } from "./vault";

export function createFloor(): FloorCore {
  return new FloorCore(browserWorld());
}
