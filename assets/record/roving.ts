// A roving visit: taps on a defect add up, the colour shows before it is saved, a place's next round is found.
import type { RecordedEvent } from "./finding";
import type { RecordingPage } from "./page";

const FORM = "form[data-roving]";

export function bindRoving(recording: RecordingPage | null): void {
  if (!recording || !document.querySelector(FORM)) return;
  document.addEventListener("click", (event) => tapped(event, recording));
  document.addEventListener("input", (event) => changed(event.target, recording));
  document.addEventListener("change", (event) => changed(event.target, recording));
  document.addEventListener("record:shown", dress);
  document.addEventListener("record:kept", (event) => {
    if (event.target instanceof HTMLFormElement && event.target.matches(FORM)) {
      event.target.reset();
      dress();
    }
  });
  dress();
}

function dress(): void {
  const form = document.querySelector<HTMLFormElement>(FORM);
  if (!form) return;
  for (const tick of form.querySelectorAll<HTMLElement>("[data-tick]")) less(tick);
  preview(form);
}

// A button that takes one away, beside each count.
function less(tick: HTMLElement): void {
  const more = tick.querySelector(".tick-more");
  if (!more || more.querySelector("button")) return;
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn tick-less";
  button.textContent = "−";
  button.setAttribute("aria-label", `${tick.querySelector("strong")?.textContent ?? ""} −1`);
  button.onclick = () => add(tick, -1);
  more.prepend(button);
}

function add(tick: HTMLElement, by: number): void {
  const box = tick.querySelector<HTMLInputElement>("input[type=checkbox]");
  const count = tick.querySelector<HTMLInputElement>(".tick-count");
  if (!box || !count) return;
  const next = (box.checked ? Number(count.value) || 1 : 0) + by;
  box.checked = next > 0;
  count.value = String(Math.max(1, next));
  box.dispatchEvent(new Event("change", { bubbles: true }));
}

function tapped(event: Event, recording: RecordingPage): void {
  const target = event.target instanceof Element ? event.target : null;
  const name = target?.closest<HTMLElement>(".tick-name");
  if (name) {
    event.preventDefault();
    const tick = name.closest<HTMLElement>("[data-tick]");
    if (!tick) return;
    // A box that was clicked itself (keyboard, reader) falls back to what it was when the click is over.
    if (target instanceof HTMLInputElement) window.setTimeout(() => add(tick, 1), 0);
    else add(tick, 1);
  }
  const place = target?.closest<HTMLAnchorElement>("a[data-visit]");
  if (place) {
    event.preventDefault();
    visit(place, recording);
  }
}

function visit(place: HTMLAnchorElement, recording: RecordingPage): void {
  const form = document.querySelector<HTMLFormElement>(FORM);
  if (!form) return;
  if (form.querySelector<HTMLInputElement>("[name=o-supersedes]")?.value) return location.assign(place.href);
  form.reset();
  for (const name of ["operator", "operation", "machine"] as const) field(form, name).value = place.dataset[name] ?? "";
  number(form, recording);
  dress();
  document.querySelectorAll("a[data-visit]").forEach((other) => other.toggleAttribute("aria-current", other === place));
  form.scrollIntoView({ block: "start" });
}

function field(form: HTMLFormElement, name: string): HTMLInputElement {
  return form.querySelector<HTMLInputElement>(`[name="o-${name}"]`) ?? document.createElement("input");
}

// One more than the last round of this place, those that wait on this device included.
function number(form: HTMLFormElement, recording: RecordingPage): void {
  if (field(form, "supersedes").value) return;
  const [operator, operation] = [field(form, "operator").value.trim(), field(form, "operation").value.trim()];
  const places = [...document.querySelectorAll<HTMLElement>("a[data-visit]")];
  const here = places.find((place) => place.dataset.operator === operator && place.dataset.operation === operation);
  const waiting = recording.queue.waiting
    .filter((event: RecordedEvent) => event.body.operator === operator && event.body.operation === operation)
    .map((event) => Number(event.body.round) || 0);
  field(form, "round:int").value = String(1 + Math.max(Number(here?.dataset.round) || 0, ...waiting));
}

function changed(target: EventTarget | null, recording: RecordingPage): void {
  if (!(target instanceof HTMLInputElement || target instanceof HTMLSelectElement)) return;
  const form = target.closest<HTMLFormElement>(FORM);
  if (!form) return;
  if (target.name === "o-operator" || target.name === "o-operation") number(form, recording);
  if ("machineOut" in target.dataset && target instanceof HTMLInputElement) {
    const pieces = field(form, "pieces");
    pieces.value = target.checked ? "0" : pieces.defaultValue;
  }
  preview(form);
}

// The twin of rules/roving.py colour_of.
function preview(form: HTMLFormElement): void {
  let found = 0;
  let isCritical = false;
  for (const tick of form.querySelectorAll<HTMLElement>("[data-tick]")) {
    if (!tick.querySelector<HTMLInputElement>("input[type=checkbox]")?.checked) continue;
    found += Number(tick.querySelector<HTMLInputElement>(".tick-count")?.value) || 1;
    isCritical ||= tick.querySelector("select")?.value === "critical";
  }
  const isOut = form.querySelector<HTMLInputElement>("[data-machine-out]")?.checked;
  const isRed = !isOut && (isCritical || found >= Number(form.dataset.red));
  const colour = isOut ? "blue" : isRed ? "red" : found >= Number(form.dataset.yellow) ? "yellow" : "green";
  for (const one of form.querySelectorAll<HTMLElement>("[data-preview-of]")) one.hidden = one.dataset.previewOf !== colour;
  const box = form.querySelector<HTMLElement>("[data-preview]");
  if (box) box.hidden = false;
  const actions = form.querySelector<HTMLElement>("[data-when-red]");
  if (actions) actions.hidden = !isRed;
}
