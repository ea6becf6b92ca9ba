// One's own entries, the latest first, each in one line and each with a way to take it back.
import { computed } from "@preact/signals";
import { useMemo, useState } from "preact/hooks";
import { floor } from "../app";
import type { Check, FloorInspection, InspectionHandle, RecordedEvent, Severity } from "../floor";
import { Button } from "../parts";
import { clock, digits, labelled, num, severityWord, t, type Key } from "../text";
import { defectNamed, takeBack } from "./use";

const FIRST = 60;
const FINAL = new Set(["signed", "submitted", "event_withdrawn"]);

export function History({ handle }: { handle: InspectionHandle }) {
  const [most, setMost] = useState(FIRST);
  const own = useMemo(
    () =>
      computed(() => {
        const { known } = handle.state.value;
        const by = floor.session.value?.person.id;
        const ended = new Set([...known.values()].flatMap((event) => event.supersedes));
        return [...known.values()]
          .filter((event) => event.by === by && event.kind !== "event_withdrawn")
          .reverse()
          .map((event) => ({ event, isEnded: ended.has(event.id) }));
      }),
    [handle],
  );
  const isSealed = handle.state.value.submission !== null;
  return (
    <>
      <h2>{t("history.title")}</h2>
      {!own.value.length && <p class="empty">{t("history.none")}</p>}
      <ul class="lines">
        {own.value.slice(0, most).map(({ event, isEnded }) => (
          <li key={event.id} class={isEnded ? "is-ended" : ""}>
            <span class="num">{clock(event.at)}</span>
            <span>
              <strong>{t(`kind.${event.kind}` as Key)}</strong> {lineOf(event, handle.detail.value)}
              {isEnded && <em> {t("history.ended")}</em>}
            </span>
            {!isEnded && !isSealed && !FINAL.has(event.kind) && (
              <Button icon="back" label={t("history.undo", { what: t(`kind.${event.kind}` as Key) })} onClick={() => void takeBack(handle, event)} />
            )}
          </li>
        ))}
      </ul>
      {own.value.length > most && (
        <Button wide onClick={() => setMost(most + 200)}>
          {t("history.more", { n: own.value.length - most })}
        </Button>
      )}
    </>
  );
}

function checkWords(body: RecordedEvent["body"], of: FloorInspection | undefined): string {
  const checks = (of?.checklist[String(body.section)] ?? []) as readonly Check[];
  const check = checks.find((one) => one.check === body.check);
  return check ? labelled(check) : sectionWord(String(body.section));
}

function itemWords(body: RecordedEvent["body"], of: FloorInspection | undefined): string {
  const item = of?.checklist.items?.find((one) => one.key === body.item);
  return item ? labelled(item) : "";
}

// What an entry says, short enough for one line.
export function lineOf(event: Pick<RecordedEvent, "kind" | "body">, of?: FloorInspection): string {
  const body = event.body;
  const text = (name: string): string => (body[name] === undefined ? "" : digits(String(body[name])));
  const joined = (...parts: string[]): string => parts.filter(Boolean).join(" · ");
  switch (event.kind) {
    case "defect_recorded":
      return `${severityWord(body.severity as Severity)} · ${defectLine(body)}`;
    case "quantity_counted":
      return joined(`${text("colour")} ${text("size")}`, `${t("quantity.made")} ${text("made")}`, `${t("quantity.packed")} ${text("packed")}`);
    case "readiness_confirmed":
      return joined(`${t("quantity.made")} ${text("made")}`, `${t("quantity.packed")} ${text("packed")}`);
    case "cartons_opened":
      return t("carton.n", { n: (body.cartons as number[]).map((one) => num(one)).join(", ") });
    case "check_answered":
      return joined(checkWords(body, of), t(`verdict.${String(body.answer)}` as Key), text("value"), String(body.note ?? ""));
    case "section_concluded":
      return joined(sectionWord(String(body.section)), t(`verdict.${String(body.verdict)}` as Key));
    case "piece_measured":
      return joined(t("piece.n", { n: Number(body.piece_no) }), String(body.size), String(body.pom), `${text("value")} ${unitWord(body.unit)}`);
    case "item_answered":
      return joined(itemWords(body, of), body.answer ? t(`answer.${String(body.answer)}` as Key) : "", text("number"), text("choice"), String(body.text ?? ""), text("barcode"), String(body.note ?? ""));
    case "operator_checked":
      return joined(text("operator"), String(body.operation), t("roving.pieces", { n: Number(body.pieces) }), ...(body.defects as { code: string }[]).map((one) => defectNamed(one.code)));
    case "pieces_tallied":
      return joined(
        ...(["passed", "altered", "rejected", "recheck_passed", "recheck_rejected"] as const).map((name) => (body[name] ? `${t(`tap.${name}`)}${Number(body[name]) > 1 ? ` ${text(name)}` : ""}` : "")),
        ...((body.defects as { code: string }[] | undefined) ?? []).map((one) => defectNamed(one.code)),
      );
    case "roll_inspected":
      return joined(t("roll.n", { n: String(body.roll) }), `${text("length")} ${unitWord(body.length_unit)}`);
    case "flaw_recorded":
      return joined(t("roll.n", { n: String(body.roll) }), defectNamed(String(body.code)), `${text("size")} ${unitWord(body.unit)}`);
    case "calibration_recorded":
      return joined(String(body.machine), `${t(`metal.${String(body.card_kind)}` as Key)} ${text("card_mm")} ${t("unit.mm")}`, t((body.points as boolean[]).every(Boolean) ? "metal.all_nine" : "metal.not_all"));
    case "pieces_scanned":
    case "lot_rerun":
    case "metal_found":
      return joined(String(body.machine), t("pieces.n", { n: Number(body.pieces) }), String(body.what ?? ""));
    case "needle_broken":
      return joined(String(body.machine), String(body.needle));
    case "carton_checked":
      return t("carton.n", { n: text("carton") });
    case "remark_written":
      return String(body.text);
    case "photo_attached":
      return joined(sectionWord(String(body.section)), String(body.caption_bn ?? body.caption_en ?? ""));
    case "signed":
      return String(body.meaning);
    default:
      return "";
  }
}

// A defect without its severity, which stands beside it in colour.
export function defectLine(body: RecordedEvent["body"]): string {
  const parts = [defectNamed(String(body.code)), body.zone ? t("zone.n", { zone: String(body.zone) }) : "", Number(body.pieces) > 1 ? `× ${num(Number(body.pieces))}` : ""];
  const where = [body.colour ? String(body.colour) : "", body.size ? String(body.size) : "", body.piece_no ? t("piece.n", { n: Number(body.piece_no) }) : ""];
  return [...parts, ...where].filter(Boolean).join(" · ");
}

const unitWord = (unit: unknown): string => t(`unit.${String(unit)}` as Key);

export function sectionWord(section: string): string {
  return t(`section.${section}` as Key);
}
