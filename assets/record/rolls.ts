// The page of fabric rolls: points beside the button, what lies outside the roll, the other unit's length.
import { inAscii, type RecordedEvent } from "./finding";
import { isOnRoll, pointsFor, pointsForHole, pointsOfRun } from "./fourpoint";
import { parseMeasure } from "./measure";

const FLAW = "form[data-flaw]";
const ROLL = "form[data-roll]";
const CM_PER: Record<string, number> = { in: 2.54, cm: 1, mm: 0.1 };

export function bindRolls(): void {
  if (!document.querySelector(FLAW)) return;
  let isFlaw = false;
  const changed = (event: Event): void => {
    const form = event.target instanceof HTMLElement ? event.target.closest<HTMLFormElement>(`${FLAW}, ${ROLL}`) : null;
    if (form?.matches(FLAW)) preview(form, event.target);
    else if (form) convert(form);
  };
  document.addEventListener("input", changed);
  document.addEventListener("change", changed);
  document.addEventListener("submit", (event) => {
    isFlaw = event.target instanceof HTMLFormElement && event.target.matches(FLAW);
  });
  document.addEventListener("record:shown", () => {
    if (isFlaw) {
      document.querySelectorAll<HTMLDetailsElement>(`${FLAW} details[data-family]`).forEach((box) => (box.open = false));
      document.querySelector<HTMLInputElement>("#f-at")?.focus();
    }
    isFlaw = false;
  });
  document.addEventListener("record:kept", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement)) return;
    if (form.matches(ROLL)) {
      opened((event as CustomEvent<RecordedEvent[]>).detail[0]);
      form.reset();
      convert(form);
    }
    if (!form.matches(FLAW)) return;
    const unit = value(form, "unit");
    form.reset();
    field(form, "unit").value = unit;
    preview(form, null);
    field(form, "at").focus();
  });
}

function field(form: HTMLFormElement, name: string): HTMLInputElement | HTMLSelectElement {
  const prefix = form.matches(FLAW) ? "f" : "r";
  return form.querySelector<HTMLInputElement | HTMLSelectElement>(`[name="${prefix}-${name}"]`) ?? document.createElement("input");
}

function value(form: HTMLFormElement, name: string): string {
  return inAscii(field(form, name).value.trim());
}

function preview(form: HTMLFormElement, target: EventTarget | null): void {
  const [at, to, unit] = [value(form, "at"), value(form, "runs_to"), value(form, "unit")];
  const size = field(form, "size");
  // In a yard or metre that it runs through, a running flaw is as long as that.
  if (to && !size.value && target === field(form, "runs_to")) size.value = { in: "36", cm: "100", mm: "1000" }[unit] ?? "";
  const isHole = form.querySelector<HTMLInputElement>('[name="f-is_hole:bool"]')?.checked ?? false;
  const length = form.dataset.length ?? "";
  const alone = isHole ? pointsForHole(value(form, "size"), unit, form.dataset.holeRule ?? "") : pointsFor(value(form, "size"), unit);
  const points = to ? pointsOfRun(at, to, length) : alone;
  const out = form.querySelector<HTMLOutputElement>("[data-points]");
  if (out) {
    out.hidden = points === null;
    out.className = `points-now points-${Math.min(points ?? 0, 4)}`;
    const count = out.querySelector("b");
    if (count) count.textContent = String(points ?? "");
  }
  const outside = form.querySelector<HTMLElement>("[data-outside]");
  if (outside) outside.hidden = !length || isOnRoll(at, to, length);
}

// Shown rounded for the eye only; what is recorded is what was typed, in its own unit.
function convert(form: HTMLFormElement): void {
  const out = form.querySelector<HTMLElement>("[data-converted]");
  const [length, width] = [parseMeasure(value(form, "length")), parseMeasure(value(form, "width"))];
  const parts: string[] = [];
  if (length) {
    const amount = Number(length.n) / Number(length.d);
    parts.push(value(form, "length_unit") === "yd" ? `${(amount * 0.9144).toFixed(2)} m` : `${(amount / 0.9144).toFixed(2)} yd`);
  }
  if (width) {
    const cm = (Number(width.n) / Number(width.d)) * (CM_PER[value(form, "width_unit")] ?? 1);
    parts.push(value(form, "width_unit") === "in" ? `${cm.toFixed(1)} cm` : `${(cm / 2.54).toFixed(2)} in`);
  }
  if (out) out.textContent = parts.length ? `= ${parts.join(" × ")}` : "";
}

// A roll that waits on this device takes its flaws at once.
function opened(kept: RecordedEvent | undefined): void {
  const flaws = document.querySelector<HTMLElement>("[data-flaws]");
  const form = flaws?.querySelector<HTMLFormElement>(FLAW);
  if (!kept || !flaws || !form) return;
  flaws.hidden = false;
  field(form, "roll").value = String(kept.body.roll);
  form.dataset.length = String(kept.body.length);
  const name = flaws.querySelector("[data-roll-name]");
  if (name) name.textContent = String(kept.body.roll);
  flaws.querySelectorAll("[data-roll-unit]").forEach((unit) => (unit.textContent = String(kept.body.length_unit)));
  flaws.scrollIntoView({ block: "start" });
}
