// Measuring: a keypad under the thumb, the deviation while one types, the next point by itself.
import { useEffect, useMemo, useState } from "preact/hooks";
import type { FloorInspection, InspectionHandle, State } from "../floor";
import { tell } from "../app";
import { Button, Card, Chips, Notice } from "../parts";
import { digits, named, num, t } from "../text";
import { compare, formatMeasure, parseMeasure, readMeasure, ZERO, type Unit } from "../../rules/fraction";
import { formatDeviation, measuredSummary, type Evaluation } from "../../rules/tolerance";
import { inChartUnit, judge, otherUnit } from "./units";
import { coloursOf, keep, sizesOf } from "./use";

type Point = FloorInspection["points"][number];

interface Place {
  readonly size: string;
  readonly wash: string;
  readonly piece: number;
  readonly colour: string;
}

export function MeasureSheet({ handle }: { handle: InspectionHandle }) {
  const one = handle.detail.value;
  const sizes = useMemo(() => sizesWithChart(one), [one]);
  const washes = useMemo(() => [...new Set(one.points.map((point) => point.wash ?? ""))].filter(Boolean), [one]);
  const [place, setPlace] = useState<Place>(() => ({ size: sizes[0] ?? "", wash: washes[0] ?? "", piece: nextPiece(handle.state.peek()), colour: "" }));
  const [pom, setPom] = useState("");
  if (!one.points.length) return <Notice>{t("measure.no_chart")}</Notice>;
  const state = handle.state.value;
  const points = pointsOf(one, place);
  const summary = measuredSummary(state, one.points);
  const go = (change: Partial<Place>): void => {
    setPlace({ ...place, ...change });
    setPom("");
  };
  const following = (after: string): void => {
    const rest = [...points.slice(points.findIndex((point) => point.code === after) + 1), ...points];
    const next = rest.find((point) => point.code !== after && !valueOf(handle.state.value, place, point));
    setPom(next?.code ?? "");
    if (!next) tell(t("measure.piece_done", { n: place.piece }));
  };
  const active = points.find((point) => point.code === pom);
  return (
    <div class={active ? "measuring has-keypad" : "measuring"}>
      <p class="measured" aria-live="polite">
        {t("measure.summary", { pieces: summary.pieces, out: summary.pointsOut, points: summary.pointsMeasured })}
      </p>
      <Card class="pad">
        {washes.length > 0 && <Chips legend={t("measure.wash")} hideLegend options={washes.map((wash) => [wash, t(wash === "after" ? "measure.after" : "measure.before")] as const)} value={place.wash} onPick={(wash) => go({ wash })} class="chips-even" />}
        <Pieces handle={handle} place={place} onGo={go} />
        <Chips legend={t("size")} options={sizes.map((size) => [size, size] as const)} value={place.size} onPick={(size) => go({ size, piece: hasValues(state, place.piece) ? nextPiece(state) : place.piece })} />
        {coloursOf(one).length > 1 && <Chips legend={t("colour")} options={[...coloursOf(one).map((colour) => [colour, colour] as const), ["", "–"]]} value={place.colour} onPick={(colour) => go({ colour })} />}
      </Card>
      <Card title={t("measure.piece", { n: place.piece, size: place.size })}>
        <ul class="points">
          {points.map((point) => (
            <PointRow key={point.code} point={point} place={place} state={state} isActive={point.code === pom} onPick={() => setPom(point.code)} />
          ))}
        </ul>
        {points.every((point) => valueOf(state, place, point)) && (
          <div class="pad">
            <Button kind="main" wide icon="arrowRight" onClick={() => go({ piece: nextPiece(state) })}>
              {t("measure.next_piece")}
            </Button>
          </div>
        )}
      </Card>
      {active && <Keypad key={`${place.piece} ${place.wash} ${active.code}`} handle={handle} point={active} place={place} onDone={() => following(active.code)} onClose={() => setPom("")} />}
    </div>
  );
}

