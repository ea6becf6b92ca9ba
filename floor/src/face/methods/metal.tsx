// Metal detection: the card through nine points each hour, pieces passed, metal found, broken needles, re-runs.
import { useEffect, useState } from "preact/hooks";
import { hourNow, tell } from "../app";
import { feel } from "../feel";
import { Icon } from "../icon";
import type { InspectionHandle } from "../floor";
import { Button, Card, Chips, Field, Figure, Notice, Stepper, Tick } from "../parts";
import { clock, digits, hourWords, num, t, wholeOf, type Key } from "../text";
import { compare, plainNumber } from "../../rules/fraction";
import { isNumber } from "./asked";
import { calibrationsDue, CARD_KINDS, isGood, leftToRerun, metalRule, type CardKind, type Due } from "./due";
import { lineOf } from "../inspection/history";
import { PhotoField } from "../inspection/photos";
import { keep, takeBack, type PartProps } from "../inspection/use";

const PLACES: readonly Key[] = ["nine.1", "nine.2", "nine.3", "nine.4", "nine.5", "nine.6", "nine.7", "nine.8", "nine.9"];
const KINDS = ["calibration_recorded", "pieces_scanned", "metal_found", "needle_broken", "lot_rerun"] as const;
const DUE_MOST = 6;
type Shows = "calibrate" | "scanned" | "found" | "needle" | "rerun";

export function Metal({ handle }: PartProps) {
  const state = handle.state.value;
  const one = handle.detail.value;
  const machines = [...new Set(KINDS.flatMap((kind) => state.ofKind(kind).flatMap((entry) => entry.candidates.map((body) => String(body.machine)))))];
  const [machine, setMachine] = useState(machines[0] ?? "MD-1");
  const [hour, setHour] = useState(hourNow());
  const [shows, setShows] = useState<Shows>("calibrate");
  useEffect(() => {
    const timer = setInterval(() => setHour((before) => (before === hourNow(new Date(Date.now() - 30_000)) ? hourNow() : before)), 30_000);
    return () => clearInterval(timer);
  }, []);
  const scanned = state.values("pieces_scanned").reduce((all, body) => all + Number(body.pieces), 0);
  const of = { handle, machine: machine.trim(), hour };
  return (
    <>
      <Open {...of} />
      <dl class="figures figures-three" aria-live="polite">
        <Figure label={t("metal.scanned")} value={`${num(scanned)} / ${num(one.lot_size)}`} />
        <Figure label={t("metal.calibrations")} value={num(state.ofKind("calibration_recorded").length)} />
        <Figure label={t("metal.needles")} value={num(state.ofKind("needle_broken").length)} class={state.ofKind("needle_broken").some((entry) => entry.value?.is_whole_found === false) ? "is-fail" : ""} />
      </dl>
      <Card class="pad">
        <div class="pair">
          <Field label={t("metal.machine")} value={machine} onInput={setMachine} max={40} list={machines} />
          <div class="field">
            <label for="metal-hour">{t("endline.hour")}</label>
            <select id="metal-hour" value={hour} onChange={(event) => setHour(Number(event.currentTarget.value))}>
              {Array.from({ length: 24 }, (_, n) => (
                <option key={n} value={n}>
                  {hourWords(n)}
                </option>
              ))}
            </select>
          </div>
        </div>
        <Chips legend={t("metal.what")} hideLegend options={(["calibrate", "scanned", "found", "needle", "rerun"] as const).map((code) => [code, t(`metal.${code}`)] as const)} value={shows} onPick={setShows} />
        {shows === "calibrate" && <Calibrate {...of} />}
        {shows === "scanned" && <Scanned {...of} />}
        {shows === "found" && <FoundMetal {...of} />}
        {shows === "needle" && <Needle {...of} />}
        {shows === "rerun" && <Rerun {...of} />}
      </Card>
      <Log handle={handle} />
    </>
  );
}

interface Of {
  readonly handle: InspectionHandle;
  readonly machine: string;
  readonly hour: number;
}

function hasMachine(machine: string): boolean {
  if (machine) return true;
  feel("bad");
  tell(t("metal.machine_wanted"), { isWrong: true });
  return false;
}

