// Builds styles and page scripts into goldseal/static/build, named by content, with a manifest;
// gathers the icons into one sprite and copies the report fonts.
import { build } from "esbuild";
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { basename, join } from "node:path";

const OUT = "goldseal/static/build";
const FONTS = "goldseal/fonts";
// A running server may still hand out pages that name the former files: those go after a day.
for (const folder of [OUT, join(OUT, "floor")]) {
  mkdirSync(folder, { recursive: true });
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isFile() && Date.now() - statSync(path).mtimeMs > 86_400_000) rmSync(path);
  }
}
mkdirSync(FONTS, { recursive: true });

const entries = readdirSync("assets/entries").map((name) => join("assets/entries", name));
const result = await build({
  entryPoints: entries,
  outdir: OUT,
  bundle: true,
  minify: true,
  sourcemap: false,
  format: "esm",
  target: ["es2020", "chrome80", "safari14"],
  entryNames: "[name]-[hash]",
  assetNames: "[name]-[hash]",
  loader: { ".woff2": "file", ".woff": "empty", ".svg": "file" },
  metafile: true,
  logLevel: "warning",
  legalComments: "none",
});

const manifest = {};
for (const [path, output] of Object.entries(result.metafile.outputs)) {
  if (!output.entryPoint) continue;
  const built = basename(path);
  const extension = built.endsWith(".css") ? ".css" : ".js";
  manifest[basename(output.entryPoint).replace(/\.\w+$/, "") + extension] = built;
}

const names = readFileSync("assets/icons.txt", "utf8").split(/\s+/).filter(Boolean);
const symbols = names.map((name) => {
  const svg = readFileSync(`node_modules/@tabler/icons/icons/outline/${name}.svg`, "utf8");
  const inner = svg.replace(/<!--[^]*?-->/g, "").replace(/<svg[^>]*>/, "").replace("</svg>", "").replace(/\s+/g, " ").trim();
  return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.75" stroke-linecap="round" stroke-linejoin="round">${inner}</symbol>`;
});
const sprite = `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
const mark = createHash("sha256").update(sprite).digest("hex").slice(0, 8).toUpperCase();
writeFileSync(join(OUT, `icons-${mark}.svg`), sprite);
manifest["icons.svg"] = `icons-${mark}.svg`;
for (const name of ["seal.svg"]) {
  const bytes = readFileSync(join("assets", name));
  const hash = createHash("sha256").update(bytes).digest("hex").slice(0, 8).toUpperCase();
  const built = name.replace(".", `-${hash}.`);
  writeFileSync(join(OUT, built), bytes);
  manifest[name] = built;
}
await buildFloor();
writeFileSync(join(OUT, "manifest.json"), JSON.stringify(manifest, null, 1));

// The Floor app: split so that the first screen stays small; its service worker carries the list of its files.
async function buildFloor() {
  if (!existsSync("floor/src/main.tsx")) return;
  const out = join(OUT, "floor");
  const options = {
    outdir: out,
    bundle: true,
    minify: true,
    format: "esm",
    target: ["es2022", "chrome100", "safari15.4"],
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    assetNames: "[name]-[hash]",
    loader: { ".woff2": "file", ".woff": "empty", ".svg": "file" },
    jsx: "automatic",
    jsxImportSource: "preact",
    metafile: true,
    logLevel: "warning",
    legalComments: "none",
  };
  const app = await build({
    ...options,
    entryPoints: { floor: "floor/src/main.tsx", "floor-styles": "floor/styles/floor.css" },
    splitting: true,
  });
  const files = Object.keys(app.metafile.outputs).map((path) => `/static/build/floor/${basename(path)}`);
  for (const [path, output] of Object.entries(app.metafile.outputs)) {
    if (output.entryPoint === "floor/src/main.tsx") manifest["floor.js"] = `floor/${basename(path)}`;
    if (output.entryPoint === "floor/styles/floor.css") manifest["floor.css"] = `floor/${basename(path)}`;
  }
  files.sort();
  const version = createHash("sha256").update(files.join("\n")).digest("hex").slice(0, 12);
  manifest["floor.version"] = version;
  await build({
    ...options,
    entryPoints: { sw: "floor/src/sw.ts" },
    entryNames: "[name]",
    format: "iife",
    define: { __FLOOR_FILES__: JSON.stringify(files), __FLOOR_VERSION__: JSON.stringify(version) },
  });
}

const WEIGHTS = { Regular: "400Regular", Medium: "500Medium", SemiBold: "600SemiBold", Bold: "700Bold", Italic: "400Regular_Italic" };
for (const [family, folder, styles] of [
  ["NotoSans", "noto-sans", Object.keys(WEIGHTS)],
  ["NotoSansBengali", "noto-sans-bengali", ["Regular", "Medium", "SemiBold", "Bold"]],
]) {
  for (const style of styles) {
    const source = WEIGHTS[style];
    copyFileSync(`node_modules/@expo-google-fonts/${folder}/${source}/${family}_${source}.ttf`, join(FONTS, `${family}-${style}.ttf`));
  }
}
