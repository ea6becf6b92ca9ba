// Where the person is (the address after #) and the one core that every screen speaks to.
import { computed, signal } from "@preact/signals";
import type { Floor } from "./floor";

export let floor: Floor;

export function useFloor(core: Floor): void {
  floor = core;
}

const address = signal(location.hash);
addEventListener("hashchange", () => (address.value = location.hash));

// ["i", "<pk>", "defects"] for #/i/<pk>/defects.
export const route = computed(() => address.value.replace(/^#\/?/, "").split("/").filter(Boolean).map(decodeURIComponent));

export function go(...parts: (string | number)[]): void {
  const hash = `#/${parts.map((part) => encodeURIComponent(part)).join("/")}`;
  if (location.hash !== hash) location.hash = hash;
  if (address.value !== hash && !told.value?.undo) told.value = null;
  address.value = hash;
  scrollTo(0, 0);
}

export interface Told {
  readonly words: string;
  readonly undo?: (() => void) | undefined;
  readonly isWrong?: boolean;
}

// The short line at the foot of the screen: what was just kept, with its undo.
export const told = signal<Told | null>(null);
let fading = 0;

export function tell(words: string, more: Omit<Told, "words"> = {}): void {
  told.value = { words, ...more };
  clearTimeout(fading);
  fading = window.setTimeout(() => (told.value = null), more.undo ? 8000 : 4000);
}

// Hours of the workspace's clock, whatever the phone's time zone says.
export function hourNow(now = new Date()): number {
  const zone = floor.session.value?.workspace.time_zone ?? "UTC";
  return Number(new Intl.DateTimeFormat("en-GB", { hour: "2-digit", hourCycle: "h23", timeZone: zone }).format(now));
}