// What is open by this hour: calibrations due, card by card, and pieces to run again after a failed one.
function Open({ handle, machine, hour }: Of) {
  const state = handle.state.value;
  const rule = ruleOf(handle);
  const [calibrations, scanned] = [state.values("calibration_recorded"), state.values("pieces_scanned")];
  const waiting = leftToRerun(calibrations, scanned, state.values("lot_rerun"), rule);
  const due = calibrationsDue(calibrations, scanned, rule, { machine, hour });
  const ofCards = Object.keys(rule.cards).length > 1;
  const words = (one: Due): string => [one.machine, hourWords(one.hour), ...(ofCards ? [t(`metal.${one.kind}`)] : [])].filter(Boolean).join(", ");
  return (
    <>
      {waiting.map((one) => (
        <Notice key={`${one.machine} ${one.hour} ${one.kind}`} kind="wrong">
          {t("metal.rerun_wanted", { machine: one.machine, hour: hourWords(one.hour), n: one.pieces })}
        </Notice>
      ))}
      {due.length > 0 && (
        <Notice kind="warning" icon="clock">
          <strong>{t("metal.missing")}</strong>
          {due.slice(-DUE_MOST).map((one) => (
            <div key={words(one)}>{words(one)}</div>
          ))}
        </Notice>
      )}
    </>
  );
}

const ruleOf = (handle: InspectionHandle) => metalRule(handle.detail.value.rules.stage);

function Calibrate({ handle, machine, hour }: Of) {
  const none = (): boolean[] => Array.from({ length: 9 }, () => false);
  const [points, setPoints] = useState(none());
  const { cards } = ruleOf(handle);
  const [kind, setKind] = useState<CardKind>(CARD_KINDS.find((one) => one in cards) ?? "ferrous");
  const [mm, setMm] = useState(cards[kind] ?? "");
  const [isSure, setSure] = useState(false);
  const isAll = points.every(Boolean);
  const save = async (): Promise<void> => {
    if (!hasMachine(machine)) return;
    if (!isNumber(mm.trim())) return tell(t("metal.mm_wanted"), { isWrong: true });
    if (!isAll && !isSure) return setSure(true);
    const body = { machine, hour, card_kind: kind, card_mm: mm.trim(), points };
    if (await keep(handle, "calibration_recorded", body, { words: t(isAll ? "metal.good" : "metal.failed"), feel: isAll ? "ok" : "bad" })) {
      setPoints(none());
      setSure(false);
      // On to the next card of this hour.
      const done = new Set(handle.state.value.values("calibration_recorded").filter((one) => one.machine === machine && one.hour === hour).map((one) => one.card_kind));
      const next = CARD_KINDS.find((one) => one in cards && !done.has(one));
      if (next) pick(next);
    }
  };
  const pick = (picked: CardKind): void => {
    setKind(picked);
    setMm(cards[picked] ?? mm);
  };
  return (
    <>
      <Chips legend={t("metal.card")} options={[...CARD_KINDS].sort((a, b) => Number(b in cards) - Number(a in cards)).map((code) => [code, t(`metal.${code}`)] as const)} value={kind} onPick={pick} class="chips-even" />
      <Field label={t("metal.mm")} value={mm} onInput={setMm} mode="decimal" unit={t("unit.mm")} max={6} wrong={isTooLarge(mm, cards[kind]) ? t("metal.card_large", { mm: digits(cards[kind] ?? "") }) : undefined} />
      <fieldset class="nine">
        <legend>{t("metal.nine")}</legend>
        <div class="nine-grid">
          {PLACES.map((key, place) => (
            <button type="button" key={key} class="btn nine-point" aria-pressed={points[place] ?? false} onClick={() => (feel("ok"), setPoints(points.map((was, other) => (other === place ? !was : was))))}>
              <b>
                {num(place + 1)} {points[place] && "✓"}
              </b>
              <small>{t(key)}</small>
            </button>
          ))}
        </div>
      </fieldset>
      <Button wide onClick={() => setPoints(Array.from({ length: 9 }, () => true))}>
        {t("metal.all")}
      </Button>
      {isSure && !isAll && <Notice kind="warning">{t("metal.sure", { n: points.filter((one) => !one).length })}</Notice>}
      <p />
      <Button kind="main" wide icon="check" onClick={() => void save()}>
        {t(isSure && !isAll ? "metal.save_failed" : "metal.save")}
      </Button>
    </>
  );
}

function isTooLarge(mm: string, most: string | undefined): boolean {
  return most !== undefined && isNumber(mm.trim()) && compare(plainNumber(mm.trim()), plainNumber(most)) > 0;
}

function Scanned({ handle, machine, hour }: Of) {
  const state = handle.state.value;
  const kept = Number(state.value("pieces_scanned", machine, hour)?.pieces ?? 0);
  const [typed, setTyped] = useState("");
  const save = async (pieces: number): Promise<void> => {
    if (!hasMachine(machine)) return;
    if (await keep(handle, "pieces_scanned", { machine, hour, pieces }, { supersedes: state.heads("pieces_scanned", machine, hour), words: t("metal.scanned_kept") })) setTyped("");
  };
  const pieces = wholeOf(typed);
  return (
    <>
      <p>{t("metal.so_far", { hour: hourWords(hour), n: kept })}</p>
      <Field label={t("metal.more_pieces")} value={typed} onInput={setTyped} mode="numeric" max={7} />
      <div class="pair">
        <Button icon="plus" kind="main" wide disabled={!pieces} onClick={() => void save(kept + (pieces ?? 0))}>
          {t("metal.add")}
        </Button>
        <Button wide disabled={pieces === null} onClick={() => void save(pieces ?? 0)}>
          {t("metal.set")}
        </Button>
      </div>
    </>
  );
}

