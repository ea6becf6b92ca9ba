// When to send: at once after a record, again 1 s · 2ⁿ later up to 5 minutes, and at once when the network is back.
import type { Outcome, Sender } from "./sync";
import type { World } from "./world";

const FIRST_MS = 1000;
const MOST_MS = 300_000;
const OTHER_TAB_MS = 5000;

export class Timetable {
  isSending = false;
  private again = false;
  private failures = 0;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private isStopped = false;

  constructor(
    private readonly world: Pick<World, "random" | "isOnline">,
    private readonly sender: Pick<Sender, "pass">,
    private readonly passed: (outcome: Outcome) => Promise<void>,
  ) {}

  // A record was made. While a retry is waited for it goes along with that one.
  wake(): void {
    if (this.timer === undefined) void this.run();
  }

  wakeAtOnce(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    this.failures = 0;
    void this.run();
  }

  stop(): void {
    this.isStopped = true;
    clearTimeout(this.timer);
  }

  private async run(): Promise<void> {
    if (this.isSending) {
      this.again = true;
      return;
    }
    this.isSending = true;
    let outcome: Outcome = { kind: "later", afterMs: 0 };
    try {
      do {
        this.again = false;
        // Without a network nothing is tried, so that nothing seems to be on its way.
        outcome = this.world.isOnline() ? await this.sender.pass() : { kind: "later", afterMs: 0 };
      } while (this.again && outcome.kind === "done" && !this.isStopped);
    } catch {
      // A database closed under it, or a row that cannot be read: nothing is lost, and it is tried again.
    }
    this.isSending = false;
    if (this.isStopped) return;
    this.plan(outcome);
    await this.passed(outcome).catch(() => undefined);
  }

  private plan(outcome: Outcome): void {
    if (outcome.kind === "later") {
      const wait = Math.max(outcome.afterMs, Math.min(FIRST_MS * 2 ** this.failures, MOST_MS) * (0.75 + this.world.random() / 2));
      this.failures += 1;
      this.in(wait);
    } else {
      this.failures = 0;
      if (outcome.kind === "elsewhere") this.in(OTHER_TAB_MS);
    }
  }

  private in(ms: number): void {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => {
      this.timer = undefined;
      void this.run();
    }, ms);
  }
}
