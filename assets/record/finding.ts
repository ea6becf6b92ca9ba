// From a form's groups to events, as the server reads them (goldseal/inspections/forms_record.py).

export interface RecordedEvent {
  id: string;
  kind: string;
  at: string;
  by: string;
  device: string;
  body: Record<string, unknown>;
  supersedes: string[];
}

const WHOLE = new Set(["made", "packed", "offered", "pieces", "piece_no", "carton"]);
const NOT_BODY = new Set(["kind", "id", "supersedes", "files", "files_ids", "files_attests"]);
const SAYS: Record<string, string[]> = {
  quantity_counted: ["made", "packed", "offered"],
  piece_measured: ["value"],
  remark_written: ["text"],
  cartons_opened: ["cartons"],
  item_answered: ["answer", "number", "choice", "text", "barcode", "note", "photos"],
};
// Lengths and numbers keep ASCII digits; the server's twin is `_as_number`.
const LENGTHS: Record<string, string[]> = {
  roll_inspected: ["length", "width"],
  flaw_recorded: ["at", "size", "runs_to"],
  piece_measured: ["value"],
};
const NUMBERS = new Set(["number", "gsm", "shrinkage_length_pct", "shrinkage_width_pct", "gross_kg", "card_mm"]);
export const DEVICE = "web page";

export function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const now = BigInt(Date.now());
  for (let i = 0; i < 6; i += 1) bytes[i] = Number((now >> BigInt(8 * (5 - i))) & 255n);
  bytes[6] = (bytes[6]! & 0x0f) | 0x70;
  bytes[8] = (bytes[8]! & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

export function hasPhotos(data: FormData): boolean {
  for (const [name, value] of data) {
    if (name.endsWith("-files_ids") && String(value).trim()) return true;
    if (value instanceof File && value.size) return true;
  }
  return false;
}

export function eventsOf(form: HTMLFormElement, data: FormData, by: string, at: string): RecordedEvent[] {
  const names = String(data.get("groups") ?? "").split(" ").filter(Boolean);
  return names.flatMap((name) => eventOf(form, data, name, by, at));
}

function eventOf(form: HTMLFormElement, data: FormData, name: string, by: string, at: string): RecordedEvent[] {
  let kind = String(data.get(`${name}-kind`) ?? "");
  const supersedes = String(data.get(`${name}-supersedes`) ?? "").split(" ").filter(Boolean);
  let body: Record<string, unknown> = {};
  for (const key of new Set([...data.keys()].filter((k) => k.startsWith("all-") || k.startsWith(`${name}-`)))) {
    const field = key.slice(key.indexOf("-") + 1);
    if (isStructured(field) || NOT_BODY.has(field) || (key.startsWith("all-") && (field === "at" || kind !== "piece_measured"))) continue;
    const texts = data.getAll(key).map((value) => String(value).replace(/\r\n/g, "\n").trim()).filter(Boolean);
    if (!texts.length) continue;
    if (field === "cartons") body[field] = texts.map(Number);
    else if (field === "photos") body[field] = texts;
    else if (NUMBERS.has(field)) body[field] = inAscii(texts.at(-1)!).replace(",", ".").replace("−", "-").replace(/^\+/, "");
    else if (LENGTHS[kind]?.includes(field)) body[field] = inAscii(texts.at(-1)!);
    else body[field] = WHOLE.has(field) ? Number(texts[0]!.replace(/[\s,]/g, "")) : texts[0];
  }
  Object.assign(body, structured(data, name));
  if (supersedes.length && kind in SAYS && isUntouched(form, name)) return [];
  if (SAYS[kind] && !SAYS[kind]!.some((field) => field in body)) {
    if (!supersedes.length) return [];
    kind = "event_withdrawn";
    body = { reason: "Entry cleared" };
  }
  if (kind === "defect_recorded" && !body.severity) body.severity = suggested(form, name, String(body.zone ?? ""));
  const id = String(data.get(`${name}-id`) ?? "") || newId();
  return [{ id, kind, at, by, device: DEVICE, body, supersedes }];
}

const STRUCTURED = /^([a-z_]+)(?:\.(\d{1,3})\.([a-z_]+))?(?::(int|bool|nine|list|key|count))?$/;

function isStructured(field: string): boolean {
  const match = STRUCTURED.exec(field);
  return Boolean(match && (match[2] || match[4]));
}

// Fields whose names say how they are to be read; the server's twin is `_structured`.
function structured(data: FormData, name: string): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  const rows = new Map<string, Map<number, Record<string, unknown>>>();
  const dropped = new Set<string>();
  for (const key of new Set(data.keys())) {
    if (!key.startsWith(`${name}-`)) continue;
    const match = STRUCTURED.exec(key.slice(name.length + 1));
    if (!match || !(match[2] || match[4])) continue;
    const [, field = "", row, part = "", type = ""] = match;
    const texts = data.getAll(key).map((value) => String(value).trim());
    const value = typed(texts, type);
    if (row === undefined) {
      if (value !== undefined) body[field] = value;
      continue;
    }
    if ((type === "key" || type === "count") && !texts.at(-1)) dropped.add(`${field}.${row}`);
    if (value === undefined) continue;
    const of = rows.get(field) ?? new Map<number, Record<string, unknown>>();
    of.set(Number(row), { ...of.get(Number(row)), [part]: value });
    rows.set(field, of);
  }
  for (const [field, parts] of rows) {
    const kept = [...parts].sort(([a], [b]) => a - b).filter(([row]) => !dropped.has(`${field}.${row}`));
    if (kept.length) body[field] = kept.map(([, part]) => part);
  }
  return body;
}

function typed(texts: string[], type: string): unknown {
  const text = texts.at(-1) ?? "";
  if (type === "nine") return Array.from({ length: 9 }, (_, place) => texts.includes("all") || texts.includes(String(place + 1)));
  if (type === "bool") return text ? text === "on" || text === "true" : undefined;
  if (type === "int" || type === "count") return text ? Number(text.replace(/[\s,]/g, "")) : undefined;
  if (type === "list") return texts.filter(Boolean);
  return text || undefined;
}

export function inAscii(text: string): string {
  return text.replace(/[০-৯]/g, (digit) => String(digit.charCodeAt(0) - 0x9e6));
}

function isUntouched(form: HTMLFormElement, name: string): boolean {
  return [...form.querySelectorAll<HTMLInputElement>(`[name^="${name}-"]`)].every(
    (input) => input.value === input.defaultValue && input.checked === input.defaultChecked,
  );
}

export function suggested(form: HTMLFormElement, name: string, zone: string): string {
  const code = form.querySelector<HTMLInputElement>(`[name="${name}-code"]:checked`);
  const each = (code?.dataset.severities ?? "").split(",");
  return each[["", "A", "B", "C"].indexOf(zone)] ?? each[0] ?? "";
}
