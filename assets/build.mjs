// Builds styles and page scripts into goldseal/static/build, named by content, with a manifest;
// gathers the icons into one sprite and copies the report fonts.
import { build } from "esbuild";
import { copyFileSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createHash } from "node:crypto";
import { basename, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { buildFloor } from "../floor/build.mjs";

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
await offlineVerifier();
await floorApp();
writeFileSync(join(OUT, "manifest.json"), JSON.stringify(manifest, null, 1));
compress();

// Packed once here, so that the server hands the small form to every browser that takes it.
function compress() {
  for (const folder of [OUT, join(OUT, "floor")]) {
    for (const name of readdirSync(folder)) {
      const path = join(folder, name);
      if (!/\.(js|css|svg)$/.test(name) || name === "sw.js" || existsSync(`${path}.br`)) continue;
      const bytes = readFileSync(path);
      writeFileSync(`${path}.gz`, gzipSync(bytes, { level: 9 }));
      writeFileSync(`${path}.br`, brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 9 } }));
    }
  }
}

// The single-file verifier: page and script in one, because a page opened from a disk may load nothing else. The
// server puts the issuer's certificates where the page says `given`.
async function offlineVerifier() {
  const { outputFiles } = await build({
    entryPoints: ["assets/offline/main.ts"],
    write: false,
    bundle: true,
    minify: true,
    format: "iife",
    target: ["es2020", "chrome80", "safari16.4"],
    charset: "utf8",
    logLevel: "warning",
  });
  const script = outputFiles[0].text;
  if (script.includes("</script")) throw new Error("The offline verifier's script would end its own element.");
  const page = readFileSync("assets/offline/page.html", "utf8").replace("<!--script-->", () => `<script>${script}</script>`);
  const built = `offline-${createHash("sha256").update(page).digest("hex").slice(0, 8).toUpperCase()}.html`;
  writeFileSync(join(OUT, built), page);
  manifest["offline.html"] = built;
}

// The Floor app; its service worker carries the list of its files, and their names together are its version.
async function floorApp() {
  const out = join(OUT, "floor");
  const { outputs } = await buildFloor({ outdir: out, names: "[name]-[hash]" });
  const files = Object.keys(outputs).map((path) => `/static/floor/${basename(path)}`).sort();
  for (const [path, { entryPoint }] of Object.entries(outputs)) {
    if (entryPoint?.endsWith("main.tsx")) manifest["floor.js"] = `floor/${basename(path)}`;
    if (entryPoint?.endsWith("floor.css")) manifest["floor.css"] = `floor/${basename(path)}`;
  }
  manifest["floor.version"] = createHash("sha256").update(files.join("\n")).digest("hex").slice(0, 12);
  await build({
    entryPoints: ["floor/src/sw.ts"],
    outdir: out,
    bundle: true,
    minify: true,
    format: "iife",
    target: ["es2022", "chrome94", "safari15.4"],
    banner: { js: `self.__FILES=${JSON.stringify(files)};` },
    logLevel: "warning",
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
