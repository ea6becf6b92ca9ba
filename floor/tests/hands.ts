// What every test of the whole core begins with: a server, a phone that is enrolled, and hands that hold it.
import { beforeEach } from "vitest";
import type { Status } from "../src/core/status";
import { Server } from "./server";
import { enrolled, phone, type Phone } from "./worlds";

export const DEFECT = { code: "SW03", severity: "major" };
export const PIN = "482913";
export let server: Server;
export let open: Phone[];

export function newServer(): void {
  server = new Server();
  server.inspections = ["i1", "i2"];
}

beforeEach(() => {
  newServer();
  open = [];
  return () => open.forEach((one) => one.floor.close());
});

export async function start(options: { database?: string; offset?: number } = {}): Promise<Phone> {
  const made = await enrolled(server, options);
  open.push(made);
  return made;
}

// The same device after the app was ended: a new core over the same database.
export async function restarted(former: Phone): Promise<Phone> {
  former.floor.close();
  const made = phone(server, { database: former.world.database });
  open.push(made);
  made.fate = former.fate;
  const [holder] = await made.floor.holders();
  await made.floor.unlock(holder!.id, PIN);
  return made;
}

export const off = (): "cut_before" => "cut_before";
export const through = (): "through" => "through";
export const picture = (seed: number, size = 3000): Blob => new Blob([Uint8Array.from({ length: size }, (_v, i) => (i * 7 + seed) & 255)], { type: "image/jpeg" });
export const statusOf = (at: Phone, pk = "i1"): Status => at.floor.inspection(pk).status.value;
