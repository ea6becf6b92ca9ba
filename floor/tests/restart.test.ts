// What a person said counts after the app was ended: signature, submission, attestation; and what an old app may still do.
import { expect, test } from "vitest";
import { LEVEL } from "../src/core/contact";
import { parseEvent, uuid7, type RecordedEvent } from "../src/core/events";
import { Store } from "../src/core/store";
import { tallyOf, tapsOf } from "../src/rules/endline";
import { DEFECT, PIN, off, picture, restarted, server, start, statusOf, through } from "./hands";
import { until } from "./worlds";

test("a signature and a submission given without a network count after the app starts again", async () => {
  let at = await start();
  at.fate = off;
  await at.floor.inspection("i1").record("defect_recorded", DEFECT);
  expect([at.floor.inspection("i1").signedHash.value, at.floor.inspection("i1").handedIn.value]).toEqual(["", false]);
  await at.floor.inspection("i1").sign(PIN, "Inspected by me", "");
  const { contentHash } = at.floor.inspection("i1").state.value;
  expect(at.floor.inspection("i1").signedHash.value).toBe(contentHash);
  at = await restarted(at);
  await at.floor.inspection("i1").ready;
  expect(at.floor.inspection("i1").signedHash.value).toBe(contentHash);
  expect(at.floor.inspection("i1").handedIn.value).toBe(false);
  await at.floor.inspection("i1").submit();
  expect(at.floor.inspection("i1").handedIn.value).toBe(true);
  at = await restarted(at);
  await at.floor.inspection("i1").ready;
  expect(at.floor.inspection("i1").handedIn.value).toBe(true);
  at.fate = through;
  at.floor.syncNow();
  await until(() => statusOf(at).kind === "safe");
  at = await restarted(at);
  await at.floor.inspection("i1").ready;
  expect([at.floor.inspection("i1").signedHash.value, at.floor.inspection("i1").handedIn.value]).toEqual([contentHash, true]);
});

test("a signature counts for the person who gave it, and a refused one takes the submission back", async () => {
  const at = await start();
  at.fate = off;
  const handle = at.floor.inspection("i1");
  await handle.record("defect_recorded", DEFECT);
  await handle.sign(PIN, "Inspected by me", "");
  await handle.record("defect_recorded", DEFECT);
  await handle.submit();
  expect(handle.handedIn.value).toBe(true);
  at.fate = through;
  at.floor.syncNow();
  await until(() => statusOf(at).kind === "needs" && !at.floor.isSending);
  await until(() => !handle.handedIn.value && handle.signedHash.value === "");
  expect(server.decided.size).toBe(0);
  await handle.sign(PIN, "Inspected by me", "");
  expect(handle.handedIn.value).toBe(true);
  await until(() => server.decided.has("i1") && statusOf(at).kind === "safe");
  at.fate = (asked) => (asked.path.startsWith("/floor/") || asked.path.endsWith("/day") ? "through" : "cut_before");
  await at.floor.inspection("i2").sign(PIN, "Inspected by me", "");
  expect(at.floor.inspection("i2").signedHash.value).toHaveLength(64);
  server.person = { id: "u2", name: "C D", language: "en" };
  await at.floor.enrol({ workspace: "w", pin: "135790", deviceName: "x" });
  await at.floor.takeDown(() => undefined);
  for (const pk of ["i1", "i2"]) {
    await at.floor.inspection(pk).ready;
    expect(at.floor.inspection(pk).signedHash.value).toBe("");
  }
});

test("who confirmed the statement of authority is not asked again, on this device and by name", async () => {
  let at = await start();
  const isConfirmed = (): boolean | undefined => at.floor.day.value?.settings.attestation?.is_confirmed;
  expect(isConfirmed()).toBe(false);
  await at.floor.attest();
  expect(isConfirmed()).toBe(true);
  at = await restarted(at);
  expect(isConfirmed()).toBe(true);
  server.inspections = ["i2"];
  await at.floor.takeDown(() => undefined);
  expect(isConfirmed()).toBe(true);
  server.person = { id: "u2", name: "C D", language: "en" };
  await at.floor.enrol({ workspace: "w", pin: "135790", deviceName: "x" });
  await at.floor.takeDown(() => undefined);
  expect(isConfirmed()).toBe(false);
});

