// What comes back to a device: pictures of the library with the day, and unsent work out of a saved file.
import { expect, test } from "vitest";
import { Store } from "../src/core/store";
import { DEFECT, PIN, off, open, picture, restarted, server, start, statusOf, through } from "./hands";
import { phone, until, type Phone } from "./worlds";

const bytesOf = async (at: Phone, id: string): Promise<number[] | null> => {
  const blob = await at.floor.picture(id);
  return blob && [...new Uint8Array(await blob.arrayBuffer())];
};

test("pictures of defects come down with the day, are counted, sealed, and go with the library", async () => {
  server.pictures.set("p1", Uint8Array.of(1, 2, 3));
  server.pictures.set("p2", Uint8Array.of(4, 5));
  let at = await start();
  expect([await bytesOf(at, "p1"), await bytesOf(at, "p2"), await bytesOf(at, "p3")]).toEqual([[1, 2, 3], [4, 5], null]);
  const store = new Store(at.world.database);
  const kept = await store.pictures.toArray();
  expect(kept.map((row) => row.data.byteLength)).toEqual([3 + 16, 2 + 16]);
  server.pictures.delete("p1");
  server.pictures.set("p3", Uint8Array.of(6));
  server.log.length = 0;
  const told: [number, number][] = [];
  // The network ends before the new one: the day is here all the same, and the picture comes another time.
  at.fate = (asked) => (asked.path.includes("/pictures/") ? "cut_before" : "through");
  await at.floor.takeDown((done, of) => told.push([done, of]));
  expect(at.floor.day.value?.defects.length).toBe(2);
  at.fate = through;
  const whole = told.at(-1)!;
  await at.floor.takeDown((done, of) => told.push([done, of]));
  expect(told.at(-1)).toEqual([1, 1]);
  expect(whole[0]).toBe(whole[1]);
  expect(server.log.filter((one) => one.includes("/pictures/"))).toEqual(["GET /api/v1/floor/pictures/p3"]);
  expect((await store.pictures.toArray()).map((row) => row.id)).toEqual(["p2", "p3"]);
  at = await restarted(at);
  expect(await bytesOf(at, "p3")).toEqual([6]);
  at.floor.lock();
  await expect(at.floor.picture("p3")).rejects.toThrow("Unlock");
  await at.floor.wipe();
  expect(await store.pictures.count()).toBe(0);
  store.close();
});

async function savedAndCleared(): Promise<Blob> {
  const at = await start();
  at.fate = off;
  const handle = at.floor.inspection("i1");
  await handle.record("defect_recorded", DEFECT, { photos: [picture(1)] });
  const aside = await handle.record("remark_written", { section: "packing", text: "left out" });
  await handle.addPhoto(picture(2), "packing");
  await handle.sign(PIN, "Inspected by me", "");
  const store = new Store(at.world.database);
  await store.events.update(aside.id, { sending: "aside" });
  store.close();
  const file = await at.floor.exportUnsent();
  await at.floor.wipe();
  return file;
}

test("a saved file is taken back by whoever recorded it, on any device and as often as one likes", async () => {
  const file = await savedAndCleared();
  const at = await start();
  const taken = await at.floor.takeBack(file);
  expect(taken).toEqual({ events: 2, photos: 2, known: 0, others: 0, acts: 1, inspections: ["i1"] });
  await until(() => statusOf(at).kind === "safe");
  expect([...server.of("i1").values()].map((event) => event.kind).sort()).toEqual(["defect_recorded", "photo_attached"]);
  expect(server.files.size).toBe(2);
  expect(at.floor.inspection("i1").state.value.ofKind("defect_recorded").length).toBe(1);
  expect(await at.floor.takeBack(file)).toMatchObject({ events: 0, photos: 0, known: 4, inspections: [] });
  const other = await start();
  expect(await other.floor.takeBack(file)).toMatchObject({ events: 2, photos: 2 });
  await until(() => statusOf(other).kind === "safe");
  expect(server.of("i1").size).toBe(2);
});

test("another person's file, a damaged one and one that is none are refused, and nothing of them is kept", async () => {
  const file = await savedAndCleared();
  server.person = { id: "u2", name: "C D", language: "en" };
  const at = phone(server);
  open.push(at);
  await at.floor.enrol({ workspace: "w", pin: "135790", deviceName: "x" });
  await at.floor.takeDown(() => undefined);
  await expect(at.floor.takeBack(file)).rejects.toThrow("Whoever recorded it hands it in");
  server.person = { id: "u1", name: "A B", language: "en" };
  const own = await start();
  const saved = JSON.parse(await file.text()) as { photos: { data: string }[] };
  saved.photos[1]!.data = saved.photos[0]!.data;
  await expect(own.floor.takeBack(new Blob([JSON.stringify(saved)]))).rejects.toThrow("damaged");
  for (const text of ["", "[]", '{"format": "goldseal-floor-unsent/2"}', '{"format": "goldseal-floor-unsent/1"}']) await expect(own.floor.takeBack(new Blob([text]))).rejects.toThrow("no saved work");
  const store = new Store(own.world.database);
  expect([await store.events.count(), await store.photos.count()]).toEqual([0, 0]);
  store.close();
});

test("a file whose id would lead to another address is refused whole", async () => {
  const file = await savedAndCleared();
  const saved = JSON.parse(await file.text());
  saved.events[0].inspection = "../../tokens";
  const at = await start();
  await expect(at.floor.takeBack(new Blob([JSON.stringify(saved)]))).rejects.toThrow("damaged");
});
