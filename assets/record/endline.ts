// The tap counter: each tap counts at once on the page, is kept on the device and sent; the last one can be undone.
import { eventsOf, type RecordedEvent } from "./finding";
import type { RecordingPage } from "./page";

const COUNTS = ["passed", "altered", "rejected", "recheck_passed", "recheck_rejected"];
const IDLE_MS = 30_000;
const CLOCK_MS = 5_000;

interface Defect {
  code: string;
  zone: string;
  name: string;
}

type Body = Record<string, unknown>;

export function bindCounter(recording: RecordingPage | null): void {
  if (recording && document.querySelector("[data-counter]")) new Counter(recording);
}

class Counter {
  private pending: Defect[] = [];
  private taps: { id: string; body: Body }[] = [];
  private isSending = false;
  private idle = 0;
  private tapped = 0;
  private readonly number = new Intl.NumberFormat(document.documentElement.lang || "en");
  private readonly rate = new Intl.NumberFormat(document.documentElement.lang || "en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });

  constructor(private readonly recording: RecordingPage) {
    document.addEventListener("submit", (event) => this.submitted(event), true);
    document.addEventListener("change", (event) => this.changed(event.target));
    document.addEventListener("click", (event) => this.clicked(event.target));
    document.addEventListener("record:shown", () => this.dress());
    window.setInterval(() => this.followClock(), CLOCK_MS);
    this.dress();
  }

  private get box(): HTMLElement {
    return document.querySelector<HTMLElement>("[data-counter]") ?? document.createElement("div");
  }

  private dress(): void {
    const box = this.box;
    box.classList.add("is-live");
    box.querySelectorAll<HTMLInputElement>("[data-find] input[required]").forEach((input) => (input.required = false));
    this.taps = [...box.querySelectorAll<HTMLElement>("[data-tap-id]")].map((tap) => ({
      id: tap.dataset.tapId ?? "",
      body: JSON.parse(tap.dataset.tapBody ?? "{}") as Body,
    }));
    for (const event of this.recording.queue.waiting) this.take(event);
    this.listPending();
    this.offerUndo();
  }

  // An event that the page does not count yet.
  private take(event: RecordedEvent): void {
    if (event.kind === "pieces_tallied") {
      this.add(event.body, 1);
      this.taps.unshift({ id: event.id, body: event.body });
    } else if (event.kind === "event_withdrawn") {
      const tap = this.taps.find((one) => event.supersedes.includes(one.id));
      if (!tap) return;
      this.add(tap.body, -1);
      this.taps = this.taps.filter((one) => one !== tap);
    }
  }

  private submitted(event: SubmitEvent): void {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !("tap" in form.dataset)) return;
    event.preventDefault();
    if ("find" in form.dataset && !this.pending.length) {
      this.box.querySelector("#find")?.scrollIntoView({ block: "nearest" });
      return this.say(this.box.dataset.sayFirst ?? "");
    }
    const events = eventsOf(form, new FormData(form, event.submitter), this.recording.by, new Date().toISOString());
    for (const id of form.querySelectorAll<HTMLInputElement>('input[name$="-id"]')) id.value = "";
    if ("find" in form.dataset) {
      form.reset();
      this.pending = [];
      this.listPending();
    }
    // Where the device refuses to keep anything, the tap goes by the form itself, the old way.
    if (!this.recording.queue.add(events, true)) return form.submit();
    for (const made of events) this.take(made);
    this.tapped += 1;
    this.say("");
    this.offerUndo();
    void this.send();
  }

  private async send(): Promise<void> {
    window.clearTimeout(this.idle);
    if (this.isSending) return;
    this.isSending = true;
    let sent = await this.recording.queue.send();
    while (typeof sent === "object" && sent.events.length) {
      this.takeAway(sent.events, sent.refused);
      sent = await this.recording.queue.send();
    }
    this.isSending = false;
    // Says what waits or was refused; and nothing any more once all is sent.
    if (sent !== "all" || document.querySelector("[data-unsent]:not([hidden])")) void this.recording.flush();
    this.box.dataset.sent = String(this.tapped);
    this.idle = window.setTimeout(() => void this.refresh(), IDLE_MS);
  }

