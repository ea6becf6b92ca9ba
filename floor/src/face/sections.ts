// The sections of a report, and those that an inspection is about.
import type { FloorInspection } from "./floor";

export const SECTIONS = [
  "quantity", "shipping_marks", "conformity", "packing", "labelling", "workmanship", "measurement", "onsite_tests", "special", "remarks",
] as const;
export type Section = (typeof SECTIONS)[number];

// The sections this inspection is about, in the order of the report.
export function sectionsOf(one: FloorInspection): Section[] {
  const required = (one.rules as { required_sections?: readonly string[] }).required_sections;
  return SECTIONS.filter((name) => (required ? required.includes(name) || name === "remarks" : true) && name !== "special");
}

// Those that the person concludes; remarks have no verdict.
export const concludedSections = (one: FloorInspection): Section[] => sectionsOf(one).filter((name) => name !== "remarks");
