// What the server sends and what the screens read; names as in the API.
import type { ChartPoint } from "../rules/tolerance";
import type { PlanSnapshot } from "../rules/counting";
import type { Severity } from "../rules/bodies";
import type { Body, RecordedEvent } from "./events";

// Kept in clear and per device: how the app looks and sounds, nothing of anybody's work.
export interface Settings {
  language: "en" | "bn";
  digits: "latn" | "beng";
  sound: boolean;
  vibration: boolean;
  contrast: "normal" | "strong";
  theme: "auto" | "light" | "dark";
}

export interface Holder {
  readonly id: string;
  readonly name: string;
  // How often the PIN may still be wrong; 0 means: sign in online again.
  readonly left: number;
  // The server no longer takes this person's token.
  readonly mustSignIn: boolean;
}

export interface Me {
  readonly person: { readonly id: string; readonly name: string; readonly language: string; readonly has_pin: boolean };
  readonly workspaces: readonly { readonly slug: string; readonly name: string; readonly role: string }[];
  readonly csrf: string;
}

export interface Policy {
  readonly idle_minutes: number;
  readonly wipe_days: number;
  readonly digits: number;
}

export interface Workspace {
  readonly id: string;
  readonly slug: string;
  readonly name: string;
  readonly time_zone: string;
  readonly language: string;
}

export interface Session {
  readonly person: { readonly id: string; readonly name: string; readonly language: string };
  readonly workspace: Workspace;
  readonly policy: Policy;
}

// The device as the server knows it.
export interface Registered {
  readonly id: string;
  readonly secret: string;
  readonly name: string;
  readonly workspace: Workspace;
  readonly policy: Policy;
}

export interface Unsent {
  readonly inspections: number;
  readonly events: number;
  readonly photos: number;
}

export interface LibraryDefect {
  readonly code: string;
  readonly family: string;
  readonly name_en: string;
  readonly name_bn: string;
  readonly note_en: string;
  readonly note_bn: string;
  readonly severity: Severity;
  readonly is_legal: boolean;
  // Its small picture: the name under which it is taken down, and its bytes.
  readonly picture?: { readonly id: string; readonly size: number } | null;
}

export type Method = "aql" | "checklist" | "roving" | "endline" | "four_point" | "measurement" | "metal" | "packing";

export interface Item {
  readonly key: string;
  readonly section: string;
  readonly label_en: string;
  readonly label_bn: string;
  readonly kind: "yes_no_na" | "number" | "choice" | "text" | "photo" | "barcode";
  readonly is_required?: boolean;
  readonly unit?: string;
  readonly min?: string | number | null;
  readonly max?: string | number | null;
  readonly choices?: readonly (string | { readonly value: string; readonly label_en: string; readonly label_bn: string })[];
  readonly failing?: readonly string[];
  readonly severity_on_fail?: string;
  readonly is_auto_fail?: boolean;
  readonly needs_photo?: string;
  readonly only_if?: { readonly key: string; readonly is: readonly string[] } | null;
}

export interface Check {
  readonly check: string;
  readonly label_en: string;
  readonly label_bn: string;
}

export interface Share {
  readonly colour: string;
  readonly size: string;
  readonly pieces: number;
}

export interface Carton {
  readonly ratio?: readonly Share[];
  readonly barcodes?: readonly string[];
  readonly gross_kg?: string;
}

export interface Packing extends Carton {
  readonly marks?: string;
  readonly ranges?: readonly (Carton & { readonly first: number; readonly last: number; readonly name?: string })[];
}

interface Named {
  readonly code: string;
  readonly name: string;
}

export interface FloorInspection {
  readonly id: string;
  readonly code: string;
  readonly stage: string;
  readonly stage_name: { readonly en: string; readonly bn: string };
  readonly method: Method;
  readonly order: { readonly po_number: string; readonly quantity: number; readonly ex_factory_on: string | null; readonly destination: string };
  readonly style: Named & { readonly name_bn: string; readonly product_family: string; readonly is_for_children: boolean };
  readonly buyer: Named;
  readonly line: Named | null;
  readonly supplier: Named | null;
  readonly place?: string;
  readonly inspector: string | null;
  readonly state: "planned" | "in_progress" | "decided" | "cancelled";
  readonly verdict: string;
  readonly lot_size: number;
  readonly sample_size: number;
  readonly planned_on: string;
  readonly decided_at: string | null;
  readonly plan: PlanSnapshot | Record<string, never>;
  readonly rules: Rules;
  readonly ordered: readonly { readonly colour: string; readonly size: string; readonly quantity: number }[];
  readonly points: readonly (ChartPoint & { readonly name_en: string; readonly name_bn: string })[];
  readonly checklist: { readonly items?: readonly Item[] } & Readonly<Record<string, readonly Check[] | readonly Item[] | undefined>>;
  readonly cartons: readonly { readonly first: number; readonly last: number; readonly pieces: number }[];
  readonly drawn: readonly { readonly carton: number; readonly pieces: readonly number[] }[];
  readonly draw_hidden: boolean;
  readonly packing?: Packing;
  readonly places?: readonly { readonly operator: string; readonly operation: string; readonly machine?: string }[];
  readonly often?: readonly string[];
  readonly severities: string;
  readonly ready_at?: string | null;
  readonly content_hash?: string;
  // Everything recorded so far, by whomever; left out of a decided one.
  readonly events?: readonly RecordedEvent[];
  // How many of a line's taps by others are not among the events, and their sums: one body for each hour.
  readonly left_out?: { readonly events: number; readonly bodies: readonly Body[] } | null;
}

export interface Rules {
  readonly counting?: "defectives" | "defects";
  readonly sample_basis?: "drawn" | "own_plan";
  readonly made_pct_min?: string;
  readonly packed_pct_min?: string;
  readonly quantity_tolerance_pct?: string;
  readonly carton_weight_tolerance_pct?: string | number;
  readonly fabric_roll_points_max?: string | number;
  readonly hole_rule?: "by_size" | "always_four";
  readonly measured_pieces_critical?: number;
  readonly measured_pieces_all?: number;
  readonly stage?: Readonly<Record<string, unknown>>;
}

export interface Day {
  readonly made_at: string;
  readonly inspections: readonly FloorInspection[];
  readonly defects: readonly LibraryDefect[];
  readonly severities: Readonly<Record<string, Readonly<Record<string, Readonly<Record<string, Severity>>>>>>;
  readonly settings: {
    readonly today: string;
    readonly attestation?: { readonly version: string; readonly statement: string; readonly is_confirmed: boolean };
  };
}

export interface Storage {
  readonly used: number;
  readonly quota: number;
  readonly low: boolean;
  readonly persisted: boolean;
}

export interface SignatureWanted {
  readonly id: string;
  readonly role: "inspector";
  readonly meaning: string;
  readonly at: string;
  readonly record_hash: string;
  readonly drawn: string;
  readonly proof: string;
}

// A signature or submission as it is kept: what is sent, and the event the server made of it.
export interface KeptAct {
  readonly body: object;
  readonly event: RecordedEvent | null;
}
