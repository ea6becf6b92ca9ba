// Phones to test with: their own database, clock and network, which may be cut, doubled and out of order.
import { FloorCore } from "../src/core/floor";
import type { Fetch } from "../src/core/http";
import type { Watchers, World } from "../src/core/world";
import { Server, type Asked } from "./server";

export type Fate = "through" | "cut_before" | "cut_after" | "twice" | number;

export interface Phone {
  readonly floor: FloorCore;
  readonly world: World;
  readonly told: Watchers[];
  fate: (asked: Asked) => Fate;
  offset: number;
  // Added to what passes in any case, whatever the clock says.
  passed: number;
  used: number;
}

let phones = 0;
const held = new Set<string>();
const tabs = new Map<string, { told: Watchers[] }[]>();

interface Options {
  readonly database?: string;
  readonly offset?: number;
}

// One per "device": two tabs of one device share database and locks.
export function phone(server: Server, options: Options = {}): Phone {
  return phoneOn((made) => async (input, init) => carry(server, made, await asked(input, init)), options);
}

export function phoneOn(network: (made: Phone) => Fetch, options: Options = {}): Phone {
  const database = options.database ?? `phone-${(phones += 1)}`;
  const told: Watchers[] = [];
  const made = { told, fate: (): Fate => "through", offset: options.offset ?? 0, passed: 0, used: 0 } as Omit<Phone, "floor" | "world"> & { floor?: FloorCore; world?: World };
  const world: World = {
    database,
    version: "1",
    language: "en",
    iterations: 1000,
    now: () => Date.now() + made.offset,
    steady: () => performance.now() + made.passed,
    random: () => 0.5,
    isOnline: () => true,
    space: () => Promise.resolve({ used: made.used, quota: 1e10, persisted: true }),
    persist: () => Promise.resolve(true),
    tell: (pk) => {
      for (const tab of tabs.get(database) ?? []) if (tab !== made) for (const one of tab.told) void one.told(pk).catch(() => undefined);
    },
    takeUpdate: () => undefined,
    watch: (watchers) => {
      told.push(watchers);
      return [];
    },
    locks: {
      request: async (name, _options, act) => {
        const key = `${database} ${name}`;
        if (held.has(key)) return act(null);
        held.add(key);
        try {
          return await act({});
        } finally {
          held.delete(key);
        }
      },
    },
    fetch: (input, init) => network(made as Phone)(input, init),
  };
  tabs.set(database, [...(tabs.get(database) ?? []), made]);
  made.world = world;
  made.floor = new FloorCore(world);
  return made as Phone;
}

async function asked(input: string, init: RequestInit = {}): Promise<Asked> {
  const body = init.body ? new Uint8Array(await new Response(init.body).arrayBuffer()) : new Uint8Array();
  return { method: init.method ?? "GET", path: new URL(input, "http://floor").pathname, headers: new Headers(init.headers), body };
}

function carry(server: Server, at: Phone, what: Asked): Response {
  const fate = at.fate(what);
  if (fate === "cut_before") throw new TypeError("network");
  if (typeof fate === "number") return new Response(JSON.stringify({ detail: `Answer ${fate}` }), { status: fate });
  if (fate === "twice") server.answer(what);
  const answer = server.answer(what);
  if (fate === "cut_after") throw new TypeError("network");
  return answer;
}

export async function enrolled(server: Server, options: { database?: string; offset?: number } = {}): Promise<Phone> {
  const made = phone(server, options);
  await made.floor.enrol({ workspace: "w", pin: "482913", deviceName: "Tablet line 3" });
  await made.floor.takeDown(() => undefined);
  return made;
}

export async function until(is: () => boolean | Promise<boolean>, ms = 4000): Promise<void> {
  for (const end = Date.now() + ms; Date.now() < end; await new Promise((go) => setTimeout(go, 1))) if (await is()) return;
  throw new Error("It did not come to that");
}
