import { expect, test } from "vitest";
import { applyEvents } from "../src/core/state";
import { Store } from "../src/core/store";
import { DEFECT, PIN, newServer, off, open, picture, restarted, server, start, statusOf, through } from "./hands";
import { phone, until } from "./worlds";

test("everything arrives: photos before the events that name them, then signature, then submission", async () => {
  const at = await start();
  const handle = at.floor.inspection("i1");
  await at.floor.attest();
  at.fate = off;
  await handle.record("defect_recorded", DEFECT, { photos: [picture(1), picture(2)] });
  const taken = await handle.addPhoto(picture(3), "packing", "Carton mark");
  const wrong = await handle.record("defect_recorded", DEFECT);
  await handle.undo(wrong);
  await handle.sign(PIN, "Inspected by me", "M0 0L1 1");
  await handle.submit();
  await until(() => statusOf(at).kind === "phone");
  server.log.length = 0;
  at.fate = through;
  at.floor.syncNow();
  await until(() => statusOf(at).kind === "safe");
  expect(server.files.size).toBe(3);
  const state = applyEvents(server.of("i1").values());
  expect(state.values("defect_recorded").length).toBe(1);
  expect(state.value("photo_attached", state.ofKind("photo_attached")[0]!.key[0]!)).toMatchObject({ caption_en: "Carton mark", sha256: taken });
  expect(state.contentHash).toBe(handle.state.value.contentHash);
  await until(() => handle.state.value.values("signed").length === 1);
  expect(handle.state.value.isCurrent(handle.state.value.values("signed")[0]!)).toBe(true);
  expect(server.decided.has("i1")).toBe(true);
  const acts = server.log.filter((line) => line.startsWith("POST /api/v1/") && !line.endsWith("upload")).map((line) => line.split("/").at(-1));
  expect(acts).toEqual(["events", "sign", "submit"]);
  expect(server.log.findIndex((line) => line.includes("/events"))).toBeGreaterThan(server.log.map((line) => line.slice(0, 5)).lastIndexOf("PATCH"));
  expect(await handle.photo(taken)).toBeInstanceOf(Blob);
  expect(await at.floor.freeSpace()).toBe(9000);
  expect(await handle.photo(taken)).toBe(null);
});

test("cut at every single request, before and after the server took it, nothing is lost and nothing is twice", async () => {
  for (const fate of ["cut_before", "cut_after", "twice", 503, 429] as const) {
    for (let cut = 0; cut < 9; cut += 1) {
      newServer();
      const at = await start();
      at.fate = off;
      const handle = at.floor.inspection("i1");
      await handle.record("defect_recorded", DEFECT, { photos: [picture(cut, 530_000)] });
      await handle.sign(PIN, "Inspected by me", "");
      await handle.submit();
      let count = 0;
      at.fate = (asked) => (asked.path.startsWith("/api/") && count++ === cut ? fate : "through");
      at.floor.syncNow();
      await until(() => count > cut || statusOf(at).kind === "safe");
      for (let tries = 0; statusOf(at).kind !== "safe" && tries < 40; tries += 1) {
        await at.floor["tryAgain"]();
        await until(() => !at.floor.isSending);
      }
      expect([fate, cut, statusOf(at).kind]).toEqual([fate, cut, "safe"]);
      expect([server.files.size, server.of("i1").size, server.signatures.size, server.decided.size]).toEqual([1, 2, 1, 1]);
      at.floor.close();
    }
  }
}, 60_000);

test("an upload resumes in the middle of a photo after the app was ended", async () => {
  let at = await start();
  at.fate = off;
  await at.floor.inspection("i1").addPhoto(picture(5, 1_300_000), "packing");
  let parts = 0;
  at.fate = (asked) => (asked.method === "PATCH" && parts++ >= 1 ? "cut_before" : "through");
  at.floor.syncNow();
  await until(() => parts >= 2);
  expect([...server.uploads.values()].map((one) => one.bytes.length)).toEqual([512 * 1024]);
  at.fate = through;
  at = await restarted(at);
  await until(() => server.files.size === 1 && server.of("i1").size === 1);
  expect(server.uploads.size).toBe(1);
  await until(() => statusOf(at).kind === "safe");
});

