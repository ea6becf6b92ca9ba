// One recording page at work: sends forms in place, keeps what cannot be sent, suggests severities, judges measures.
import { bindUploads } from "../page/upload";
import { eventsOf, hasPhotos, suggested } from "./finding";
import { judge, parseMeasure } from "./measure";
import { Queue } from "./queue";

const AGAIN_MS = 15_000;

export function bindRecording(): RecordingPage | null {
  const page = document.querySelector<HTMLElement>("[data-record]");
  return page && new RecordingPage(page);
}

export class RecordingPage {
  readonly queue: Queue;

  constructor(private page: HTMLElement) {
    this.queue = new Queue(page.dataset.events ?? "", page.dataset.by ?? "", () => this.token());
    document.addEventListener("submit", (event) => {
      const form = event.target;
      if (!(form instanceof HTMLFormElement) || !("send" in form.dataset) || event.defaultPrevented) return;
      event.preventDefault();
      void this.submit(form, event.submitter);
    });
    document.addEventListener("input", (event) => this.typed(event.target));
    document.addEventListener("change", (event) => this.typed(event.target));
    window.addEventListener("online", () => void this.flush());
    window.setInterval(() => void this.flush(), AGAIN_MS);
    this.dress();
    void this.flush();
  }

  private say(name: string): string {
    return this.page.getAttribute(`data-say-${name}`) ?? "";
  }

