// Defects: a tile, then zone, severity, count and photo in one sheet; what was found stands below.
import { useSignal, type Signal } from "@preact/signals";
import { useCallback, useState } from "preact/hooks";
import type { Entry } from "../../core/state";
import type { FloorInspection, InspectionHandle, LibraryDefect, Severity } from "../floor";
import { Button, Card, Chips, Field, Sheet, Stepper } from "../parts";
import { inLanguage, named, num, severityWord, t, wholeOf } from "../text";
import { Zone } from "../inspection/garment";
import { defectLine } from "../inspection/history";
import { PhotoField, photosOf, Strip } from "../inspection/photos";
import { pictureAt } from "../inspection/seen";
import { Tiles } from "../inspection/tiles";
import { coloursOf, keep, libraryOf, severityOf, sizesOf, takeBack } from "../inspection/use";

interface Draft {
  readonly defect: LibraryDefect;
  readonly zone: string;
  readonly severity: Severity | "";
  readonly pieces: number;
  readonly colour: string;
  readonly size: string;
  readonly pieceNo: string;
  readonly carton: string;
  readonly note: string;
  readonly photos: readonly string[];
  // Taken now, not kept yet.
  readonly taken: readonly Blob[];
  readonly heads: readonly string[];
}

const LINES = 15;

// Colour, size and carton stay as they were: one piece often has the next defect too.
let last: Pick<Draft, "colour" | "size" | "carton"> = { colour: "", size: "", carton: "" };

// Tiles, sheet and list stand apart, so that a tap draws only what it changes.
export function Defects({ handle }: { handle: InspectionHandle }) {
  const draft = useSignal<Draft | null>(null);
  const begin = useCallback((defect: LibraryDefect): void => void (draft.value = { defect, zone: "", severity: "", pieces: 1, pieceNo: "", note: "", photos: [], taken: [], heads: [], ...last }), []);
  const change = useCallback((changed: Draft | null): void => void (draft.value = changed), []);
  return (
    <>
      <Card title={t("defect.which")} class="pad">
        <Tiles handle={handle} onPick={begin} />
      </Card>
      <Open handle={handle} draft={draft} onChange={change} />
      <Found handle={handle} onChange={change} />
    </>
  );
}

function Open({ handle, draft, onChange }: { handle: InspectionHandle; draft: Signal<Draft | null>; onChange: (draft: Draft | null) => void }) {
  return draft.value && <DefectSheet handle={handle} draft={draft.value} onChange={onChange} />;
}

function Found({ handle, onChange }: { handle: InspectionHandle; onChange: (draft: Draft) => void }) {
  const found = handle.state.value.ofKind("defect_recorded");
  const [most, setMost] = useState(LINES);
  return (
    <Card title={<>{t("defect.found")} <span class="help">{num(found.length)}</span></>}>
      {!found.length && <p class="empty">{t("defect.none")}</p>}
      <ul class="lines">
        {found.slice(-most).reverse().map((entry) => (
          <Line key={entry.key.join(" ")} handle={handle} entry={entry} onChange={onChange} />
        ))}
      </ul>
      {found.length > most && (
        <Button wide kind="quiet" onClick={() => setMost(most + 200)}>
          {t("history.more", { n: found.length - most })}
        </Button>
      )}
    </Card>
  );
}

function Line({ handle, entry, onChange }: { handle: InspectionHandle; entry: Entry; onChange: (draft: Draft) => void }) {
  const [head] = entry.heads;
  const body = entry.value ?? entry.candidates[0];
  if (!head || !body) return null;
  const defect = libraryOf().get(String(body.code));
  return (
    <li>
      <span>
        <span class={`sev sev-${String(body.severity)}`}>{severityWord(body.severity as Severity)}</span> {defectLine(body)}
        <Strip handle={handle} digests={photosOf(body)} />
      </span>
      {defect && <Button icon="pencil" label={t("defect.change", { what: named(defect) })} onClick={() => onChange(draftOf(defect, body, entry.headIds))} />}
      <Button icon="back" label={t("defect.undo", { what: String(body.code) })} onClick={() => void takeBack(handle, head)} />
    </li>
  );
}

function draftOf(defect: LibraryDefect, body: Readonly<Record<string, unknown>>, heads: string[]): Draft {
  const text = (name: string): string => (body[name] === undefined ? "" : String(body[name]));
  return {
    defect, heads, zone: text("zone"), severity: body.severity as Severity, pieces: Number(body.pieces), colour: text("colour"), size: text("size"),
    pieceNo: text("piece_no"), carton: text("carton"), note: text("note"), photos: photosOf(body), taken: [],
  };
}

