// What the body of each kind of event may hold: the twin of goldseal/inspections/rules/bodies.py and bodies_methods.py,
// so that whatever is accepted here is accepted by the server, in the same spelling and with the same digest.
import { compare, parseMeasure, plainNumber, UNITS, ZERO } from "./fraction";

export type Check = (value: unknown) => unknown;
export type Fields = Readonly<Record<string, Field>>;

export interface Field {
  readonly check: Check;
  readonly optional?: boolean;
  readonly default?: unknown;
}

export class Refused extends Error {
  constructor(
    readonly allowed: string,
    readonly place = "",
  ) {
    super(allowed);
  }
}

const UUID7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const DECIMAL = /^-?[0-9]{1,7}(\.[0-9]{1,6})?$/;

export const SECTIONS = [
  "quantity", "shipping_marks", "conformity", "packing", "labelling", "workmanship", "measurement", "onsite_tests", "special", "remarks",
] as const;
export const SEVERITIES = ["critical", "major", "minor"] as const;
export type Severity = (typeof SEVERITIES)[number];
const ZONES = ["A", "B", "C"];
const QUANTITY_MAX = 10_000_000;
const ACTIONS = ["recheck_bundle", "stop_line", "train"];

export const uuid7: Check = pattern(UUID7, "a UUIDv7 in lower case, such as 018f3b1c-7a2e-7c1d-9b4f-3e5a6c7d8e9f");

export function pattern(expression: RegExp, allowed: string): Check {
  return (value) => {
    if (typeof value !== "string" || !expression.test(value)) throw new Refused(`must be ${allowed}`);
    return value;
  };
}

export function text(limit: number, lines = false): Check {
  const control = lines ? /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]|\p{Cs}/u : /[\x00-\x1f\x7f-\x9f]|\p{Cs}/u;
  return (value) => {
    if (typeof value !== "string") throw new Refused("must be text");
    const kept = value.trim();
    if (!kept || [...value].length > limit) throw new Refused(`must be text of 1 to ${limit} characters (got ${[...kept].length})`);
    const found = control.exec(value);
    if (found) throw new Refused(`must not contain the control character U+${hex4(found[0])}`);
    return kept;
  };
}

export function whole(least: number, most: number): Check {
  return (value) => {
    if (!Number.isInteger(value) || (value as number) < least || (value as number) > most) {
      throw new Refused(`must be a whole number from ${least} to ${most} (got ${typeof value === "number" ? value : typeof value})`);
    }
    return value;
  };
}

export function oneOf(...allowed: readonly string[]): Check {
  return (value) => {
    if (typeof value !== "string" || !allowed.includes(value)) throw new Refused(`must be one of ${allowed.join(", ")}`);
    return value;
  };
}

// Distinct items, kept in ascending order because their order means nothing.
export function listOf(item: Check, most: number, least = 0): Check {
  return (value) => {
    if (!Array.isArray(value) || value.length < least || value.length > most) {
      throw new Refused(`must be a list of ${least} to ${most} items (got ${Array.isArray(value) ? value.length : typeof value})`);
    }
    const kept = value.map((one: unknown, place) => at(`[${place}]`, () => item(one)));
    if (new Set(kept).size !== kept.length) throw new Refused("must not name anything twice");
    return kept.sort((a, b) => (typeof a === "number" ? a - (b as number) : byCodePoint(a as string, b as string)));
  };
}

export function objectsOf(fields: Fields, most: number): Check {
  return (value) => {
    if (!Array.isArray(value) || value.length > most) throw new Refused(`must be a list of at most ${most} objects`);
    return value.map((one: unknown, place) => at(`[${place}]`, () => objectOf(fields, one)));
  };
}

const measure: Check = (value) => {
  try {
    parseMeasure(String(value));
    if (typeof value === "string") return value;
  } catch (refused) {
    throw new Refused(`cannot be read: ${(refused as Error).message}`);
  }
  throw new Refused("cannot be read: write it as text");
};

const tape: Check = (value) => {
  const kept = measure(value) as string;
  if (compare(parseMeasure(kept), ZERO) <= 0) throw new Refused("must be above 0");
  return kept;
};

const decimal: Check = (value) => {
  const kept = typeof value === "string" || Number.isInteger(value) ? String(value) : "";
  if (!DECIMAL.test(kept)) throw new Refused("must be a number such as 12.5, at most 9999999");
  return kept;
};