  private token(): string {
    return this.page.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]")?.value ?? "";
  }

  private async submit(form: HTMLFormElement, submitter: HTMLElement | null): Promise<void> {
    if (form.classList.contains("is-sending")) return;
    const data = new FormData(form, submitter);
    const at = new Date().toISOString();
    data.set("all-at", at);
    form.classList.add("is-sending");
    try {
      const answer = await fetch(location.href, { method: "POST", body: data });
      if (answer.status >= 500) throw new Error(String(answer.status));
      this.show(await answer.text(), answer.url);
      void this.flush();
    } catch {
      this.keep(form, data, at);
    } finally {
      form.classList.remove("is-sending");
    }
  }

  private keep(form: HTMLFormElement, data: FormData, at: string): void {
    if (hasPhotos(data)) return this.note(this.say("photo"));
    const events = eventsOf(form, data, this.page.dataset.by ?? "", at);
    if (!events.length || !this.queue.add(events)) return this.note(this.say("photo"));
    // The next entry of this form is another one; a correction needs the page from the server again.
    for (const id of form.querySelectorAll<HTMLInputElement>('input[name$="-id"]')) id.value = "";
    if ("defect" in form.dataset) {
      form.querySelectorAll<HTMLInputElement>('input[name$="-code"]:checked').forEach((code) => (code.checked = false));
    }
    this.press(form, data);
    this.count(this.say("kept"));
    form.dispatchEvent(new CustomEvent("record:kept", { bubbles: true, detail: events }));
  }

  private press(form: HTMLFormElement, data: FormData): void {
    form.querySelectorAll<HTMLButtonElement>("button.reply").forEach((button) => {
      button.setAttribute("aria-pressed", String(data.get(button.name) === button.value));
    });
  }

  get by(): string {
    return this.page.dataset.by ?? "";
  }

  // The page as the server has it now, unless somebody is typing or `isWanted` says no when it has come.
  async refresh(isWanted: () => boolean = () => true): Promise<void> {
    const answer = await fetch(location.href).catch(() => null);
    if (!answer?.ok) return;
    const html = await answer.text();
    if (isWanted() && !this.isTyping()) this.show(html, location.href);
  }

  async flush(): Promise<void> {
    if (!this.queue.waiting.length) return this.count("");
    const sent = await this.queue.send();
    if (sent === "all") {
      this.count("");
      await this.refresh();
    } else this.count("", sent === "later" ? "" : sent.refused);
  }

  private isTyping(): boolean {
    return [...this.page.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>("input:not([type=hidden]), textarea")].some(
      (field) => ("checked" in field && field.type !== "text" ? field.checked !== field.defaultChecked : field.value !== field.defaultValue),
    );
  }

  private show(html: string, address: string): void {
    const fresh = new DOMParser().parseFromString(html, "text/html");
    const page = fresh.querySelector<HTMLElement>("[data-record]");
    if (!page) {
      location.assign(address);
      return;
    }
    const opened = [...this.page.querySelectorAll<HTMLDetailsElement>("details[data-family][open]")].map(
      (box) => box.querySelector("summary")?.textContent,
    );
    const tabs = this.page.querySelector(".tabs")?.scrollLeft ?? 0;
    const focused = document.activeElement?.id ?? "";
    this.page.replaceWith(page);
    this.page = page;
    const said = fresh.querySelectorAll("#main > .notice");
    document.querySelectorAll("#main > .notice").forEach((old) => old.remove());
    said.forEach((notice) => page.before(notice));
    if (address !== location.href) history.replaceState(null, "", address);
    page.querySelectorAll<HTMLDetailsElement>("details[data-family]").forEach((box) => {
      if (opened.includes(box.querySelector("summary")?.textContent)) box.open = true;
    });
    const bar = page.querySelector(".tabs");
    if (bar) bar.scrollLeft = tabs;
    if (focused && focused !== "main") document.getElementById(focused)?.focus({ preventScroll: true });
    page.querySelector<HTMLElement>("[data-first-error]")?.focus();
    this.dress();
    document.dispatchEvent(new CustomEvent("record:shown"));
  }

  private dress(): void {
    bindUploads();
    this.page.querySelectorAll<HTMLInputElement>("[data-stepper]").forEach((input) => this.step(input));
    this.page.querySelector<HTMLElement>(".tabs [aria-current]")?.scrollIntoView({ inline: "center", block: "nearest" });
    this.count("");
  }

  private step(input: HTMLInputElement): void {
    const box = document.createElement("div");
    box.className = "stepper";
    input.replaceWith(box);
    const button = (sign: string, by: number): HTMLButtonElement => {
      const made = document.createElement("button");
      made.type = "button";
      made.className = "btn";
      made.textContent = sign;
      made.setAttribute("aria-label", `${input.labels?.[0]?.textContent ?? ""} ${sign}1`);
      made.onclick = () => {
        const next = (Number(input.value) || 0) + by;
        input.value = next < 1 ? "" : String(next);
      };
      return made;
    };
    box.append(button("−", -1), input, button("+", 1));
  }

  private typed(target: EventTarget | null): void {
    if (!(target instanceof HTMLInputElement)) return;
    if ("defectSearch" in target.dataset) this.search(target.value);
    const point = target.closest<HTMLElement>(".point");
    if (point && target.name.endsWith("-value")) this.judge(target, point);
    const form = target.closest<HTMLFormElement>("[data-defect]");
    if (form && target.type === "radio") this.suggest(form);
  }

  private suggest(form: HTMLFormElement): void {
    const auto = form.querySelector<HTMLInputElement>("[data-severity-auto]");
    const zone = form.querySelector<HTMLInputElement>('input[name="d-zone"]:checked')?.value ?? "";
    const severity = suggested(form, "d", zone);
    const label = severity ? form.querySelector(`.sev-${severity} span`)?.textContent : "";
    const words = auto?.nextElementSibling;
    if (!words) return;
    words.setAttribute("data-words", words.getAttribute("data-words") ?? words.textContent ?? "");
    words.textContent = `${words.getAttribute("data-words")}${label ? `: ${label}` : ""}`;
  }

  private search(text: string): void {
    const words = text.toLocaleLowerCase().split(/\s+/).filter(Boolean);
    let found = 0;
    this.page.querySelectorAll<HTMLElement>(".code").forEach((code) => {
      const fits = words.every((word) => (code.dataset.words ?? "").includes(word));
      code.hidden = !fits;
      if (fits) found += 1;
    });
    this.page.querySelectorAll<HTMLDetailsElement>("[data-family]").forEach((box) => {
      box.hidden = !box.querySelector(".code:not([hidden])");
      if (words.length) box.open = true;
    });
    const none = this.page.querySelector<HTMLElement>("[data-none]");
    if (none) none.hidden = found > 0;
  }

  private judge(input: HTMLInputElement, point: HTMLElement): void {
    const out = point.querySelector<HTMLOutputElement>("output");
    const [spec, minus, plus] = [point.dataset.spec, point.dataset.minus, point.dataset.plus].map((text) => parseMeasure(text ?? ""));
    if (!out || !spec || !minus || !plus) return;
    const value = parseMeasure(input.value);
    out.replaceChildren();
    if (!input.value.trim()) out.className = "deviation";
    else if (!value) {
      out.className = "deviation is-unreadable";
      out.textContent = this.say("unreadable");
    } else {
      const found = judge(value, spec, minus, plus, point.dataset.unit ?? "cm");
      out.className = `deviation is-${found.result}`;
      const by = document.createElement("b");
      by.textContent = found.deviation;
      out.append(by, ` ${this.say(found.result)}`);
    }
  }

  private note(words: string): void {
    const box = this.page.querySelector<HTMLElement>("[data-unsent]");
    const text = box?.querySelector<HTMLElement>("[data-unsent-words]");
    if (!box || !text) return;
    box.hidden = !words;
    text.textContent = words;
  }

  private count(extra: string, refused = ""): void {
    const waiting = this.queue.waiting.length;
    this.note(waiting ? `${waiting} ${refused ? `${this.say("refused")} ${refused}` : this.say("waiting")} ${extra}` : extra);
    if (!waiting) return;
    const text = this.page.querySelector<HTMLElement>("[data-unsent-words]");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn btn-sm mt-2";
    button.textContent = this.say(refused ? "discard" : "retry");
    button.onclick = () => {
      if (refused) this.queue.discard();
      void this.flush();
    };
    text?.append(document.createElement("br"), button);
  }
}