function FoundMetal({ handle, machine, hour }: Of) {
  const [pieces, setPieces] = useState(1);
  const [what, setWhat] = useState("");
  const [isResolved, setResolved] = useState(false);
  const [photos, setPhotos] = useState<Blob[]>([]);
  const save = async (): Promise<void> => {
    if (!hasMachine(machine)) return;
    if (await keep(handle, "metal_found", { machine, hour, pieces, what: what.trim(), is_resolved: isResolved }, { photos, feel: "bad" })) {
      setWhat("");
      setPhotos([]);
      setPieces(1);
      setResolved(false);
    }
  };
  return (
    <>
      <Field label={t("metal.found_what")} value={what} onInput={setWhat} />
      <Stepper label={t("defect.pieces")} value={pieces} least={1} onChange={setPieces} />
      <Tick label={t("metal.resolved")} checked={isResolved} onChange={setResolved} />
      <PhotoField photos={photos} onChange={setPhotos} />
      <Button kind="main" wide icon="check" disabled={!what.trim()} onClick={() => void save()}>
        {t("defect.record")}
      </Button>
    </>
  );
}

function Needle({ handle, machine, hour }: Of) {
  const [needle, setNeedle] = useState("");
  const [operator, setOperator] = useState("");
  const [isWhole, setWhole] = useState<"" | "yes" | "no">("");
  const [photos, setPhotos] = useState<Blob[]>([]);
  const save = async (): Promise<void> => {
    if (!hasMachine(machine)) return;
    const body = { machine, hour, needle: needle.trim(), operator: operator.trim(), is_whole_found: isWhole === "yes" };
    if (await keep(handle, "needle_broken", body, { photos, feel: isWhole === "yes" ? "ok" : "bad" })) {
      setNeedle("");
      setOperator("");
      setWhole("");
      setPhotos([]);
    }
  };
  return (
    <>
      <Field label={t("needle.which")} value={needle} onInput={setNeedle} max={60} />
      <Field label={t("needle.operator")} value={operator} onInput={setOperator} max={60} />
      <Chips<"" | "yes" | "no"> legend={t("needle.whole")} options={[["yes", t("answer.yes")], ["no", t("answer.no")]]} value={isWhole} onPick={setWhole} class="chips-even" />
      {isWhole === "no" && <Notice kind="wrong">{t("needle.hold")}</Notice>}
      <PhotoField photos={photos} onChange={setPhotos} label={t("needle.photo")} />
      <Button kind="main" wide icon="check" disabled={!needle.trim() || !isWhole} onClick={() => void save()}>
        {t("defect.record")}
      </Button>
    </>
  );
}

function Rerun({ handle, machine, hour }: Of) {
  const [typed, setTyped] = useState("");
  const pieces = wholeOf(typed);
  const save = async (): Promise<void> => {
    if (!hasMachine(machine)) return;
    if (await keep(handle, "lot_rerun", { machine, hour, pieces })) setTyped("");
  };
  return (
    <>
      <p class="help">{t("metal.rerun_help")}</p>
      <Field label={t("metal.rerun_pieces")} value={typed} onInput={setTyped} mode="numeric" max={8} />
      <Button kind="main" wide icon="check" disabled={!pieces} onClick={() => void save()}>
        {t("defect.record")}
      </Button>
    </>
  );
}

function Log({ handle }: { handle: InspectionHandle }) {
  const state = handle.state.value;
  const heads = KINDS.flatMap((kind) => state.ofKind(kind).flatMap((entry) => entry.heads.filter((head) => head.kind === kind))).sort((a, b) => (a.id < b.id ? 1 : -1));
  if (!heads.length) return null;
  return (
    <Card title={t("metal.log")}>
      <ul class="lines">
        {heads.slice(0, 40).map((head) => {
          const isFailed = (head.kind === "calibration_recorded" && !isGood(head.body)) || head.body.is_whole_found === false;
          return (
            <li key={head.id}>
              <span class="num">{clock(head.at)}</span>
              <span class={isFailed ? "wrong" : ""}>
                {isFailed && <Icon name="alert" />} <strong>{t(`kind.${head.kind}` as Key)}</strong> {digits(String(head.body.hour))}:{digits("00")} {lineOf(head)}
              </span>
              <Button icon="back" label={t("history.undo", { what: lineOf(head) })} onClick={() => void takeBack(handle, head)} />
            </li>
          );
        })}
      </ul>
    </Card>
  );
}
