// Photos over a real socket that is cut in the middle of a part, as a bad network does.
import { createServer, type IncomingMessage, type Server as HttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { upload, type Photo, type Uploaded } from "../src/core/upload";
import { Server, sha } from "./server";

const BYTES = Uint8Array.from({ length: 1_300_000 }, (_v, i) => (i * 31) & 255);
const SHA256 = Buffer.from(sha(BYTES)).toString("hex");
let http: HttpServer | undefined;

afterEach(() => {
  http?.closeAllConnections();
  http?.close();
});

// Reads until `cutAt` bytes of this request have come; what has come by then is kept, as the real server does.
async function listen(server: Server, cutAt: () => number): Promise<string> {
  http = createServer((request, response) => {
    const { socket } = request;
    void serve(server, request, cutAt()).then(async (answer) => {
      if (!answer) return socket.destroy();
      response.writeHead(answer.status, Object.fromEntries(answer.headers));
      return response.end(Buffer.from(await answer.arrayBuffer()));
    });
  });
  await new Promise<void>((ready) => http!.listen(0, "127.0.0.1", ready));
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
}

async function serve(server: Server, request: IncomingMessage, cutAt: number): Promise<Response | null> {
  const parts: Buffer[] = [];
  let size = 0;
  let isCut = false;
  for await (const part of request as AsyncIterable<Buffer>) {
    parts.push(part.subarray(0, cutAt - size));
    size += part.length;
    if ((isCut = size >= cutAt && request.method === "PATCH")) break;
  }
  const headers = new Headers(Object.entries(request.headers).map(([name, value]) => [name, String(value)] as [string, string]));
  const answer = server.answer({ method: request.method ?? "", path: request.url ?? "", headers, body: Buffer.concat(parts) });
  return isCut ? null : answer;
}

function begin(base: string, url: string, told: (url: string) => void, headers = { Authorization: "Bearer t" }): Promise<Uploaded> {
  const photo: Photo = { bytes: new Blob([BYTES]), sha256: SHA256, type: "image/jpeg", url, attests: "" };
  return upload(photo, { endpoint: `${base}/api/v1/files/upload`, headers, fetch: (input, init) => fetch(input, init), begun: (found) => Promise.resolve(told(found)) });
}

test("cut at random bytes, a photo arrives whole and is begun once", async () => {
  const server = new Server();
  server.tokens.set("t", "u1");
  let cuts = [100_000, 3, 400_000, 77_777, 1];
  const base = await listen(server, () => cuts[0] ?? Infinity);
  let url = "";
  let got: Uploaded = { kind: "later", isDown: true, isLost: false };
  for (let tries = 0; got.kind !== "kept" && tries < 12; tries += 1) {
    got = await begin(base, url, (found) => (url = found));
    cuts = cuts.slice(1);
  }
  expect(got).toEqual({ kind: "kept" });
  expect(server.uploads.size).toBe(1);
  expect(Buffer.from(server.files.get(SHA256)!).equals(Buffer.from(BYTES))).toBe(true);
  // Everything is there already: the acknowledgement comes again and no byte is sent.
  server.log.length = 0;
  expect(await begin(base, url, () => undefined)).toEqual({ kind: "kept" });
  expect(server.log.map((line) => line.split(" ")[0])).toEqual(["HEAD"]);
});

test("an upload that the server forgot begins anew; a foreign token asks to sign in; other bytes are no success", async () => {
  const server = new Server();
  server.tokens.set("t", "u1");
  const base = await listen(server, () => Infinity);
  let url = `${base}/api/v1/files/upload/forgotten`;
  expect(await begin(base, url, (found) => (url = found))).toEqual({ kind: "kept" });
  expect(url).not.toContain("forgotten");
  expect(await begin(base, "", () => undefined, { Authorization: "Bearer other" })).toEqual({ kind: "sign_in" });
  for (const one of server.uploads.values()) one.bytes = new Uint8Array(5);
  expect(await begin(base, url, () => undefined)).toEqual({ kind: "later", isDown: false, isLost: true });
});

test("all bytes are there, but without an acknowledgement it is not called kept", async () => {
  const server = new Server();
  server.tokens.set("t", "u1");
  server.isSilent = true;
  const base = await listen(server, () => Infinity);
  expect(await begin(base, "", () => undefined)).toEqual({ kind: "later", isDown: false, isLost: true });
});

test("no server is no reason to give up", async () => {
  expect(await begin("http://127.0.0.1:9", "", () => undefined)).toEqual({ kind: "later", isDown: true, isLost: false });
});
