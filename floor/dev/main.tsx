// The screens on a fake core; `floor/dev/serve.mjs` shows them.
import { start } from "../src/face/start";
import { fake, OTHER } from "./fake";

Object.assign(window, { floorForLooking: fake, otherPerson: OTHER });
void start(fake);
