// What could not be sent yet: kept on this device per inspection and person, sent again until it is received.
// What is sent at once is live: the server may refuse it to the person who stands there. What waited is late.
import type { RecordedEvent } from "./finding";

// `events` are those live ones that the server named in its refusal.
export type Sent = "all" | "later" | { refused: string; events: RecordedEvent[] };

interface Problem {
  detail?: string;
  errors?: { field?: string; message: string }[];
}

export class Queue {
  private live = new Set<string>();

  constructor(
    private readonly address: string,
    private readonly by: string,
    private readonly token: () => string,
  ) {}

  private get key(): string {
    return `unsent:${this.address}:${this.by}`;
  }

  get waiting(): RecordedEvent[] {
    try {
      const kept: unknown = JSON.parse(localStorage.getItem(this.key) ?? "[]");
      return Array.isArray(kept) ? (kept as RecordedEvent[]) : [];
    } catch {
      return [];
    }
  }

  // False where the device refuses to keep anything (private mode, storage full).
  add(events: RecordedEvent[], isLive = false): boolean {
    if (isLive && navigator.onLine) for (const event of events) this.live.add(event.id);
    return this.keep([...this.waiting, ...events]);
  }

  drop(events: RecordedEvent[]): void {
    const dropped = new Set(events.map((event) => event.id));
    this.keep(this.waiting.filter((event) => !dropped.has(event.id)));
  }

  discard(): void {
    localStorage.removeItem(this.key);
  }

  private keep(events: RecordedEvent[]): boolean {
    try {
      if (events.length) localStorage.setItem(this.key, JSON.stringify(events));
      else localStorage.removeItem(this.key);
      return true;
    } catch {
      return false;
    }
  }

  async send(): Promise<Sent> {
    let sent: Sent = "all";
    while (sent === "all" && this.waiting.length) sent = await this.sendSome();
    return sent;
  }

  // What waited first, then what is live, apart.
  private async sendSome(): Promise<Sent> {
    const waited = this.waiting.filter((event) => !this.live.has(event.id));
    const events = waited.length ? waited : this.waiting;
    let answer: Response;
    try {
      answer = await fetch(this.address, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": this.token() },
        body: JSON.stringify({ events, is_late: waited.length > 0 }),
      });
    } catch {
      return this.later();
    }
    if (answer.ok) {
      this.drop(events);
      return "all";
    }
    if (answer.status >= 500 || answer.status === 429) return this.later();
    return refusal(answer, waited.length ? [] : events);
  }

  private later(): Sent {
    this.live.clear();
    return "later";
  }
}

async function refusal(answer: Response, live: RecordedEvent[]): Promise<Sent> {
  try {
    const said = (await answer.json()) as Problem;
    const errors = said.errors ?? [];
    const named = new Set(errors.map((error) => Number(/^events\[(\d+)\]/.exec(error.field ?? "")?.[1] ?? NaN)));
    const words = errors.map((error) => error.message);
    return {
      refused: [...new Set(words.length ? words : [said.detail])].filter(Boolean).join(" "),
      events: live.filter((_event, place) => named.has(place)),
    };
  } catch {
    return { refused: String(answer.status), events: [] };
  }
}
