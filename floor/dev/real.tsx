// The screens on the true core, which a script may fill with a long day's records (floor/dev/taps.py).
import { createFloor } from "../src/core";
import { start } from "../src/face/start";

const core = createFloor();
Object.assign(window, { floorForLooking: core });
void start(core);
