// A checklist: numbers coloured against their range while typed, conditional questions, and on to the next open one.
import { inAscii, type RecordedEvent } from "./finding";

const LIST = "[data-checklist]";

export function bindChecklist(): void {
  if (!document.querySelector(LIST)) return;
  let from = "";
  document.addEventListener("input", (event) => {
    if (event.target instanceof HTMLInputElement && "number" in event.target.dataset) range(event.target);
  });
  document.addEventListener("submit", (event) => {
    if (event.target instanceof HTMLFormElement && "answer" in event.target.dataset) from = questionOf(event.target)?.id ?? "";
  });
  document.addEventListener("record:shown", () => {
    if (from) onwards(from);
    from = "";
  });
  document.addEventListener("record:kept", (event) => {
    if (!(event.target instanceof HTMLElement) || !event.target.closest(LIST)) return;
    for (const kept of (event as CustomEvent<RecordedEvent[]>).detail) answered(kept);
    if (from) onwards(from);
    from = "";
  });
}

function questionOf(element: Element): HTMLElement | null {
  return element.closest<HTMLElement>("[data-question]");
}

// Numbers as the server judges them (rules/checklists.py): both limits are allowed.
function range(input: HTMLInputElement): void {
  const out = questionOf(input)?.querySelector<HTMLOutputElement>("output");
  const list = input.closest<HTMLElement>(LIST);
  if (!out || !list) return;
  const text = inAscii(input.value.trim()).replace(",", ".").replace("−", "-");
  const { least, most } = input.dataset;
  let found = "";
  if (text && !/^[+-]?\d+(\.\d+)?$/.test(text)) found = "unreadable";
  else if (text && least !== undefined && Number(text) < Number(least)) found = "below";
  else if (text && most !== undefined && Number(text) > Number(most)) found = "above";
  else if (text && (least !== undefined || most !== undefined)) found = "ok";
  out.textContent = found ? (list.getAttribute(`data-say-${found}`) ?? "") : "";
  out.className = `ranged ${found === "ok" ? "is-in" : found ? "is-out" : ""}`;
}

// An answer that waits on this device opens and closes what depends on it, as the server will.
function answered(kept: RecordedEvent): void {
  const questions = [...document.querySelectorAll<HTMLElement>("[data-question]")];
  const its = questions.find((one) => one.dataset.question === kept.body.item);
  if (!its) return;
  its.dataset.value = String(kept.body.answer ?? kept.body.choice ?? kept.body.number ?? kept.body.text ?? kept.body.barcode ?? "");
  its.classList.replace("is-open", "is-done");
  const asked = new Map<string, string>();
  for (const one of questions) {
    const condition = one.dataset.if;
    const fits = !condition || (JSON.parse(one.dataset.is ?? "[]") as string[]).includes(asked.get(condition) ?? "");
    one.hidden = !fits;
    if (fits) asked.set(one.dataset.question ?? "", one.dataset.value ?? "");
    if (fits && !one.dataset.value) one.classList.replace("is-done", "is-open");
  }
  document.querySelectorAll<HTMLElement>(`${LIST} > section`).forEach((part) => {
    part.hidden = !part.querySelector("[data-question]:not([hidden])");
  });
}

// The next open question into view, unless this one still wants something.
function onwards(from: string): void {
  const questions = [...document.querySelectorAll<HTMLElement>("[data-question]:not([hidden])")];
  const place = questions.findIndex((one) => one.id === from);
  if (place < 0 || questions[place]?.classList.contains("is-open") || questions[place]?.querySelector(".wrong")) return;
  const next = questions.slice(place + 1).find((one) => one.classList.contains("is-open"));
  if (!next) return;
  const { top, bottom } = next.getBoundingClientRect();
  if (top < 70 || bottom > window.innerHeight - 140) next.scrollIntoView({ block: "center", behavior: "instant" });
  next.querySelector<HTMLElement>("input[data-number], input[data-scan]")?.focus({ preventScroll: true });
}
