// The browser as the core's world: clock, network, storage, other tabs, idleness and the service worker.
import type { Locks } from "./sync";
import { ITERATIONS } from "./vault";
import type { Watchers, World } from "./world";

const TOUCHES = ["pointerdown", "keydown"] as const;
const TICK_MS = 10_000;

export function browserWorld(): World {
  const channel = typeof BroadcastChannel === "undefined" ? null : new BroadcastChannel("goldseal-floor");
  const worker: Worker = { registration: null, waiting: null, isAgreed: false };
  return {
    database: "goldseal-floor",
    // The shell that is kept with these scripts names their version.
    version: document.getElementById("floor")?.dataset.version ?? "",
    language: document.documentElement.lang === "bn" ? "bn" : "en",
    fetch: (input, init) => fetch(input, init),
    locks: locks(),
    iterations: ITERATIONS,
    now: () => Date.now(),
    steady: () => performance.now(),
    random: () => Math.random(),
    isOnline: () => navigator.onLine,
    space,
    persist: async () => (await navigator.storage?.persist?.()) ?? false,
    tell: (pk) => channel?.postMessage(pk),
    takeUpdate: () => takeUpdate(worker),
    watch: (watchers) => [
      ...watchNetwork(watchers),
      watchIdleness(watchers),
      watchTabs(channel, watchers),
      watchWorker(watchers, worker),
    ],
  };
}

// Old browsers have no locks; then two tabs may send the same, which the server takes once.
function locks(): Locks {
  if (navigator.locks) return navigator.locks as unknown as Locks;
  return { request: (_name, _options, act) => act(true) };
}

async function space(): Promise<{ used: number; quota: number; persisted: boolean }> {
  const [estimate, persisted] = await Promise.all([navigator.storage?.estimate?.(), navigator.storage?.persisted?.()]);
  return { used: estimate?.usage ?? 0, quota: estimate?.quota ?? 0, persisted: persisted ?? false };
}

function watchNetwork(watchers: Watchers): (() => void)[] {
  const [up, down] = [() => watchers.online(true), () => watchers.online(false)];
  // A phone that wakes up in the pocket may have missed the event.
  const seen = (): void => void (document.visibilityState === "visible" && navigator.onLine && watchers.online(true));
  window.addEventListener("online", up);
  window.addEventListener("offline", down);
  document.addEventListener("visibilitychange", seen);
  return [
    () => window.removeEventListener("online", up),
    () => window.removeEventListener("offline", down),
    () => document.removeEventListener("visibilitychange", seen),
  ];
}

// By the clock and not by one timer: timers stand still while the phone sleeps. And by what has passed in any case: a
// clock that is put back must not keep the phone open.
function watchIdleness(watchers: Watchers): () => void {
  let [time, steady] = [Date.now(), performance.now()];
  const now = (): number => {
    const passed = performance.now() - steady;
    steady += passed;
    return (time = Math.max(time + passed, Date.now()));
  };
  let touched = now();
  const touch = (): void => {
    if (isIdle()) watchers.idle();
    touched = now();
  };
  const isIdle = (): boolean => watchers.idleAfterMs() > 0 && now() - touched >= watchers.idleAfterMs();
  for (const name of TOUCHES) document.addEventListener(name, touch, { capture: true, passive: true });
  const timer = setInterval(() => isIdle() && watchers.idle(), TICK_MS);
  return () => {
    clearInterval(timer);
    for (const name of TOUCHES) document.removeEventListener(name, touch, { capture: true });
  };
}

function watchTabs(channel: BroadcastChannel | null, watchers: Watchers): () => void {
  if (!channel) return () => undefined;
  channel.onmessage = (event) => void watchers.told(String(event.data)).catch(() => undefined);
  return () => channel.close();
}

interface Worker {
  registration: ServiceWorkerRegistration | null;
  waiting: ServiceWorker | null;
  isAgreed: boolean;
}

function takeUpdate(worker: Worker): void {
  worker.isAgreed = true;
  if (worker.waiting) worker.waiting.postMessage({ kind: "take" });
  // The server told of a newer version that this browser has not fetched yet.
  else if (worker.registration) void worker.registration.update().catch(() => undefined);
  else location.reload();
}

function watchWorker(watchers: Watchers, worker: Worker): () => void {
  const container = navigator.serviceWorker as ServiceWorkerContainer | undefined;
  if (!container) return () => undefined;
  const reload = (): void => location.reload();
  const offer = async (waiting: ServiceWorker | null): Promise<void> => {
    if (!waiting || !container.controller) return;
    worker.waiting = waiting;
    if (worker.isAgreed || (await watchers.mayTakeUpdate())) waiting.postMessage({ kind: "take" });
    else watchers.newer();
  };
  if (container.controller) container.addEventListener("controllerchange", reload);
  void container.register("/floor/sw.js", { scope: "/floor/" }).then((registration) => {
    worker.registration = registration;
    void offer(registration.waiting);
    registration.addEventListener("updatefound", () => {
      const found = registration.installing;
      found?.addEventListener("statechange", () => void (found.state === "installed" && offer(found)));
    });
  }, () => undefined);
  return () => container.removeEventListener("controllerchange", reload);
}