test("a device that the server has forgotten is registered anew, but not over unsent work", async () => {
  const at = await start();
  const former = (await read(at.world.database)).id;
  at.fate = off;
  await at.floor.inspection("i1").record("defect_recorded", DEFECT, { photos: [picture(1)] });
  server.unknown.add(former);
  at.fate = (asked) => (asked.path.startsWith("/floor/me") || asked.path.endsWith("/enrol") ? "through" : "cut_before");
  const again = (): Promise<void> => at.floor.enrol({ workspace: "w", pin: PIN, deviceName: "" });
  await expect(again()).rejects.toThrow("not registered any more");
  expect(at.floor.trouble.value).toBe("revoked");
  expect((await read(at.world.database)).id).toBe(former);
  expect(JSON.parse(await (await at.floor.exportUnsent()).text())).toMatchObject({ events: [{ inspection: "i1" }] });
  at.fate = through;
  at.floor.syncNow();
  await until(() => statusOf(at).kind === "safe");
  at.floor.settings.value = { ...at.floor.settings.value, language: "bn" };
  await again();
  await until(async () => (await read(at.world.database)).id !== former);
  expect([at.floor.trouble.value, at.floor.device.value?.name, at.floor.settings.value.language]).toEqual([null, "Tablet line 3", "bn"]);
  await at.floor.takeDown(() => undefined);
  expect(at.floor.day.value?.inspections.length).toBe(2);
});

test("an app too old for the server sends what waits, takes no new day and says so", async () => {
  let at = await start();
  server.oldest = String(LEVEL + 1);
  at.fate = off;
  await at.floor.inspection("i1").record("defect_recorded", DEFECT);
  at.fate = through;
  at.floor.syncNow();
  await until(() => statusOf(at).kind === "safe" && at.floor.outdated.value);
  expect([server.of("i1").size, at.floor.update.value]).toEqual([1, true]);
  await expect(at.floor.takeDown(() => undefined)).rejects.toMatchObject({ code: "outdated" });
  at.fate = off;
  at = await restarted(at);
  expect([at.floor.outdated.value, at.floor.update.value]).toEqual([true, true]);
  server.oldest = "";
  at.fate = through;
  at.floor.syncNow();
  await until(() => !at.floor.outdated.value);
  await at.floor.takeDown(() => undefined);
});

test("of a long day of taps the sums count here, and a signature takes the whole record first", async () => {
  const tap = (at: string, passed: number): RecordedEvent => parseEvent({ id: uuid7(Date.now() - 60_000), kind: "pieces_tallied", at, by: "u9", device: "web", body: { hour: 9, passed } });
  const others = [tap("2026-03-14T09:00:00Z", 3), tap("2026-03-14T09:00:01Z", 4), tap("2026-03-14T09:00:02Z", 1)];
  for (const event of others) server.of("i1").set(event.id, event);
  server.leftOut.set("i1", others.slice(0, 2));
  let at = await start();
  await at.floor.inspection("i1").ready;
  await at.floor.inspection("i1").record("pieces_tallied", { hour: 9, passed: 10 });
  const counted = (): number => tallyOf(tapsOf(at.floor.inspection("i1").state.value.values("pieces_tallied"), at.floor.inspection("i1").detail.value.left_out)).checked;
  expect([at.floor.inspection("i1").state.value.known.size, counted()]).toEqual([2, 18]);
  at.fate = off;
  await expect(at.floor.inspection("i1").sign(PIN, "Inspected by me", "")).rejects.toMatchObject({ code: "offline" });
  at.fate = through;
  at.floor.syncNow();
  await until(() => statusOf(at).kind === "safe");
  await at.floor.inspection("i1").sign(PIN, "Inspected by me", "");
  await until(() => server.signatures.size === 1 && statusOf(at).kind === "safe");
  expect(counted()).toBe(18);
  at.fate = off;
  at = await restarted(at);
  await at.floor.inspection("i1").ready;
  expect([counted(), at.floor.inspection("i1").signedHash.value]).toEqual([18, server.hash("i1")]);
});

test("an answer that is still on its way when the device is emptied brings nothing back", async () => {
  const at = await start();
  let release = (): void => undefined;
  const held = new Promise<void>((go) => (release = go));
  const { fetch } = at.world as { fetch: typeof at.world.fetch };
  Object.assign(at.world, { fetch: async (...asked: Parameters<typeof fetch>) => { const answer = await fetch(...asked); if (asked[0].endsWith("/contact")) await held; return answer; } });
  at.floor.syncNow();
  await until(() => server.log.filter((one) => one.endsWith("/contact")).length > 1);
  await at.floor.wipe();
  release();
  await new Promise((go) => setTimeout(go, 30));
  expect([await read(at.world.database), at.floor.device.value, await at.floor.holders()]).toEqual([undefined, null, []]);
});

test("a clock that is put back gives no more days without contact", async () => {
  const at = await start();
  at.fate = off;
  const look = async (): Promise<unknown> => {
    at.floor.syncNow();
    await new Promise((go) => setTimeout(go, 30));
    return at.floor.trouble.value;
  };
  const day = 86_400_000;
  at.offset = 10 * day;
  expect(await look()).toBe(null);
  at.offset = -20 * day;
  at.passed = 3 * day;
  expect(await look()).toBe(null);
  at.passed = 5 * day;
  expect(await look()).toBe("revoked");
  expect(await at.floor.holders()).toEqual([]);
});

async function read(database: string): Promise<{ id: string }> {
  const store = new Store(database);
  const found = await store.read<{ id: string }>("registered");
  store.close();
  return found!;
}
