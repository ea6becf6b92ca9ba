// The floor comes up: words first, then the frame.
import { render } from "preact";
import { floor, useFloor } from "./app";
import type { Floor } from "./floor";
import { App, followSettings } from "./frame";
import { loadWords } from "./text";

export async function start(core: Floor): Promise<void> {
  useFloor(core);
  await core.ready;
  await loadWords(floor.settings.value.language);
  followSettings();
  // Every screen has its own landmarks, so the shell's one makes room.
  const box = document.createElement("div");
  box.id = "floor";
  const shell = document.getElementById("floor");
  Object.assign(box.dataset, shell?.dataset);
  if (shell) shell.replaceWith(box);
  else document.body.append(box);
  render(<App />, box);
}
