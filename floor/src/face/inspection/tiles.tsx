// The defect library as big tiles: what was just used and what is often found first, then search, then families.
import type { ComponentChildren } from "preact";
import { useCallback, useMemo, useRef, useState } from "preact/hooks";
import { floor } from "../app";
import type { FloorInspection, InspectionHandle, LibraryDefect, State } from "../floor";
import { Field } from "../parts";
import { inAscii, named, num, severityWord, t } from "../text";
import { PICTURES } from "./pictures";
import { pictureAt } from "./seen";
import { libraryOf, severityOf } from "./use";

const TILES_FIRST = 9;
const RECENT = 40;

export interface TilesProps {
  handle: InspectionHandle;
  onPick: (defect: LibraryDefect) => void;
  zone?: string;
  chosen?: ReadonlyMap<string, number>;
  // The kinds of event in which recently used codes stand.
  kinds?: readonly string[];
  // Stands between the first tiles and the rest.
  between?: ComponentChildren;
  searchLast?: boolean;
}

export function Tiles({ handle, onPick, zone = "", chosen, kinds = ["defect_recorded"], between, searchLast = false }: TilesProps) {
  const [search, setSearch] = useState("");
  const one = handle.detail.value;
  const all = floor.day.value?.defects ?? [];
  // As they were when the screen came up: tiles that change places under a finger are tapped wrongly.
  const first = useMemo(() => firstOf(handle.state.peek(), one, kinds), [handle]);
  const found = search.trim() ? all.filter((defect) => isFound(defect, search)) : null;
  // Tiles whose count did not change are not drawn again, as nothing that they are given differs from tap to tap.
  const picking = useRef(onPick);
  picking.current = onPick;
  const pick = useCallback((defect: LibraryDefect): void => picking.current(defect), []);
  const grid = (defects: readonly LibraryDefect[]) => (
    <div class="tiles">
      {defects.map((defect) => (
        <Tile key={defect.code} defect={defect} one={one} zone={zone} count={chosen?.get(defect.code) ?? 0} onPick={pick} />
      ))}
    </div>
  );
  const field = <Field label={t("defect.search")} value={search} onInput={setSearch} mode="search" hideLabel placeholder={t("defect.search")} max={40} />;
  return (
    <div class="library">
      {!searchLast && field}
      {found ? (
        <>
          {searchLast && field}
          <p class="visually-hidden" role="status">
            {t("defect.found_n", { n: found.length })}
          </p>
          {found.length ? grid(found.slice(0, 24)) : <p class="empty">{t("defect.nothing")}</p>}
        </>
      ) : (
        <>
          {grid(first)}
          {between}
          {searchLast && field}
          {familiesOf(all).map(([family, defects]) => (
            <Family key={family} family={family} defects={defects} grid={grid} />
          ))}
        </>
      )}
    </div>
  );
}

// Its tiles are drawn only while it is open: eighty of them would slow every tap.
function Family({ family, defects, grid }: { family: string; defects: readonly LibraryDefect[]; grid: (defects: readonly LibraryDefect[]) => ComponentChildren }) {
  const [isOpen, setOpen] = useState(false);
  return (
    <details class="family" open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>
        <Picture family={family} /> {familyWord(family)} <span class="help">{num(defects.length)}</span>
      </summary>
      {isOpen && grid(defects)}
    </details>
  );
}

function Tile({ defect, one, zone, count, onPick }: { defect: LibraryDefect; one: FloorInspection; zone: string; count: number; onPick: (defect: LibraryDefect) => void }) {
  const severity = severityOf(one, defect.code, zone);
  const url = defect.picture ? pictureAt(defect.picture.id) : "";
  return (
    <button type="button" class={`tile tile-${severity}`} aria-pressed={count > 0} onClick={() => onPick(defect)}>
      <span class="tile-top">
        {!url && <Picture family={defect.family} />}
        <span class="tile-code">{defect.code}</span>
        {count > 0 && <b class="tile-count">{num(count)}</b>}
      </span>
      {url && <img class="tile-picture" src={url} alt="" />}
      <span class="tile-name">{named(defect)}</span>
      <span class={`sev sev-${severity}`}>{severityWord(severity)}</span>
    </button>
  );
}

// So that an eye finds the tile before it has read it.
export function Picture({ family }: { family: string }) {
  return <svg class="icon" viewBox="0 0 24 24" aria-hidden="true" dangerouslySetInnerHTML={{ __html: isFamily(family) ? PICTURES[family] : PICTURES.KN }} />;
}

// Just used in this inspection, then what the style often has, then the commonest of the trade.
function firstOf(state: State, one: FloorInspection, kinds: readonly string[]): LibraryDefect[] {
  const latest = kinds.flatMap((kind) => state.ofKind(kind).slice(-RECENT)).reverse();
  const used = latest.flatMap((entry) => entry.candidates.flatMap((body) => [body.code, ...((body.defects as { code: string }[] | undefined) ?? []).map((found) => found.code)]));
  const library = libraryOf();
  const codes = new Set([...used.filter((code) => typeof code === "string"), ...(one.often ?? []), "SW03", "SW02", "SW01", "FN01", "KN02", "FC01", "TL01", "SW06", "FN02"]);
  return [...codes].flatMap((code) => library.get(code) ?? []).slice(0, TILES_FIRST);
}

function isFound(defect: LibraryDefect, search: string): boolean {
  const text = `${defect.code} ${defect.name_en} ${defect.name_bn}`.toLowerCase();
  return inAscii(search)
    .toLowerCase()
    .split(/\s+/)
    .every((part) => text.includes(part));
}

function familiesOf(all: readonly LibraryDefect[]): [string, LibraryDefect[]][] {
  const found = new Map<string, LibraryDefect[]>();
  for (const defect of all) found.set(defect.family, [...(found.get(defect.family) ?? []), defect]);
  return [...found];
}

const isFamily = (family: string): family is keyof typeof PICTURES => family in PICTURES;

function familyWord(family: string): string {
  return isFamily(family) ? t(`family.${family}`) : family;
}