function DefectSheet({ handle, draft, onChange }: { handle: InspectionHandle; draft: Draft; onChange: (draft: Draft | null) => void }) {
  const one = handle.detail.value;
  const [wrong, setWrong] = useState("");
  const set = (change: Partial<Draft>): void => onChange({ ...draft, ...change });
  const usual = severityOf(one, draft.defect.code, draft.zone);
  const severity = draft.severity || usual;
  const note = inLanguage(draft.defect.note_en, draft.defect.note_bn);
  const record = async (): Promise<void> => {
    const [pieceNo, carton] = [wholeOf(draft.pieceNo), wholeOf(draft.carton)];
    if ((draft.pieceNo && !pieceNo) || (draft.carton && !carton)) return setWrong(t("quantity.whole"));
    const isSecond = handle.state.value.value("second_sample_started") !== null;
    const body = {
      code: draft.defect.code, severity, zone: draft.zone, colour: draft.colour, size: draft.size, carton, piece_no: pieceNo,
      pieces: pieceNo ? 1 : draft.pieces, note: draft.note.trim(), photos: draft.photos, ...(isSecond ? { sample: 2 } : {}),
    };
    // The sheet goes at the tap; where the phone could not keep it, it comes back as it was.
    onChange(null);
    last = { colour: draft.colour, size: draft.size, carton: draft.carton };
    const kept = await keep(handle, "defect_recorded", body, { supersedes: [...draft.heads], photos: [...draft.taken], words: t("defect.kept", { what: named(draft.defect) }) });
    if (!kept) onChange(draft);
  };
  return (
    <Sheet title={`${draft.defect.code} ${named(draft.defect)}`} onClose={() => onChange(null)} class="defect-sheet">
      <Seen defect={draft.defect} />
      {note && <p class="help">{note}</p>}
      <Zone family={one.style.product_family} zone={draft.zone} onPick={(zone) => set({ zone })} />
      <Chips
        legend={t("defect.severity", { severity: severityWord(usual) })}
        options={(["critical", "major", "minor"] as const).map((code) => [code, severityWord(code)] as const)}
        value={severity}
        onPick={(picked) => set({ severity: picked === usual ? "" : picked })}
        class="chips-even"
      />
      {!draft.pieceNo && <Stepper label={t("defect.pieces")} value={draft.pieces} least={1} onChange={(pieces) => set({ pieces })} />}
      <PhotoField photos={draft.taken} onChange={(taken) => set({ taken })} />
      <Strip handle={handle} digests={draft.photos} />
      <Where one={one} draft={draft} set={set} />
      {wrong && <p class="wrong" role="alert">{wrong}</p>}
      <div class="sheet-foot">
        <Button kind="main" wide icon="check" onClick={() => void record()}>
          {draft.heads.length ? t("defect.save_change") : t("defect.record")}
        </Button>
      </div>
    </Sheet>
  );
}

function Seen({ defect }: { defect: LibraryDefect }) {
  const url = defect.picture ? pictureAt(defect.picture.id) : "";
  return url ? <img class="defect-picture" src={url} alt={named(defect)} /> : null;
}

// Drawn only when it is opened: most defects are told by zone and severity alone.
function Where({ one, draft, set }: { one: FloorInspection; draft: Draft; set: (change: Partial<Draft>) => void }) {
  const [isOpen, setOpen] = useState(draft.heads.length > 0);
  return (
    <details class="where" open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>{[t("defect.where"), draft.colour, draft.size].filter(Boolean).join(" · ")}</summary>
      {isOpen && <Places one={one} draft={draft} set={set} />}
    </details>
  );
}

function Places({ one, draft, set }: { one: FloorInspection; draft: Draft; set: (change: Partial<Draft>) => void }) {
  const options = (all: readonly string[]) => [...all.map((value) => [value, value] as const), ["", "–"] as const];
  const [colours, sizes] = [coloursOf(one), sizesOf(one)];
  return (
    <>
      {colours.length > 0 && <Chips legend={t("colour")} options={options(colours)} value={draft.colour} onPick={(colour) => set({ colour })} />}
      {sizes.length > 0 && <Chips legend={t("size")} options={options(sizes)} value={draft.size} onPick={(size) => set({ size })} />}
      <div class="pair">
        <Field label={t("piece.no")} value={draft.pieceNo} onInput={(pieceNo) => set({ pieceNo })} mode="numeric" max={5} />
        <Field label={t("carton")} value={draft.carton} onInput={(carton) => set({ carton })} mode="numeric" max={7} list={one.drawn.map((carton) => String(carton.carton))} />
      </div>
      <Field label={t("note")} value={draft.note} onInput={(text) => set({ note: text })} area max={1000} />
    </>
  );
}
