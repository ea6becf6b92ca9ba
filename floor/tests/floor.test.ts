import { expect, test, vi } from "vitest";
import Dexie from "dexie";
import { digest } from "../src/core/events";
import { WrongPin } from "../src/core/index";
import { NoSpace } from "../src/core/recorder";
import { Store } from "../src/core/store";
import { Vault } from "../src/core/vault";
import { DEFECT, PIN, off, picture, restarted, server, start, statusOf, through } from "./hands";
import { sha } from "./server";
import { until } from "./worlds";

test("what is recorded is on the disk, sealed, before it is said to be", async () => {
  const at = await start();
  at.fate = off;
  const handle = at.floor.inspection("i1");
  const event = await handle.record("defect_recorded", { ...DEFECT, note: "loose thread at hem" }, { photos: [picture(1)] });
  const other = new Store(at.world.database);
  const row = await other.events.get(event.id);
  expect(row).toMatchObject({ id: event.id, inspection: "i1", sending: "unsent", seq: 1 });
  expect(event.device).toMatch(/^floor:[0-9a-f-]{8}:1$/);
  const everything = JSON.stringify(await Promise.all(other.tables.map((table) => table.toArray())), (_key, value: unknown) =>
    value instanceof ArrayBuffer || value instanceof Uint8Array ? Buffer.from(value as Uint8Array).toString("latin1") : value,
  );
  for (const secret of ["loose thread", "SW03", "gs_u1", PIN]) expect(everything).not.toContain(secret);
  expect(handle.state.value.values("defect_recorded")[0]).toMatchObject({ note: "loose thread at hem", photos: [expect.stringMatching(/^[0-9a-f]{64}$/)] });
  expect(statusOf(at)).toEqual({ kind: "phone" });
  other.close();
});

test("a transaction that fails records nothing and says so", async () => {
  const at = await start();
  at.fate = off;
  const handle = at.floor.inspection("i1");
  await handle.ready;
  const add = IDBObjectStore.prototype.add;
  IDBObjectStore.prototype.add = () => {
    throw new DOMException("full", "QuotaExceededError");
  };
  await expect(handle.record("defect_recorded", DEFECT)).rejects.toThrow(NoSpace);
  IDBObjectStore.prototype.add = add;
  expect(handle.state.value.known.size).toBe(0);
  expect(statusOf(at)).toEqual({ kind: "safe" });
  await handle.record("defect_recorded", DEFECT);
  expect(handle.state.value.known.size).toBe(1);
});

test("records survive the end of the app and keep counting where they stopped", async () => {
  let at = await start();
  at.fate = off;
  for (let i = 0; i < 3; i += 1) await at.floor.inspection("i1").record("defect_recorded", DEFECT);
  at = await restarted(at);
  const handle = at.floor.inspection("i1");
  const event = await handle.record("defect_recorded", DEFECT);
  expect(event.device).toMatch(/:4$/);
  expect(handle.state.value.known.size).toBe(4);
  await until(() => statusOf(at).kind === "phone");
  at.fate = through;
  at.floor.syncNow();
  await until(() => statusOf(at).kind === "safe");
  expect([...server.of("i1").values()].map(digest)).toEqual([...handle.state.value.known.values()].map(digest));
});

test("a record made while the device is being read is neither lost from view nor called safe", async () => {
  const at = await start();
  at.fate = off;
  const handle = at.floor.inspection("i1");
  await handle.record("defect_recorded", DEFECT);
  await until(() => !at.floor.isSending);
  const read = Store.prototype.countOf;
  let isHeld = true;
  // Both readings begin before the record and end after it.
  const opening = Vault.prototype.openJson;
  vi.spyOn(Vault.prototype, "openJson").mockImplementation(async function <T>(this: Vault, ...about: Parameters<Vault["openJson"]>) {
    while (isHeld) await new Promise((go) => setTimeout(go, 1));
    return opening.apply(this, about) as Promise<T>;
  });
  vi.spyOn(Store.prototype, "countOf").mockImplementation(async function (this: Store, ...about) {
    const found = await read.apply(this, about);
    while (isHeld) await new Promise((go) => setTimeout(go, 1));
    return found;
  });
  const other = at.floor.inspection("i2");
  const seen = new Set<string>();
  const reloaded = Promise.all([handle.reload(), at.floor["standings"].count("i2")]);
  const counted = at.floor["standings"].count("i1");
  await handle.record("defect_recorded", DEFECT);
  await at.floor["recorder"].record("i2", { kind: "defect_recorded", body: DEFECT }, [], at.floor["opened"]());
  at.floor["standings"].recorded("i2", 1);
  const end = other.status.subscribe((status) => seen.add(status.kind));
  isHeld = false;
  await Promise.all([reloaded, counted]);
  vi.restoreAllMocks();
  end();
  expect([...seen]).toEqual(["phone"]);
  expect(handle.state.value.known.size).toBe(2);
  expect(at.floor["standings"]["of"]("i1").standing.value.unsent).toBe(2);
});

