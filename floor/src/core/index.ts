// The core of Floor: everything that is not a screen.
import { browserWorld } from "./browser";
import { FloorCore } from "./floor";

export type { RecordedEvent } from "./events";
export { EventRefused } from "./events";
export { FloorCore as Floor, SETTINGS } from "./floor";
export type { Handle as InspectionHandle, RecordOptions } from "./handle";
export { NotTakenDown } from "./pack";
export { NoSpace } from "./recorder";
export { Locked, Refused } from "./refusals";
export type { TakenBack } from "./saved";
export type { Entry, State } from "./state";
export type { Status } from "./status";
export type * from "./types";
export { WrongPin } from "./vault";

export function createFloor(): FloorCore {
  return new FloorCore(browserWorld());
}