function positive(most: number): Check {
  return (value) => {
    const kept = decimal(value) as string;
    const found = plainNumber(kept);
    if (compare(found, ZERO) <= 0 || compare(found, plainNumber(most)) > 0) throw new Refused(`must be above 0 and at most ${most}`);
    return kept;
  };
}

const yesNo: Check = (value) => {
  if (typeof value !== "boolean") throw new Refused("must be true or false");
  return value;
};

const nine: Check = (value) => {
  if (!Array.isArray(value) || value.length !== 9 || !value.every((one) => typeof one === "boolean")) {
    throw new Refused("must be nine yes/no values, one for each point of the conveyor");
  }
  return [...(value as boolean[])];
};

const actions: Check = (value) => {
  if (!Array.isArray(value) || !value.every((one) => ACTIONS.includes(one as string))) throw new Refused(`must be a list of ${ACTIONS.join(", ")}`);
  return [...new Set(value as string[])].sort();
};

const need = (check: Check): Field => ({ check });
const may = (check: Check): Field => ({ check, optional: true });
const else_ = (check: Check, value: unknown): Field => ({ check, optional: true, default: value });

const SHA256 = pattern(/^[0-9a-f]{64}$/, "a SHA-256 in 64 lower-case hexadecimal digits");
const CODE = pattern(/^[A-Z][A-Z0-9-]{1,15}$/, "a defect code such as SW03");
const NAME = pattern(/^[a-z][a-z0-9_]{0,39}$/, "a code of 1 to 40 lower-case letters, digits and underscores");
const POM = pattern(/^[A-Za-z0-9][A-Za-z0-9_.-]{0,39}$/, "the code of a point of measure such as P01");
const PHOTOS = else_(listOf(SHA256, 20), []);
const NOTE = may(text(1000, true));
const HOUR = need(whole(0, 23));
const CARTON = whole(1, 1_000_000);
const COUNT = else_(whole(0, 1000), 0);
const FOUND = { code: need(CODE), count: else_(whole(1, 1000), 1) };

