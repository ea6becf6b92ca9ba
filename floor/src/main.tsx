// The floor on its own core.
import { createFloor } from "./core";
import { start } from "./face/start";

void start(createFloor());