function Pieces({ handle, place, onGo }: { handle: InspectionHandle; place: Place; onGo: (change: Partial<Place>) => void }) {
  const pieces = new Map<number, string>();
  for (const entry of handle.state.value.ofKind("piece_measured")) for (const body of entry.candidates) pieces.set(Number(body.piece_no), String(body.size));
  const fresh = nextPiece(handle.state.value);
  const options = [...pieces].sort(([a], [b]) => a - b).map(([n, size]) => [String(n), `${num(n)} · ${size}`] as const);
  return (
    <Chips
      legend={t("measure.pieces")}
      options={[...options, [String(fresh), pieces.size ? t("measure.new_piece", { n: fresh }) : num(fresh)]]}
      value={String(place.piece)}
      onPick={(picked) => onGo({ piece: Number(picked), size: pieces.get(Number(picked)) ?? place.size })}
      class="chips-row"
    />
  );
}

function PointRow({ point, place, state, isActive, onPick }: { point: Point; place: Place; state: State; isActive: boolean; onPick: () => void }) {
  const value = valueOf(state, place, point);
  const judged = value ? judge(point, place.size, readMeasure(value)) : null;
  return (
    <li>
      <button type="button" class={`btn point${isActive ? " is-active" : ""}${judged ? ` is-${judged.result}` : ""}`} onClick={onPick}>
        <span class="point-name">
          <b>{point.code}</b> {named(point)} {point.critical && <em>{t("measure.critical")}</em>}
          <small>{specOf(point, place.size)}</small>
        </span>
        <span class="point-value">
          {value ? digits(value) : "–"} <small>{t(`unit.${point.unit}`)}</small>
          {judged && <Deviation judged={judged} unit={point.unit} />}
        </span>
      </button>
    </li>
  );
}

function Deviation({ judged, unit }: { judged: Evaluation; unit: Unit }) {
  return (
    <span class={`deviation is-${judged.result}`}>
      {digits(formatDeviation(judged.deviation, unit))} {t(`measure.${judged.result}`)}
    </span>
  );
}

const FRACTIONS = ["½", "¼", "¾", "⅛", "⅜", "⅝", "⅞"];
const SPELLED: Record<string, string> = { "½": "1/2", "¼": "1/4", "¾": "3/4", "⅛": "1/8", "⅜": "3/8", "⅝": "5/8", "⅞": "7/8" };

