// The core is what the screens were written for.
import { expectTypeOf, test } from "vitest";
import type { Floor as Wanted } from "../src/face/floor";
import type { Floor } from "../src/core/index";

test("the core gives the screens what they ask for", () => {
  expectTypeOf<Floor>().toExtend<Wanted>();
});
