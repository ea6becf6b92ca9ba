// The floor's screens built to a folder of one's own, for looking and for weighing (assets/build.mjs makes those served).
// `node floor/build.mjs` prints the sizes.
import { build } from "esbuild";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";

const HERE = fileURLToPath(new URL(".", import.meta.url));

// Answers esbuild's metafile; `main` is floor/src/main.tsx, or the fake day of floor/dev.
export async function buildFloor({ outdir, main = "src/main.tsx", names = "[name]-[hash]" }) {
  const result = await build({
    entryPoints: { floor: join(HERE, main), "floor-styles": join(HERE, "styles/floor.css") },
    outdir,
    bundle: true,
    minify: true,
    splitting: true,
    format: "esm",
    target: ["es2022", "chrome94", "safari15.4"],
    jsx: "automatic",
    jsxImportSource: "preact",
    entryNames: names,
    chunkNames: "part-[hash]",
    assetNames: "[name]-[hash]",
    loader: { ".woff2": "file", ".woff": "empty" },
    metafile: true,
    logLevel: "warning",
    legalComments: "none",
  });
  return result.metafile;
}

// Bytes after gzip: what the first screen loads (the entry and what it imports at once), and all.
export function sizesOf(metafile, root = process.cwd()) {
  const zipped = (path) => gzipSync(readFileSync(join(root, path)), { level: 9 }).length;
  const scripts = Object.entries(metafile.outputs).filter(([path]) => path.endsWith(".js"));
  const [entry] = scripts.find(([, one]) => one.entryPoint?.endsWith("main.tsx")) ?? [];
  const first = new Set();
  const walk = (path) => {
    if (!path || first.has(path)) return;
    first.add(path);
    for (const one of metafile.outputs[path]?.imports ?? []) if (one.kind === "import-statement") walk(one.path);
  };
  walk(entry);
  const sum = (paths) => paths.reduce((all, path) => all + zipped(path), 0);
  return { first: sum([...first]), all: sum(scripts.map(([path]) => path)), parts: scripts.map(([path, one]) => [basename(path), zipped(path), one.entryPoint ?? ""]) };
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? "").href) {
  const outdir = mkdtempSync(join(tmpdir(), "floor-"));
  const sizes = sizesOf(await buildFloor({ outdir }));
  for (const [name, bytes, entry] of sizes.parts) console.log(String(bytes).padStart(7), name, entry);
  console.log(`first ${sizes.first} bytes, all ${sizes.all} bytes after gzip`);
  rmSync(outdir, { recursive: true });
}
