// What could not be sent yet: kept on this device per inspection and person, sent again until it is received.
import type { RecordedEvent } from "./finding";

export type Sent = "all" | "later" | { refused: string };

export class Queue {
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
  add(events: RecordedEvent[]): boolean {
    return this.keep([...this.waiting, ...events]);
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
    const events = this.waiting;
    if (!events.length) return "all";
    let answer: Response;
    try {
      answer = await fetch(this.address, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-CSRFToken": this.token() },
        body: JSON.stringify({ events }),
      });
    } catch {
      return "later";
    }
    if (answer.ok) {
      const sent = new Set(events.map((event) => event.id));
      this.keep(this.waiting.filter((event) => !sent.has(event.id)));
      return "all";
    }
    if (answer.status >= 500 || answer.status === 429) return "later";
    return { refused: await sentence(answer) };
  }
}

async function sentence(answer: Response): Promise<string> {
  try {
    const said = (await answer.json()) as { detail?: string; errors?: { message: string }[] };
    return [said.detail, ...(said.errors ?? []).map((error) => error.message)].filter(Boolean).join(" ");
  } catch {
    return String(answer.status);
  }
}