function Keypad({ handle, point, place, onDone, onClose }: { handle: InspectionHandle; point: Point; place: Place; onDone: () => void; onClose: () => void }) {
  const [typed, setTyped] = useState("");
  const value = typed ? readMeasure(typed) : null;
  const judged = value && compare(value, ZERO) > 0 ? judge(point, place.size, value) : null;
  const isInch = point.unit === "in";
  const other = value ? otherUnit(point, place.size, value) : null;
  const converted = value && other ? inChartUnit(value, other, point.unit) : "";
  const press = (key: string): void => {
    if (key === "⌫") return setTyped((text) => text.slice(0, -1).trimEnd());
    setTyped((text) => (SPELLED[key] ? `${text.replace(/ *\d+\/\d+$/, "")}${/\d$/.test(text.replace(/ *\d+\/\d+$/, "")) ? " " : ""}${SPELLED[key]}` : `${text}${key}`.slice(0, 12)));
  };
  const done = async (): Promise<void> => {
    if (!typed) return onDone();
    if (!judged) return;
    const body = { piece_no: place.piece, colour: place.colour, size: place.size, pom: point.code, value: typed.trim(), unit: point.unit, wash: place.wash };
    const state = handle.state.value;
    const heads = place.wash ? state.heads("piece_measured", place.piece, point.code, place.wash) : state.heads("piece_measured", place.piece, point.code);
    const event = await keep(handle, "piece_measured", body, { supersedes: heads, quiet: judged.result === "ok", words: `${point.code} ${digits(formatDeviation(judged.deviation, point.unit))} ${t(`measure.${judged.result}`)}`, feel: judged.result === "ok" ? "ok" : "bad" });
    if (event) onDone();
  };
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement) return;
      if (/^[0-9./]$/.test(event.key)) press(event.key);
      else if (event.key === " " && isInch && !(event.target instanceof HTMLButtonElement)) press(" ");
      else if (event.key === "Backspace") press("⌫");
      else if (event.key === "Enter" && !(event.target instanceof HTMLButtonElement)) void done();
      else if (event.key === "Escape") onClose();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  });
  const keys = isInch ? ["7", "8", "9", "⌫", "4", "5", "6", "/", "1", "2", "3", " ", "0"] : ["7", "8", "9", "⌫", "4", "5", "6", ".", "1", "2", "3", "0"];
  return (
    <section class={`keypad${isInch ? " is-inch" : ""}`} aria-label={t("measure.keypad", { point: named(point) })}>
      <div class={`keypad-head${judged ? ` is-${judged.result}` : ""}`}>
        <span class="keypad-point">
          <b>{point.code}</b> {named(point)}
          <small>{specOf(point, place.size)}</small>
        </span>
        <output class="keypad-value" aria-live="polite">
          {typed ? digits(typed) : "…"} <small>{t(`unit.${point.unit}`)}</small>
          {judged ? <Deviation judged={judged} unit={point.unit} /> : typed ? <span class="deviation">{t("measure.unreadable")}</span> : null}
        </output>
        <Button icon="x" kind="quiet" label={t("close")} onClick={onClose} />
      </div>
      {other && (
        <Button wide icon="alert" class="keypad-ask" onClick={() => setTyped(converted)}>
          {t("measure.other_unit", { unit: t(`measure.units_${other}`), typed: `${digits(typed.trim())} ${t(`unit.${other}`)}`, value: `${digits(converted)} ${t(`unit.${point.unit}`)}` })}
        </Button>
      )}
      {isInch && (
        <div class="keypad-fractions">
          {FRACTIONS.map((key) => (
            <button type="button" key={key} class="btn" aria-label={SPELLED[key]} onClick={() => press(key)}>
              {key}
            </button>
          ))}
        </div>
      )}
      <div class="keypad-keys">
        {keys.map((key) => (
          <button type="button" key={key} class="btn" aria-label={key === "⌫" ? t("delete") : key === " " ? t("measure.space") : undefined} onClick={() => press(key)}>
            {key === " " ? "␣" : digits(key)}
          </button>
        ))}
        <button type="button" class="btn btn-main keypad-next" disabled={typed !== "" && !judged} onClick={() => void done()}>
          {typed ? t("measure.next") : t("measure.skip")} →
        </button>
      </div>
    </section>
  );
}

function specOf(point: Point, size: string): string {
  const unit = t(`unit.${point.unit}`);
  const shown = (text: string): string => digits(formatMeasure(parseMeasure(text), point.unit));
  const tolerance = point.tol_minus === point.tol_plus ? `± ${shown(point.tol_plus)}` : `−${shown(point.tol_minus)} +${shown(point.tol_plus)}`;
  return `${shown(point.spec[size] ?? "0")} ${unit}  (${tolerance})`;
}

function valueOf(state: State, place: Place, point: Point): string {
  const body = point.wash ? state.value("piece_measured", place.piece, point.code, point.wash) : state.value("piece_measured", place.piece, point.code);
  return body ? String(body.value) : "";
}

function pointsOf(one: FloorInspection, place: Place): Point[] {
  const fits = one.points.filter((point) => place.size in point.spec && (!point.wash || point.wash === place.wash));
  return [...fits].sort((a, b) => Number(Boolean(b.critical)) - Number(Boolean(a.critical)));
}

function sizesWithChart(one: FloorInspection): string[] {
  const charted = new Set(one.points.flatMap((point) => Object.keys(point.spec)));
  const ordered = sizesOf(one).filter((size) => charted.has(size));
  return ordered.length ? ordered : [...charted];
}

const hasValues = (state: State, piece: number): boolean => state.ofKind("piece_measured").some((entry) => entry.key[0] === piece);

function nextPiece(state: State): number {
  return 1 + state.ofKind("piece_measured").reduce((most, entry) => Math.max(most, Number(entry.key[0])), 0);
}