export const BODIES: Readonly<Record<string, Fields>> = {
  inspection_started: { place: may(text(200)), note: NOTE },
  quantity_counted: {
    colour: need(text(60)), size: need(text(20)), made: need(whole(0, QUANTITY_MAX)), packed: need(whole(0, QUANTITY_MAX)), offered: may(whole(0, QUANTITY_MAX)),
  },
  cartons_opened: { cartons: need(listOf(CARTON, 5000, 1)) },
  check_answered: {
    section: need(oneOf(...SECTIONS)), check: need(NAME), answer: need(oneOf("pass", "fail", "na", "hold")), value: may(text(200)), note: NOTE, photos: PHOTOS,
  },
  defect_recorded: {
    code: need(CODE), severity: need(oneOf(...SEVERITIES)), zone: may(oneOf(...ZONES)), colour: may(text(60)), size: may(text(20)), carton: may(CARTON),
    pieces: else_(whole(1, 10_000), 1), piece_no: may(whole(1, 10_000)), sample: may(whole(2, 2)), note: NOTE, photos: PHOTOS,
  },
  piece_measured: {
    piece_no: need(whole(1, 10_000)), colour: may(text(60)), size: need(text(20)), pom: need(POM), value: need(tape), unit: need(oneOf(...UNITS)), wash: may(oneOf("before", "after")),
  },
  second_sample_started: { note: NOTE },
  photo_attached: { sha256: need(SHA256), section: need(oneOf(...SECTIONS)), caption_en: may(text(300)), caption_bn: may(text(300)), about: may(uuid7) },
  remark_written: { section: need(oneOf(...SECTIONS)), text: need(text(4000, true)) },
  section_concluded: { section: need(oneOf(...SECTIONS)), verdict: need(oneOf("pass", "fail", "na", "pending", "hold")), remark: may(text(1000, true)) },
  signed: { printed_name: need(text(120)), role: need(oneOf("inspector", "factory_representative", "qa")), meaning: need(text(300)), set_hash: need(SHA256) },
  submitted: { covers: need(listOf(uuid7, 50_000, 1)), set_hash: need(SHA256) },
  event_withdrawn: { reason: need(text(500, true)) },
  readiness_confirmed: { made: need(whole(0, QUANTITY_MAX)), packed: need(whole(0, QUANTITY_MAX)), note: NOTE },
  item_answered: {
    item: need(text(40)), answer: may(oneOf("yes", "no", "na")), number: may(decimal), choice: may(text(60)), text: may(text(2000, true)), barcode: may(text(64)), note: NOTE, photos: PHOTOS,
  },
  operator_checked: {
    round: need(whole(1, 48)), operator: need(text(60)), operation: need(text(80)), machine: may(text(40)), pieces: need(whole(0, 1000)),
    defects: else_(objectsOf({ ...FOUND, severity: need(oneOf(...SEVERITIES)) }, 60), []), actions: else_(actions, []), is_machine_out: else_(yesNo, false), note: NOTE, photos: PHOTOS,
  },
  pieces_tallied: {
    hour: HOUR, passed: COUNT, altered: COUNT, rejected: COUNT, recheck_passed: COUNT, recheck_rejected: COUNT,
    defects: else_(objectsOf({ ...FOUND, zone: may(oneOf(...ZONES)) }, 60), []),
  },
  roll_inspected: {
    roll: need(text(40)), length: need(tape), length_unit: need(oneOf("yd", "m")), width: need(tape), width_unit: need(oneOf("in", "cm", "mm")), dye_lot: may(text(40)),
    shade_group: may(text(20)), gsm: may(positive(2000)), shrinkage_length_pct: may(decimal), shrinkage_width_pct: may(decimal), note: NOTE, photos: PHOTOS,
  },
  flaw_recorded: {
    roll: need(text(40)), at: need(measure), code: need(CODE), size: need(tape), unit: need(oneOf("in", "cm", "mm")), is_hole: else_(yesNo, false), runs_to: may(measure), note: NOTE, photos: PHOTOS,
  },
  calibration_recorded: {
    machine: need(text(40)), hour: HOUR, card_kind: else_(oneOf("ferrous", "non_ferrous", "stainless"), "ferrous"), card_mm: need(positive(20)), points: need(nine), note: NOTE,
  },
  pieces_scanned: { machine: need(text(40)), hour: HOUR, pieces: need(whole(0, QUANTITY_MAX)) },
  metal_found: { machine: need(text(40)), hour: HOUR, pieces: need(whole(1, 10_000)), what: need(text(200)), is_resolved: else_(yesNo, false), note: NOTE, photos: PHOTOS },
  needle_broken: { hour: HOUR, machine: need(text(40)), operator: may(text(60)), needle: need(text(60)), is_whole_found: need(yesNo), note: NOTE, photos: PHOTOS },
  lot_rerun: { machine: need(text(40)), hour: HOUR, pieces: need(whole(1, QUANTITY_MAX)), note: NOTE },
  carton_checked: {
    carton: need(CARTON), pieces: may(whole(0, 10_000)),
    ratio: else_(objectsOf({ colour: need(text(60)), size: need(text(20)), pieces: need(whole(0, 10_000)) }, 200), []),
    barcodes: else_(objectsOf({ barcode: need(text(64)), count: else_(whole(1, 10_000), 1) }, 200), []),
    gross_kg: may(positive(500)), is_mark_right: may(yesNo), is_size_right: may(yesNo), note: NOTE, photos: PHOTOS,
  },
};

// One object by its fields: what is left out and null are the same; raises Refused at the first that may not stand.
export function objectOf(fields: Fields, value: unknown): Record<string, unknown> {
  const given = value as Record<string, unknown>;
  const names = Object.keys(fields);
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Refused(`must be an object with ${names.join(", ")}`);
  for (const name of Object.keys(given)) {
    if (!own(fields, name)) throw new Refused(`is not a field here; allowed are ${names.join(", ")}`, `.${name}`);
  }
  const kept: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    const one = given[name];
    if (one !== undefined && one !== null) kept[name] = at(`.${name}`, () => field.check(one));
    else if (!field.optional) throw new Refused("is missing", `.${name}`);
    else if (field.default !== undefined) kept[name] = Array.isArray(field.default) ? [] : field.default;
  }
  return kept;
}

// Python orders text by code points; JavaScript by its 16-bit units, which differ above U+FFFF.
export function byCodePoint(a: string, b: string): number {
  if (a === b) return 0;
  const [left, right] = [[...a], [...b]];
  for (let i = 0; i < Math.min(left.length, right.length); i += 1) {
    const off = (left[i]?.codePointAt(0) ?? 0) - (right[i]?.codePointAt(0) ?? 0);
    if (off) return off;
  }
  return left.length - right.length;
}

function at<T>(place: string, read: () => T): T {
  try {
    return read();
  } catch (refused) {
    throw refused instanceof Refused ? new Refused(refused.allowed, place + refused.place) : refused;
  }
}

export function own(object: object, name: string): boolean {
  return Object.prototype.hasOwnProperty.call(object, name);
}

function hex4(sign: string): string {
  return (sign.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
}