  // Refused at the tap: not counted, not kept, and the person who tapped is told.
  private takeAway(refused: RecordedEvent[], words: string): void {
    this.recording.queue.drop(refused);
    for (const event of refused) {
      this.taps = this.taps.filter((tap) => tap.id !== event.id);
      this.add(event.body, -1);
    }
    this.offerUndo();
    this.say(words);
  }

  private async refresh(): Promise<void> {
    const tapped = this.tapped;
    await this.recording.refresh(() => tapped === this.tapped && !this.pending.length && !this.recording.queue.waiting.length);
  }

  private changed(target: EventTarget | null): void {
    if (target instanceof HTMLSelectElement && "hourPick" in target.dataset) return target.form?.submit();
    if (!(target instanceof HTMLInputElement) || !target.closest("[data-find]")) return;
    if (target.name.endsWith(".code:key") && target.checked) {
      const name = target.closest(".code")?.querySelector(".code-name")?.textContent?.trim() ?? target.value;
      this.pending.push({ code: target.value, zone: this.zone(), name });
      target.checked = false;
      this.say("");
    } else if (target.name.endsWith(".zone")) this.give(target.value);
    this.listPending();
  }

  private clicked(target: EventTarget | null): void {
    if (!(target instanceof Element)) return;
    const zone = target.closest<SVGElement>(".garment [data-zone]")?.dataset.zone;
    if (zone) {
      const radio = this.box.querySelector<HTMLInputElement>(`.chips-zone input[value="${zone}"]`);
      if (radio) radio.checked = true;
      this.give(zone);
      this.listPending();
    }
    const place = target.closest<HTMLElement>("[data-pending-row]")?.dataset.pendingRow;
    if (place) {
      this.pending.splice(Number(place), 1);
      this.listPending();
    }
  }

  private zone(): string {
    return this.box.querySelector<HTMLInputElement>(".chips-zone input:checked")?.value ?? "";
  }

  // The zone holds for the defect tapped before, where it has none, and for those that follow.
  private give(zone: string): void {
    const last = this.pending.at(-1);
    if (last && !last.zone) last.zone = zone;
  }

  private listPending(): void {
    const list = this.box.querySelector<HTMLElement>("[data-pending]");
    const rows = this.box.querySelector<HTMLElement>("[data-rows]");
    const none = this.box.querySelector<HTMLElement>("[data-pending-none]");
    if (!list || !rows || !none) return;
    none.hidden = this.pending.length > 0;
    list.replaceChildren(
      ...this.pending.map((defect, place) => {
        const item = document.createElement("li");
        const button = document.createElement("button");
        button.type = "button";
        button.className = "btn btn-sm";
        button.dataset.pendingRow = String(place);
        button.textContent = `${defect.name}${defect.zone ? ` · ${defect.zone}` : ""} ✕`;
        button.setAttribute("aria-label", `${list.dataset.sayRemove ?? ""} ${defect.name}`);
        item.append(button);
        return item;
      }),
    );
    rows.replaceChildren(
      ...this.pending.flatMap((defect, place) => [
        hidden(`t-defects.${place + 1}.code:key`, defect.code),
        hidden(`t-defects.${place + 1}.zone`, defect.zone),
      ]),
    );
    const zone = this.zone();
    this.box.querySelectorAll<SVGElement>(".garment [data-zone]").forEach((area) => area.classList.toggle("is-chosen", area.dataset.zone === zone));
    this.box.querySelector("[data-find]")?.classList.toggle("has-pending", this.pending.length > 0);
  }

  private offerUndo(): void {
    const form = this.box.querySelector<HTMLFormElement>("[data-undo]");
    if (!form) return;
    const last = this.taps[0];
    form.hidden = !last;
    const input = form.querySelector<HTMLInputElement>("[name=u-supersedes]");
    if (input) input.value = last?.id ?? "";
    const words = form.querySelector<HTMLElement>("[data-last]");
    if (words) words.textContent = last ? this.words(last.body) : "";
  }

  private words(body: Body): string {
    const label = (name: string): string => {
      const button = this.box.querySelector(`[name$="-${name}:int"][value="1"]`);
      return (button instanceof HTMLInputElement ? button.nextElementSibling : button)?.textContent?.trim() ?? name;
    };
    const counted = COUNTS.filter((name) => Number(body[name]) > 0).map(label);
    const defects = (body.defects as { code: string; zone?: string }[] | undefined) ?? [];
    return [...counted, ...defects.map((one) => `${one.code} ${one.zone ?? ""}`.trim())].join(" · ");
  }

