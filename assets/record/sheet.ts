// The measuring sheet: a keypad under the thumb, the next point by itself, the same value for the next piece,
// a value in the wrong unit asked about, shrinkage at once.
import { inAscii, type RecordedEvent } from "./finding";
import { parseMeasure, type Fraction } from "./measure";

const SHEET = "form[data-sheet]";
const FRACTIONS = ["½", "¼", "¾", "⅛", "⅜", "⅝", "⅞"];
const SPELLED: Record<string, string> = { "½": "1/2", "¼": "1/4", "¾": "3/4", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8" };
const CM_PER: Record<string, Fraction> = { cm: { n: 1n, d: 1n }, mm: { n: 1n, d: 10n }, in: { n: 254n, d: 100n } };

let goTo = "";

export function bindSheet(): void {
  if (!document.querySelector(SHEET)) return;
  document.addEventListener("input", (event) => {
    const input = fieldOf(event.target);
    if (input) typed(input);
  });
  document.addEventListener("keydown", (event) => {
    const input = fieldOf(event.target);
    if (!input || event.key !== "Enter") return;
    event.preventDefault();
    next(input);
  });
  document.addEventListener("focusin", (event) => keypadFor(fieldOf(event.target)));
  document.addEventListener("focusout", () => window.setTimeout(() => keypadFor(fieldOf(document.activeElement)), 50));
  document.addEventListener("record:shown", () => {
    dress();
    focusNext();
  });
  document.addEventListener("record:kept", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.matches(SHEET)) return;
    kept(form, (event as CustomEvent<RecordedEvent[]>).detail);
    focusNext();
  });
  dress();
}

const isTouched = (): boolean => window.matchMedia("(pointer: coarse)").matches;

function fieldOf(target: EventTarget | null): HTMLInputElement | null {
  return target instanceof HTMLInputElement && target.name.endsWith("-value") && target.closest(SHEET) ? target : null;
}

function fieldsOf(form: HTMLFormElement): HTMLInputElement[] {
  return [...form.querySelectorAll<HTMLInputElement>(".cell > input.form-control")];
}

function cellOf(input: HTMLInputElement): HTMLElement | null {
  return input.closest<HTMLElement>(".cell");
}

// The keypad takes the place of the device's keyboard, which covers half of a small screen.
function dress(): void {
  const form = document.querySelector<HTMLFormElement>(SHEET);
  if (form && isTouched()) fieldsOf(form).forEach((input) => (input.inputMode = "none"));
}

function focusNext(): void {
  const input = goTo ? document.getElementById(goTo) : null;
  goTo = "";
  if (input instanceof HTMLInputElement) focus(input);
}

function focus(input: HTMLInputElement): void {
  input.focus({ preventScroll: true });
  input.select();
  input.scrollIntoView({ block: "center", behavior: "instant" });
}

// Down the points of this piece, then to the next piece; a piece that is done is saved on the way.
function next(input: HTMLInputElement): void {
  const form = input.form;
  if (!form) return;
  const fields = fieldsOf(form);
  const pieces = [...new Set(fields.map((one) => cellOf(one)?.dataset.piece))];
  const order = pieces.flatMap((piece) => fields.filter((one) => cellOf(one)?.dataset.piece === piece));
  const piece = cellOf(input)?.dataset.piece;
  const rest = order.slice(order.indexOf(input) + 1);
  const below = rest.find((one) => cellOf(one)?.dataset.piece === piece && !one.value.trim());
  if (below) return focus(below);
  const other = order.find((one) => !one.value.trim() && cellOf(one)?.classList.contains("is-wanted"));
  goTo = other?.id ?? "";
  if (!other) input.blur();
  form.requestSubmit(form.querySelector<HTMLButtonElement>("[data-save]"));
}

function copy(input: HTMLInputElement): void {
  const row = input.closest(".sheet-cells");
  const cells = [...(row?.querySelectorAll<HTMLInputElement>(".cell > input.form-control") ?? [])];
  const beside = cells[cells.indexOf(input) + 1];
  if (!beside || !input.value.trim()) return next(input);
  beside.value = input.value;
  beside.dispatchEvent(new Event("input", { bubbles: true }));
  focus(beside);
}

// What waits on this device counts as recorded: sent again only where it changes, and then as a correction.
function kept(form: HTMLFormElement, events: RecordedEvent[]): void {
  for (const event of events) {
    const cell = fieldsOf(form).map(cellOf).find((one) =>
      one?.dataset.piece === String(event.body.piece_no) &&
      one.querySelector<HTMLInputElement>('[name$="-pom"]')?.value === event.body.pom);
    const input = cell?.querySelector<HTMLInputElement>("input.form-control");
    const supersedes = cell?.querySelector<HTMLInputElement>('[name$="-supersedes"]');
    if (!input || !supersedes) continue;
    input.defaultValue = input.value;
    supersedes.defaultValue = supersedes.value = event.id;
  }
}

function typed(input: HTMLInputElement): void {
  const cell = cellOf(input);
  if (!cell) return;
  const value = parseMeasure(inAscii(input.value));
  shrunk(cell, value);
  cell.querySelector(".suggest")?.remove();
  const other = value && suggestUnit(cell, value);
  if (value && other) cell.append(suggestion(input, cell, value, other));
}

