// What every entry screen does: keep what was said, say that it is kept, and offer to take it back.
import { computed } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { floor, tell } from "../app";
import { feel } from "../feel";
import type { FloorInspection, InspectionHandle, LibraryDefect, RecordedEvent, Severity, State } from "../floor";
import { named, sentenceOf, t } from "../text";

// Part of the record: what shows it is drawn again only when it changed, not at every tap. What `read` answers has to be
// the same object while nothing changed, as entries and their values are.
export function useRecord<T>(handle: InspectionHandle, read: (state: State) => T, depends: readonly unknown[] = []): T {
  return useMemo(() => computed(() => read(handle.state.value)), [handle, ...depends]).value;
}

export interface Keeping {
  // What the new event corrects; the entry's own heads where nothing is given.
  supersedes?: string[];
  photos?: Blob[];
  words?: string;
  quiet?: boolean;
  feel?: "ok" | "bad";
}

// Null where the phone could not keep it: then the person is told, and nothing pretends to be saved.
export async function keep(handle: InspectionHandle, kind: string, body: object, more: Keeping = {}): Promise<RecordedEvent | null> {
  try {
    const event = await handle.record(kind, stripped(body), { ...(more.supersedes?.length ? { supersedes: more.supersedes } : {}), ...(more.photos?.length ? { photos: more.photos } : {}) });
    feel(more.feel ?? "ok");
    if (!more.quiet) tell(more.words ?? t("kept"), { undo: () => void putBack(handle, event) });
    return event;
  } catch (error) {
    feel("bad");
    tell(sentenceOf(error), { isWrong: true });
    return null;
  }
}

// Undoing a correction says again what was there before it; undoing anything else takes it back.
async function putBack(handle: InspectionHandle, event: RecordedEvent): Promise<void> {
  const [before, ...others] = event.supersedes.map((id) => handle.state.value.known.get(id));
  if (!before || others.length || before.kind !== event.kind) return takeBack(handle, event);
  if (await keep(handle, event.kind, before.body, { supersedes: [event.id], quiet: true })) tell(t("put_back"));
}

export async function takeBack(handle: InspectionHandle, event: RecordedEvent): Promise<void> {
  try {
    await handle.undo(event);
    feel("undo");
    tell(t("taken_back"));
  } catch (error) {
    tell(sentenceOf(error), { isWrong: true });
  }
}

// Fields left empty are left out of the record.
function stripped(body: object): object {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== "" && value !== null && value !== undefined));
}

export function defectNamed(code: string): string {
  const found = libraryOf().get(code);
  return found ? named(found) : code;
}

let library: ReadonlyMap<string, LibraryDefect> = new Map();
let libraryFrom: readonly LibraryDefect[] = [];

export function libraryOf(): ReadonlyMap<string, LibraryDefect> {
  const from = floor.day.value?.defects ?? [];
  if (from !== libraryFrom) {
    libraryFrom = from;
    library = new Map(from.map((defect) => [defect.code, defect]));
  }
  return library;
}

// What this buyer says of this defect in this zone.
export function severityOf(one: FloorInspection, code: string, zone: string): Severity {
  const rule = floor.day.value?.severities[one.severities]?.[code];
  return rule?.[zone] ?? rule?.[""] ?? libraryOf().get(code)?.severity ?? "major";
}

export const sizesOf = (one: FloorInspection): string[] => [...new Set(one.ordered.map((line) => line.size))];
export const coloursOf = (one: FloorInspection): string[] => [...new Set(one.ordered.map((line) => line.colour))];

export interface PartProps {
  readonly handle: InspectionHandle;
  // The words of the address after the inspection: ["defects"], ["section", "packing"].
  readonly path: readonly string[];
}
