// A server's answers just good enough to look at the screens on the real core: nothing is checked, nothing is kept for long.
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";

const DAY = readFileSync(new URL("./day.json", import.meta.url), "utf8");
const day = JSON.parse(DAY);
const key = () => randomBytes(32).toString("base64url");
const device = { id: "018f3b1c-7a2e-7c1d-9b4f-3e5a6c7d8e77", secret: key(), name: "Tablet line 3" };
const deviceKey = key();
const seen = new Map();

const ROUTES = [
  ["GET", /^\/floor\/me$/, () => ({ person: { ...day.person, has_pin: true }, workspaces: [{ slug: "meghna", name: day.workspace.name, role: "inspector" }], csrf: "x" })],
  ["POST", /^\/floor\/enrol$/, () => ({ device, person: day.person, workspace: day.workspace, token: "gs_demo", device_key: deviceKey, sign_key: key(), policy: day.settings.policy })],
  ["POST", /^\/floor\/contact$/, () => ({ state: "active", server_time: new Date().toISOString(), newest_version: "", oldest_version: "", policy: day.settings.policy, holders: [day.person.id] })],
  ["GET", /^\/api\/v1\/floor\/day$/, () => day],
  ["POST", /^\/api\/v1\/inspections\/([^/]+)\/events$/, taken],
];

function taken(body) {
  const [accepted, repeated] = [[], []];
  for (const event of body.events) (seen.has(event.id) ? repeated : accepted).push(event.id), seen.set(event.id, event);
  return { accepted, repeated, verdict: "pending", content_hash: "", summary: {} };
}

// True where the request was one of these.
export function answered(request, response) {
  const path = new URL(request.url ?? "/", "http://localhost").pathname;
  const route = ROUTES.find(([method, pattern]) => method === request.method && pattern.test(path));
  if (!route) return false;
  let text = "";
  request.on("data", (part) => (text += part));
  request.on("end", () => {
    const answer = Buffer.from(JSON.stringify(route[2](text ? JSON.parse(text) : {})));
    response.writeHead(200, { "Content-Type": "application/json", "Content-Length": answer.length });
    response.end(answer);
  });
  return true;
}
