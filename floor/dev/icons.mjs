// Writes src/face/icons.ts: the insides of the few Tabler icons that the floor draws. node floor/dev/icons.mjs
import { readFileSync, writeFileSync } from "node:fs";

const ICONS = {
  alert: "alert-triangle", arrowLeft: "arrow-left", arrowRight: "arrow-right", back: "arrow-back-up", camera: "camera", check: "check", chevron: "chevron-right",
  circleCheck: "circle-check", circleX: "circle-x", clock: "clock", download: "download", hand: "hand-stop", history: "history", lock: "lock", minus: "minus",
  offline: "wifi-off", online: "wifi", pencil: "edit", phone: "device-mobile", plus: "plus", scan: "barcode", settings: "settings", shield: "shield-check",
  signature: "signature", trash: "trash", upload: "cloud-upload", user: "user", users: "users", x: "x",
};
const PICTURES = { KN: "grid-dots", SW: "needle-thread", FC: "texture", MS: "ruler-2", TL: "tag", SF: "alert-triangle", FN: "wash", PK: "package" };

const folder = new URL("../../node_modules/@tabler/icons/icons/outline/", import.meta.url);
const inside = (name) => {
  const svg = readFileSync(new URL(`${name}.svg`, folder), "utf8").replace(/<!--[^]*?-->/g, "");
  return svg.replace(/<svg[^>]*>/, "").replace("</svg>", "").replace(/\s+/g, " ").trim();
};
const table = (names) => Object.entries(names).map(([key, name]) => `  ${key}: ${JSON.stringify(inside(name)).replaceAll('\\"', "'")},`).join("\n");
const source = (title, name, names) => `// ${title}; made by floor/dev/icons.mjs.\nexport const ${name} = {\n${table(names)}\n} as const;\n`;

writeFileSync(new URL("../src/face/icons.ts", import.meta.url), source("Drawings of Tabler Icons (MIT)", "ICONS", ICONS));
writeFileSync(new URL("../src/face/inspection/pictures.ts", import.meta.url), source("A drawing per family of defects, of Tabler Icons (MIT)", "PICTURES", PICTURES));