test("a refused event needs the person and holds back nothing else; set aside, it is still saved with the rest", async () => {
  const at = await start();
  at.fate = off;
  const handle = at.floor.inspection("i1");
  await handle.record("defect_recorded", DEFECT);
  const named = await handle.record("defect_recorded", { ...DEFECT, pieces: 99 });
  const nameless = await handle.record("defect_recorded", { ...DEFECT, pieces: 98 });
  for (let i = 0; i < 5; i += 1) await handle.record("defect_recorded", DEFECT);
  await handle.submit();
  at.fate = through;
  at.floor.syncNow();
  await until(() => server.of("i1").size === 6 && statusOf(at).kind === "needs" && !at.floor.isSending);
  expect(statusOf(at)).toMatchObject({ kind: "needs", code: "refused" });
  expect(server.decided.size).toBe(0);
  await until(async () => (await new Store(at.world.database).events.where("[inspection+sending]").equals(["i1", "refused"]).count()) === 2);
  await handle.undo(named);
  await handle.undo(nameless);
  expect(handle.state.value.known.size).toBe(6);
  const saved = JSON.parse(await (await at.floor.exportUnsent()).text()) as { events: { event: { id: string } }[] };
  expect(saved.events.map((one) => one.event.id).sort()).toEqual([named.id, nameless.id].sort());
  at.floor.syncNow();
  await until(() => server.decided.size === 1 && statusOf(at).kind === "safe");
});

test("an inspection that takes nothing any more is asked once, not for each event", async () => {
  const at = await start();
  at.fate = off;
  for (let i = 0; i < 12; i += 1) await at.floor.inspection("i1").record("defect_recorded", { ...DEFECT, pieces: 98 });
  server.cancelled.add("i1");
  server.log.length = 0;
  at.fate = through;
  at.floor.syncNow();
  await until(() => statusOf(at).kind === "needs" && !at.floor.isSending);
  expect(server.log.filter((line) => line.includes("/i1"))).toEqual(["POST /api/v1/inspections/i1/events", "GET /api/v1/inspections/i1"]);
});

test("a signature for a record that has changed since needs the person, who signs again", async () => {
  const at = await start();
  at.fate = off;
  const handle = at.floor.inspection("i1");
  await handle.record("defect_recorded", DEFECT);
  await handle.sign(PIN, "Inspected by me", "");
  await handle.record("defect_recorded", DEFECT);
  at.fate = through;
  at.floor.syncNow();
  await until(() => statusOf(at).kind === "needs" && !at.floor.isSending);
  expect(statusOf(at)).toEqual({ kind: "needs", code: "refused", reason: "The record has changed since; read it and sign again." });
  await until(() => handle.signedHash.value === "");
  await handle.sign(PIN, "Inspected by me", "");
  await until(() => statusOf(at).kind === "safe");
  expect(server.signatures.size).toBe(1);
  expect(server.asked.length).toBe(2);
  expect(new Set(server.asked).size).toBe(2);
});

test("a photo that does not get through holds back only the records that name it", async () => {
  const at = await start();
  at.fate = off;
  const handle = at.floor.inspection("i1");
  const waits = await handle.record("defect_recorded", DEFECT, { photos: [picture(1)] });
  await handle.record("defect_recorded", DEFECT);
  await handle.sign(PIN, "Inspected by me", "");
  server.log.length = 0;
  at.fate = (asked) => (asked.path.includes("upload") ? 503 : "through");
  at.floor.syncNow();
  await until(() => server.of("i1").size === 1);
  await until(() => !at.floor.isSending);
  expect(server.of("i1").has(waits.id)).toBe(false);
  expect(server.log.filter((line) => line.includes("/events") || line.includes("/sign"))).toEqual(["POST /api/v1/inspections/i1/events"]);
  at.fate = through;
  at.floor.syncNow();
  await until(() => statusOf(at).kind === "safe");
  expect(server.signatures.size).toBe(1);
});

test("an answer that names nothing acknowledges nothing", async () => {
  const at = await start();
  at.fate = (asked) => (asked.path.endsWith("/events") ? 200 : "through");
  await at.floor.inspection("i1").record("defect_recorded", DEFECT);
  await until(() => !at.floor.isSending);
  expect(statusOf(at)).toEqual({ kind: "phone" });
});

test("bytes that were spoiled on the way go again from the beginning", async () => {
  const at = await start();
  let spoiled = 0;
  at.fate = (asked) => {
    if (asked.method === "PATCH" && !spoiled++) asked.body[5]! ^= 1;
    return "through";
  };
  const sha256 = await at.floor.inspection("i1").addPhoto(picture(1), "packing");
  await until(() => spoiled > 0 && !at.floor.isSending);
  expect(server.files.size).toBe(0);
  at.floor.syncNow();
  await until(() => statusOf(at).kind === "safe");
  expect(server.files.has(sha256)).toBe(true);
});

test("an upload that is never acknowledged is given up for a new one", async () => {
  const at = await start();
  server.isSilent = true;
  await at.floor.inspection("i1").addPhoto(picture(1), "packing");
  await until(() => server.uploads.size === 1 && !at.floor.isSending);
  expect(statusOf(at)).toEqual({ kind: "phone" });
  server.isSilent = false;
  at.floor.syncNow();
  await until(() => statusOf(at).kind === "safe");
  expect(server.uploads.size).toBe(2);
});

