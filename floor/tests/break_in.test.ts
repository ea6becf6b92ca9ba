// Whoever may not hold this device any more, or has another PIN since, opens nothing with the old one.
import { expect, test } from "vitest";
import { WrongPin } from "../src/core/index";
import { DEFECT, PIN, off, server, start, through } from "./hands";

test("the old PIN of somebody whom the server leaves out opens nothing; what was recorded stays", async () => {
  const at = await start();
  at.fate = off;
  await at.floor.inspection("i1").record("defect_recorded", DEFECT);
  at.fate = through;
  at.floor.lock();
  server.allowed = [];
  await at.floor["contact"].now();
  expect(await at.floor.holders()).toMatchObject([{ id: "u1", left: 0, mustSignIn: true }]);
  await expect(at.floor.unlock("u1", PIN)).rejects.toThrow(WrongPin);
  await at.floor.enrol({ workspace: "w", pin: "730164", deviceName: "x" });
  await at.floor.inspection("i1").ready;
  expect(at.floor.inspection("i1").state.value.known.size).toBe(1);
  at.floor.lock();
  await expect(at.floor.unlock("u1", PIN)).rejects.toMatchObject({ left: 4 });
  await at.floor.unlock("u1", "730164");
});