  private add(body: Body, sign: number): void {
    const defects = (body.defects as { count?: number }[] | undefined) ?? [];
    const change = new Map(COUNTS.map((name) => [name, sign * (Number(body[name]) || 0)]));
    change.set("defects", sign * defects.reduce((sum, one) => sum + (one.count ?? 1), 0));
    const scopes = ["day", String(body.hour)];
    if (String(body.hour) === this.box.dataset.hour) scopes.push("now");
    for (const scope of scopes) {
      this.box.querySelectorAll<HTMLElement>(`[data-counts="${scope}"]`).forEach((counts) => this.bump(counts, change));
    }
    this.show();
  }

  private bump(counts: HTMLElement, change: Map<string, number>): void {
    const of = (name: string): number => change.get(name) ?? 0;
    const derived: [string, number][] = [
      ["checked", of("passed") + of("altered") + of("rejected")],
      ["open_alters", of("altered") - of("recheck_passed") - of("recheck_rejected")],
    ];
    for (const [name, by] of [...change, ...derived]) {
      const cell = counts.querySelector<HTMLElement>(`[data-count="${name}"]`);
      if (!cell || !by) continue;
      cell.dataset.n = String(Number(cell.dataset.n) + by);
      cell.textContent = this.number.format(Number(cell.dataset.n));
    }
    const dhu = counts.querySelector<HTMLElement>('[data-count="dhu"]');
    if (dhu) dhu.textContent = this.dhu(read(counts, "defects"), read(counts, "checked"));
  }

  private dhu(defects: number, checked: number): string {
    return checked ? this.rate.format((defects * 100) / checked) : "–";
  }

  // The figures that follow from the counts, elsewhere on the page.
  private show(): void {
    const day = this.box.querySelector<HTMLElement>('tfoot [data-counts="day"]');
    const open = this.box.querySelector<HTMLElement>('.recheck-open[data-counts="day"]');
    const figure = (name: string, text: string): void => {
      const shown = document.querySelector<HTMLElement>(`[data-figure="${name}"]`);
      if (shown) shown.textContent = text;
    };
    if (day) {
      figure("checked", this.number.format(read(day, "checked")));
      figure("dhu", this.dhu(read(day, "defects"), read(day, "checked")));
    }
    if (open) figure("open_alters", this.number.format(read(open, "open_alters")));
    const bar = this.box.querySelector<HTMLProgressElement>("[data-target-bar]");
    const now = this.box.querySelector<HTMLElement>('[data-counts="now"]');
    if (bar && now) bar.value = read(now, "checked");
  }

  // The hour goes on while the page stays open, also without a connection.
  private followClock(): void {
    const box = this.box;
    if (!("follow" in box.dataset)) return;
    const zone = box.dataset.zone;
    const hour = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", hourCycle: "h23", timeZone: zone }).format(new Date());
    const current = String(Number(hour));
    if (current === box.dataset.hour) return;
    box.dataset.hour = current;
    box.querySelectorAll<HTMLInputElement>("[data-hour-of]").forEach((input) => (input.value = current));
    const pick = box.querySelector<HTMLSelectElement>("[data-hour-pick]");
    if (pick) pick.value = current;
    for (const cell of box.querySelectorAll<HTMLElement>('[data-counts="now"] [data-n]')) {
      cell.dataset.n = "0";
      cell.textContent = this.number.format(0);
    }
    this.bump(box.querySelector<HTMLElement>('[data-counts="now"]') ?? box, new Map());
    this.show();
    void this.refresh();
  }

  private say(words: string): void {
    const said = this.box.querySelector<HTMLElement>("[data-said]");
    if (said) said.textContent = words;
  }
}

function read(counts: HTMLElement, name: string): number {
  return Number(counts.querySelector<HTMLElement>(`[data-count="${name}"]`)?.dataset.n) || 0;
}

function hidden(name: string, value: string): HTMLInputElement {
  const input = document.createElement("input");
  input.type = "hidden";
  input.name = name;
  input.value = value;
  return input;
}