test("photos that the server has lost go again", async () => {
  const at = await start();
  const handle = at.floor.inspection("i1");
  const sha256 = await handle.addPhoto(picture(1), "packing");
  await until(() => statusOf(at).kind === "safe");
  server.files.clear();
  at.fate = off;
  await handle.record("defect_recorded", { ...DEFECT, photos: [sha256] });
  at.fate = through;
  for (let tries = 0; server.of("i1").size < 2 && tries < 20; tries += 1) {
    at.floor.syncNow();
    await new Promise((go) => setTimeout(go, 30));
  }
  await until(() => statusOf(at).kind === "safe");
  expect(server.files.has(sha256)).toBe(true);
});

test("a session that ended asks to sign in again and keeps everything; others on the device are sent meanwhile", async () => {
  const at = await start();
  at.fate = off;
  await at.floor.inspection("i1").record("defect_recorded", DEFECT);
  server.person = { id: "u2", name: "C D", language: "bn" };
  at.fate = (asked) => (asked.path.startsWith("/api/v1/inspections") ? "cut_before" : "through");
  await at.floor.enrol({ workspace: "w", pin: "135790", deviceName: "ignored" });
  await at.floor.takeDown(() => undefined);
  await at.floor.inspection("i1").record("defect_recorded", DEFECT);
  for (const [token, by] of server.tokens) if (by === "u1") server.tokens.delete(token);
  at.fate = through;
  at.floor.syncNow();
  await until(() => statusOf(at).kind === "needs" && at.floor.trouble.value === "signin");
  expect(statusOf(at)).toMatchObject({ kind: "needs", code: "sign_in" });
  expect([...server.of("i1").values()].map((event) => event.by)).toEqual(["u2"]);
  expect(at.floor.trouble.value).toBe("signin");
  expect((await at.floor.holders()).map((one) => [one.id, one.mustSignIn])).toEqual([["u1", true], ["u2", false]]);
  server.person = { id: "u1", name: "A B", language: "en" };
  await at.floor.enrol({ workspace: "w", pin: PIN, deviceName: "ignored" });
  await until(() => server.of("i1").size === 2 && statusOf(at).kind === "safe");
  expect(server.keys.size).toBe(3);
});

test("one person's work goes out while another has unlocked", async () => {
  const at = await start();
  at.fate = off;
  await at.floor.inspection("i1").record("defect_recorded", DEFECT);
  at.floor.lock();
  expect(() => at.floor.inspection("i1")).toThrow();
  at.fate = through;
  server.person = { id: "u2", name: "C D", language: "en" };
  await at.floor.enrol({ workspace: "w", pin: "135790", deviceName: "x" });
  await until(() => server.of("i1").size === 1);
  expect([...server.of("i1").values()][0]!.by).toBe("u1");
});

test("after a lock a photo on its way still arrives; then the key is gone", async () => {
  const at = await start();
  let go = (): void => undefined;
  at.fate = (asked) => {
    if (asked.method === "PATCH") go();
    return "through";
  };
  const handle = at.floor.inspection("i1");
  const begun = new Promise<void>((is) => (go = is));
  await handle.addPhoto(picture(9, 1_500_000), "packing");
  await begun;
  at.floor.lock();
  expect(at.floor.session.value).toBe(null);
  await expect(handle.record("defect_recorded", DEFECT)).rejects.toThrow("Unlock");
  await until(() => server.of("i1").size === 1);
  await until(() => !at.floor.isSending);
  expect(at.floor["keeper"]).toBe(null);
});

test("two tabs: one sends, both number their records apart, and each learns of the other's", async () => {
  const one = await start();
  one.fate = off;
  const two = phone(server, { database: one.world.database });
  open.push(two);
  two.fate = off;
  await two.floor.unlock("u1", PIN);
  await Promise.all([one, two].flatMap((at) => [1, 2, 3].map(() => at.floor.inspection("i1").record("defect_recorded", DEFECT))));
  const store = new Store(one.world.database);
  expect((await store.events.orderBy("seq").toArray()).map((row) => row.seq)).toEqual([1, 2, 3, 4, 5, 6]);
  store.close();
  await two.told[0]!.told("i1");
  expect(two.floor.inspection("i1").state.value.known.size).toBe(6);
  one.fate = two.fate = through;
  one.floor.syncNow();
  two.floor.syncNow();
  await until(() => server.of("i1").size === 6);
  await until(() => statusOf(one).kind === "safe");
});

test("a photo that may not be begun says why, and holds back no other record", async () => {
  const at = await start();
  at.fate = (asked) => (asked.method === "POST" && asked.path === "/api/v1/files/upload" ? 409 : "through");
  const handle = at.floor.inspection("i1");
  await handle.addPhoto(picture(1), "packing");
  const plain = await handle.record("defect_recorded", DEFECT);
  await until(() => statusOf(at).kind === "needs" && server.of("i1").has(plain.id));
  expect(statusOf(at)).toEqual({ kind: "needs", code: "refused", reason: "Answer 409" });
  at.fate = through;
  at.floor.syncNow();
  await until(() => statusOf(at).kind === "safe");
});
