// Builds the screens and serves them on loopback: node floor/dev/serve.mjs [port] [real]
// On the fake core, or with `real` on the true one with made-up answers.
import { createReadStream, existsSync, mkdtempSync, readdirSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { basename, extname, join } from "node:path";
import { buildFloor, sizesOf } from "../build.mjs";
import { answered } from "./answers.mjs";

const outdir = process.env.FLOOR_OUT ?? mkdtempSync(join(tmpdir(), "floor-dev-"));
const metafile = await buildFloor({ outdir, main: process.argv[3] === "real" ? "dev/real.tsx" : "dev/main.tsx", names: "[name]" });
const { first, all } = sizesOf(metafile);
console.log(`built to ${outdir}: first ${first}, all ${all} bytes after gzip (fake day included)`);
if (process.env.FLOOR_BUILD_ONLY) process.exit(0);
const TYPES = { ".js": "text/javascript", ".css": "text/css", ".woff2": "font/woff2", ".html": "text/html; charset=utf-8" };
const PAGE = `<!doctype html><html lang="bn"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"><title>Goldseal Floor</title><link rel="stylesheet" href="/floor-styles.css"></head><body><div id="floor"></div><script type="module" src="/floor.js"></script></body></html>`;

createServer((request, response) => {
  if (answered(request, response)) return;
  const name = basename(new URL(request.url ?? "/", "http://localhost").pathname);
  const path = join(outdir, name);
  if (!name || !existsSync(path) || !readdirSync(outdir).includes(name)) {
    response.writeHead(200, { "Content-Type": TYPES[".html"] });
    response.end(PAGE);
    return;
  }
  response.writeHead(200, { "Content-Type": TYPES[extname(name)] ?? "application/octet-stream" });
  createReadStream(path).pipe(response);
}).listen(Number(process.argv[2] ?? 8790), "127.0.0.1");