function shrunk(cell: HTMLElement, value: Fraction | null): void {
  const out = cell.querySelector<HTMLElement>("[data-shrunk]");
  const before = parseMeasure(cell.dataset.before ?? "");
  if (!out || !before || before.n <= 0n) return;
  const words = cell.closest<HTMLElement>(SHEET)?.dataset.sayShrunk ?? "";
  const percent = value && ((number(before) - number(value)) * 100) / number(before);
  out.textContent = percent === null ? "" : `${words} ${percent.toFixed(1).replace("-", "−")} %`;
}

function number(value: Fraction): number {
  return Number(value.n) / Number(value.d);
}

// The twin of rules/measurement.py suggest_unit: far out here, and near the specification in another unit.
function suggestUnit(cell: HTMLElement, value: Fraction): string | null {
  const [spec, minus, plus] = [cell.dataset.spec, cell.dataset.minus, cell.dataset.plus].map((text) => parseMeasure(text ?? ""));
  const unit = cell.dataset.unit ?? "cm";
  if (!spec || !minus || !plus || spec.n <= 0n) return null;
  const [target, below, above] = [number(spec), number(minus), number(plus)];
  const off = number(value) - target;
  if (Math.abs(off) <= target / 2 || (off >= -below && off <= above)) return null;
  for (const other of ["cm", "mm", "in"]) {
    const away = (number(value) * number(CM_PER[other]!)) / number(CM_PER[unit]!) - target;
    if (other !== unit && (Math.abs(away) <= target / 10 || (away >= -below && away <= above))) return other;
  }
  return null;
}

function suggestion(input: HTMLInputElement, cell: HTMLElement, value: Fraction, other: string): HTMLButtonElement {
  const unit = cell.dataset.unit ?? "cm";
  const converted = printed(value, other, unit);
  const button = document.createElement("button");
  button.type = "button";
  button.className = "btn suggest";
  const words = cell.closest<HTMLElement>(SHEET)?.dataset.sayUse ?? "{value}";
  button.textContent = words.replace("{typed}", `${input.value.trim()} ${other}`).replace("{value}", `${converted} ${unit}`);
  button.onclick = () => {
    input.value = converted;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.focus();
  };
  return button;
}

// Exact, then as the unit is written: hundredths, or sixteenths of an inch; a half away from zero.
function printed(value: Fraction, from: string, to: string): string {
  const [a, b] = [CM_PER[from]!, CM_PER[to]!];
  const [n, d] = [value.n * a.n * b.d, value.d * a.d * b.n];
  const parts = to === "in" ? 16n : 100n;
  const scaled = (2n * n * parts + d) / (2n * d);
  if (to !== "in") return (Number(scaled) / 100).toString();
  const [whole, rest] = [scaled / 16n, scaled % 16n];
  let [top, bottom] = [rest, 16n];
  while (top && top % 2n === 0n) [top, bottom] = [top / 2n, bottom / 2n];
  return rest ? `${whole ? `${whole} ` : ""}${top}/${bottom}` : whole.toString();
}

let pad: HTMLElement | null = null;

function keypadFor(input: HTMLInputElement | null): void {
  if (!isTouched()) return;
  const unit = input ? (cellOf(input)?.dataset.unit ?? "cm") : "";
  document.body.classList.toggle("has-keypad", Boolean(input));
  if (!input) {
    pad?.remove();
    pad = null;
    return;
  }
  const isInch = unit === "in";
  if (pad?.dataset.inch === String(isInch)) return;
  pad?.remove();
  pad = document.createElement("div");
  pad.className = "keypad";
  pad.dataset.inch = String(isInch);
  const form = input.form;
  const keys = isInch ? ["7", "8", "9", "⌫", "4", "5", "6", "−", "1", "2", "3", "⧉", " ", "0", "/", "→"]
    : ["7", "8", "9", "⌫", "4", "5", "6", "−", "1", "2", "3", "⧉", ".", "0", ",", "→"];
  if (isInch) pad.append(row(FRACTIONS, form, "keypad-fractions"));
  pad.append(row(keys, form, "keypad-keys"));
  document.body.append(pad);
  input.scrollIntoView({ block: "center", behavior: "instant" });
}

function row(keys: string[], form: HTMLFormElement | null, name: string): HTMLElement {
  const box = document.createElement("div");
  box.className = name;
  const said: Record<string, string> = {
    "→": form?.dataset.sayNext ?? "", "⧉": form?.dataset.sayCopy ?? "", "⌫": form?.dataset.sayDelete ?? "",
  };
  for (const key of keys) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = `btn key${key === "→" ? " btn-primary" : ""}${said[key] ? " key-act" : ""}`;
    button.textContent = key === " " ? "␣" : key === "→" ? (said[key] ?? key) : key;
    if (said[key]) button.setAttribute("aria-label", said[key] ?? "");
    // The field keeps the focus while keys are tapped.
    button.addEventListener("pointerdown", (event) => event.preventDefault());
    button.addEventListener("click", () => press(key));
    box.append(button);
  }
  return box;
}

function press(key: string): void {
  const input = fieldOf(document.activeElement);
  if (!input) return;
  if (key === "→") return next(input);
  if (key === "⧉") return copy(input);
  const [from, to] = [input.selectionStart ?? input.value.length, input.selectionEnd ?? input.value.length];
  const before = input.value.slice(0, from);
  const part = SPELLED[key] ? `${/\d$/.test(before) ? " " : ""}${SPELLED[key]}` : key === "−" ? "-" : key;
  if (key !== "⌫") input.setRangeText(part, from, to, "end");
  else input.setRangeText("", from === to ? Math.max(0, from - 1) : from, to, "end");
  input.dispatchEvent(new Event("input", { bubbles: true }));
}
