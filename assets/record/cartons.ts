// One carton: differences to the order at once, scanned barcodes judged and counted, weight against its range.
import { inAscii } from "./finding";

const FORM = "form[data-carton]";

export function bindCartons(): void {
  if (!document.querySelector(FORM)) return;
  document.addEventListener("input", (event) => judged(event.target));
  document.addEventListener("scan:read", (event) => {
    if (event.target instanceof HTMLInputElement && event.target.closest(FORM)) scanned(event.target);
  });
  document.addEventListener("keydown", (event) => {
    const target = event.target;
    if (event.key !== "Enter" || !(target instanceof HTMLInputElement) || !target.closest(FORM)) return;
    event.preventDefault();
    if ("scan" in target.dataset) scanned(target);
    else following(target)?.focus();
  });
  document.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-as-ordered]") : null;
    const form = button?.closest<HTMLFormElement>(FORM);
    if (form) asOrdered(form);
  });
  document.addEventListener("record:shown", dress);
  document.addEventListener("record:kept", (event) => {
    if (event.target instanceof HTMLFormElement && event.target.matches(FORM)) event.target.reset();
  });
  dress();
}

function dress(): void {
  const form = document.querySelector<HTMLFormElement>(FORM);
  form?.querySelector("[data-as-ordered]")?.removeAttribute("hidden");
  form?.querySelectorAll<HTMLInputElement>("input:not([type=hidden])").forEach((input) => judged(input));
}

// In a browser a sheet is filled by Enter as well: the next field of the form.
function following(input: HTMLInputElement): HTMLElement | undefined {
  const fields = [...(input.form?.querySelectorAll<HTMLInputElement>("input:not([type=hidden]):not([type=file])") ?? [])];
  return fields[fields.indexOf(input) + 1];
}

function asOrdered(form: HTMLFormElement): void {
  form.querySelectorAll<HTMLInputElement>("[data-wanted]").forEach((input) => {
    input.value = input.dataset.wanted === "0" ? "" : (input.dataset.wanted ?? "");
    judged(input);
  });
  form.querySelector<HTMLInputElement>("[data-scan]")?.focus();
}

function judged(target: EventTarget | null): void {
  const form = target instanceof HTMLInputElement ? target.closest<HTMLFormElement>(FORM) : null;
  if (!(target instanceof HTMLInputElement) || !form) return;
  if (target.dataset.wanted !== undefined) ratio(form);
  if ("scan" in target.dataset) barcode(form, target);
  if ("weight" in target.dataset) weight(form, target);
}

// Once any cell is counted, an empty one is none.
function ratio(form: HTMLFormElement): void {
  const cells = [...form.querySelectorAll<HTMLInputElement>("[data-wanted]")];
  const isCounted = cells.some((cell) => cell.value.trim());
  for (const cell of cells) {
    const off = Number(inAscii(cell.value.trim()) || 0) - Number(cell.dataset.wanted);
    const out = cell.parentElement?.querySelector("output");
    if (out) out.textContent = isCounted && off ? `${off > 0 ? "+" : "−"}${Math.abs(off)}` : "";
    cell.parentElement?.classList.toggle("is-off", isCounted && off !== 0);
  }
}

// A check digit by GS1, weights 3 and 1 from the right; the twin of rules/packing.py.
export function isGtin(code: string): boolean {
  if (!/^(\d{8}|\d{12}|\d{13})$/.test(code)) return false;
  const sum = [...code].reverse().reduce((total, digit, place) => total + Number(digit) * (place % 2 ? 3 : 1), 0);
  return sum % 10 === 0;
}

export function sameGtin(code: string): string {
  return code.length === 12 && isGtin(code) ? `0${code}` : code;
}

function barcode(form: HTMLFormElement, input: HTMLInputElement): void {
  const out = input.closest("[data-scan-line]")?.querySelector("output");
  const code = input.value.trim();
  if (!out) return;
  const known = form.dataset.codes ? (JSON.parse(form.dataset.codes) as string[]) : null;
  const isLooksLike = /^\d{8,14}$/.test(code);
  let found = "";
  if (code && known) found = known.includes(sameGtin(code)) ? "known" : isLooksLike && !isGtin(code) ? "invalid" : "strange";
  else if (code && isLooksLike && !isGtin(code)) found = "invalid";
  out.textContent = found ? (form.getAttribute(`data-say-${found}`) ?? "") : "";
  out.className = `scanned-is ${found === "known" ? "is-in" : found ? "is-out" : ""}`;
}

// Enter after a scan: the same code again counts one more, another one takes the next line.
function scanned(input: HTMLInputElement): void {
  const form = input.closest<HTMLFormElement>(FORM);
  const line = input.closest<HTMLElement>("[data-scan-line]");
  const code = input.value.trim();
  if (!form || !line || !code) return;
  const lines = [...form.querySelectorAll<HTMLElement>("[data-scan-line]")];
  const codeOf = (one: HTMLElement): HTMLInputElement | null => one.querySelector<HTMLInputElement>("[data-scan]");
  const before = lines.find((one) => one !== line && codeOf(one)?.value.trim() === code);
  if (before) {
    const count = before.querySelector<HTMLInputElement>(".scan-count");
    if (count) count.value = String((Number(count.value) || 1) + 1);
    input.value = "";
    barcode(form, input);
    input.focus();
    return;
  }
  barcode(form, input);
  const blank = lines.find((one) => !codeOf(one)?.value.trim()) ?? another(line, lines.length);
  codeOf(blank)?.focus();
}

function another(line: HTMLElement, place: number): HTMLElement {
  const copy = line.cloneNode(true) as HTMLElement;
  copy.querySelectorAll("button").forEach((button) => button.remove());
  copy.querySelectorAll<HTMLInputElement>("input").forEach((input) => {
    input.name = input.name.replace(/\.\d+\./, `.${place}.`);
    input.value = input.classList.contains("scan-count") ? "1" : "";
    delete input.dataset.withCamera;
  });
  const out = copy.querySelector("output");
  if (out) out.textContent = "";
  line.parentElement?.append(copy);
  document.dispatchEvent(new CustomEvent("scan:added"));
  return copy;
}

function weight(form: HTMLFormElement, input: HTMLInputElement): void {
  const out = input.closest(".field")?.querySelector("output");
  const text = inAscii(input.value.trim()).replace(",", ".");
  const { least, most } = input.dataset;
  if (!out) return;
  let found = "";
  if (text && !/^\d+(\.\d+)?$/.test(text)) found = "unreadable";
  else if (text && least !== undefined) found = Number(text) < Number(least) ? "below" : Number(text) > Number(most) ? "above" : "ok";
  out.textContent = found ? (form.getAttribute(`data-say-${found}`) ?? "") : "";
  out.className = `ranged ${found === "ok" ? "is-in" : found ? "is-out" : ""}`;
}