test("five wrong PINs in a row close a holder, and nothing that was recorded goes", async () => {
  const at = await start();
  at.fate = off;
  await at.floor.inspection("i1").record("defect_recorded", DEFECT);
  at.floor.lock();
  for (const left of [4, 3]) await expect(at.floor.unlock("u1", "000000")).rejects.toMatchObject({ left });
  await at.floor.unlock("u1", PIN);
  at.floor.lock();
  for (const left of [4, 3, 2, 1, 0]) await expect(at.floor.unlock("u1", "000000")).rejects.toMatchObject({ left });
  await expect(at.floor.unlock("u1", PIN)).rejects.toThrow(WrongPin);
  expect(await at.floor.holders()).toMatchObject([{ id: "u1", left: 0 }]);
  at.fate = (asked) => (asked.path.startsWith("/floor/") ? "through" : "cut_before");
  await at.floor.enrol({ workspace: "w", pin: PIN, deviceName: "x" });
  await at.floor.inspection("i1").ready;
  expect(at.floor.inspection("i1").state.value.known.size).toBe(1);
});

test("a revoked device offers unsent work before it is emptied, and is emptied at once where there is none", async () => {
  const at = await start();
  at.fate = off;
  const event = await at.floor.inspection("i1").record("defect_recorded", DEFECT, { photos: [picture(1)] });
  server.isRevoked = true;
  at.fate = through;
  at.floor.syncNow();
  await until(() => at.floor.trouble.value === "revoked");
  const saved = JSON.parse(await (await at.floor.exportUnsent()).text()) as { format: string; events: { event: object }[]; photos: { sha256: string; data: string }[] };
  expect(saved.format).toBe("goldseal-floor-unsent/1");
  expect(saved.events.map((one) => one.event)).toEqual([event]);
  expect(Buffer.from(sha(Buffer.from(saved.photos[0]!.data, "base64"))).toString("hex")).toBe(saved.photos[0]!.sha256);
  await at.floor.wipe();
  const store = new Store(at.world.database);
  expect((await Promise.all(store.tables.map((table) => table.count()))).reduce((all, one) => all + one, 0)).toBeLessThanOrEqual(1);
  store.close();
  server.isRevoked = false;
  const clean = await start();
  server.isRevoked = true;
  clean.floor.syncNow();
  await until(async () => (await clean.floor.holders()).length === 0);
});

test("a device that nobody heard of for too long is as good as revoked, but keeps unsent work until it is offered", async () => {
  const at = await start();
  at.fate = off;
  await at.floor.inspection("i1").record("defect_recorded", DEFECT);
  at.floor.syncNow();
  at.offset = 13 * 86_400_000;
  await at.floor["contact"].now();
  expect(at.floor.trouble.value).toBe(null);
  at.offset = 15 * 86_400_000;
  at.floor.syncNow();
  await until(() => at.floor.trouble.value === "revoked");
  expect((await at.floor.holders()).length).toBe(1);
});

test("nobody signs out over unsent work without being told", async () => {
  const at = await start();
  at.fate = off;
  await at.floor.inspection("i1").record("defect_recorded", DEFECT, { photos: [picture(1)] });
  expect(await at.floor.signOut()).toEqual({ events: 1, photos: 1, inspections: 1 });
  expect(at.floor.session.value?.person.id).toBe("u1");
  expect(await at.floor.signOut(true)).toBe(null);
  expect(await at.floor.holders()).toEqual([]);
});

test("the day is opened offline, the draw is hidden until enough is packed, and what nobody needs goes", async () => {
  let at = await start();
  const handle = at.floor.inspection("i1");
  expect(handle.isDrawVisible.value).toBe(false);
  at.fate = off;
  await handle.record("readiness_confirmed", { made: 100, packed: 80 });
  expect(handle.isDrawVisible.value).toBe(true);
  at = await restarted(at);
  expect(at.floor.day.value?.inspections.map((one) => one.id)).toEqual(["i1", "i2"]);
  await expect(at.floor.takeDown(() => undefined)).rejects.toMatchObject({ code: "offline" });
  server.inspections = ["i3"];
  at.fate = (asked) => (asked.path.endsWith("/day") ? "through" : "cut_before");
  await at.floor.takeDown(() => undefined);
  const store = new Store(at.world.database);
  // i1 still holds unsent work.
  expect((await store.inspections.toCollection().primaryKeys()).sort()).toEqual(["i1", "i3"]);
  expect(at.floor.day.value?.inspections.map((one) => one.id)).toEqual(["i3"]);
  store.close();
});

test("the clock of the server is kept apart from the clock of the phone", async () => {
  const at = await start({ offset: 1_800_000 });
  at.floor.syncNow();
  await until(() => Math.abs(at.floor.clockOffset.value + 1_800_000) < 2000);
  const event = await at.floor.inspection("i1").record("defect_recorded", DEFECT);
  expect(Date.parse(event.at) - Date.now()).toBeGreaterThan(1_790_000);
});

test("settings are kept; a database opened by name holds no second copy", async () => {
  let at = await start();
  at.floor.settings.value = { ...at.floor.settings.value, digits: "beng", language: "bn" };
  await until(async () => (await at.floor["store"].read<{ digits: string }>("settings"))?.digits === "beng");
  at = await restarted(at);
  expect(at.floor.settings.value).toMatchObject({ digits: "beng", language: "bn" });
  expect((await Dexie.getDatabaseNames()).filter((name) => name === at.world.database)).toHaveLength(1);
});

test("the first person on a device brings their language along", async () => {
  server.person = { id: "u1", name: "A B", language: "bn" };
  const at = await start();
  expect(at.floor.settings.value.language).toBe("bn");
  server.person = { id: "u1", name: "A B", language: "en" };
});
