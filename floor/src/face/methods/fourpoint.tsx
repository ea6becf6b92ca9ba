// Fabric by the four-point system: the rolls, and each roll's flaws with their points while one types.
import { useState } from "preact/hooks";
import { go, tell } from "../app";
import { Icon } from "../icon";
import type { InspectionHandle, LibraryDefect, State } from "../floor";
import { Button, Card, Chips, Field, Figure, Notice, Progress, Sheet, Tick } from "../parts";
import { digits, named, num, t } from "../text";
import { per100SquareYards, pointsFor, pointsForHole, rollPoints } from "../../rules/four_point";
import { compare, formatDecimal, fraction, inUnit, plainNumber, readMeasure, rounded, times, ZERO, type Fraction, type Unit } from "../../rules/fraction";
import { lineOf } from "../inspection/history";
import { PhotoField } from "../inspection/photos";
import { Tiles } from "../inspection/tiles";
import { keep, takeBack, type PartProps } from "../inspection/use";

type Body = Readonly<Record<string, unknown>>;

const YARD_PER_METRE = fraction(10_000, 9_144);
// 100 m² in units of 100 yd²: points and their limit grow alike, so the verdict is the server's.
const HUNDRED_M2 = times(YARD_PER_METRE, YARD_PER_METRE);

export function FourPoint({ handle, path }: PartProps) {
  const [part, roll] = path;
  if (part === "roll") return <Roll key={roll ?? ""} handle={handle} roll={roll ?? ""} />;
  return <Rolls handle={handle} />;
}

const rollsOf = (state: State): Body[] => state.ofKind("roll_inspected").flatMap((entry) => entry.candidates.slice(0, 1));
const flawsOf = (state: State, roll: string) => state.ofKind("flaw_recorded").filter((entry) => (entry.value ?? entry.candidates[0])?.roll === roll);

interface Points {
  readonly points: number;
  readonly per100: Fraction | null;
}

// Null where a flaw lies beside the roll: then the length or the flaw is wrong.
function pointsOf(handle: InspectionHandle, roll: Body): Points | null {
  const rule = handle.detail.value.rules.hole_rule ?? "by_size";
  const flaws = flawsOf(handle.state.value, String(roll.roll)).flatMap((entry) => (entry.value ? [entry.value] : []));
  try {
    const { points } = rollPoints(flaws.map((flaw) => ({ at: String(flaw.at), points: pointsOfFlaw(flaw, rule), runsTo: (flaw.runs_to as string | undefined) ?? null })), String(roll.length));
    const length = readMeasure(String(roll.length)) ?? ZERO;
    const yards = roll.length_unit === "yd" ? length : times(length, YARD_PER_METRE);
    const inches = inUnit(readMeasure(String(roll.width)) ?? ZERO, roll.width_unit as Unit, "in");
    return { points, per100: per100SquareYards(points, yards, inches) };
  } catch {
    return null;
  }
}

type LengthUnit = "yd" | "m";
const unitOf = (roll: Body | null): LengthUnit => (roll?.length_unit as LengthUnit | undefined) ?? "yd";

// A figure per 100 yd² in the unit of the roll: per 100 m² where it is measured in metres.
const inRollUnit = (per100Yards: Fraction, unit: LengthUnit): Fraction => (unit === "m" ? times(per100Yards, HUNDRED_M2) : per100Yards);
const per100Words = (per100Yards: Fraction, unit: LengthUnit): string => digits(rounded(inRollUnit(per100Yards, unit), 1));
const limitOf = (handle: InspectionHandle): Fraction => plainNumber(handle.detail.value.rules.fabric_roll_points_max ?? 40);
const limitWords = (handle: InspectionHandle, unit: LengthUnit): string => digits(formatDecimal(inRollUnit(limitOf(handle), unit), 1));

function pointsOfFlaw(flaw: Body, rule: "by_size" | "always_four"): number {
  return flaw.is_hole ? pointsForHole(String(flaw.size), flaw.unit as Unit, rule) : pointsFor(String(flaw.size), flaw.unit as Unit);
}

function Rolls({ handle }: { handle: InspectionHandle }) {
  const one = handle.detail.value;
  const rolls = rollsOf(handle.state.value);
  const limit = limitOf(handle);
  const units = rolls.length ? [...new Set(rolls.map(unitOf))].sort().reverse() : (["yd"] as const);
  const share = Number((one.rules as { rolls_pct_min?: string }).rolls_pct_min ?? 10);
  const wanted = Math.max(1, Math.ceil((one.lot_size * share) / 100));
  const [number, setNumber] = useState("");
  const open = (): void => {
    if (!number.trim()) return tell(t("roll.number_wanted"), { isWrong: true });
    go("i", handle.pk, "roll", number.trim());
  };
  return (
    <>
      <Card class="pad">
        <p aria-live="polite">{t("roll.progress", { done: rolls.length, of: wanted, lot: one.lot_size })}</p>
        <Progress value={rolls.length} most={wanted} label={t("progress.label")} />
      </Card>
      <Card class="pad">
        <div class="scan">
          <Field label={t("roll.number")} value={number} onInput={setNumber} max={40} onEnter={open} />
          <Button kind="main" icon="plus" onClick={open}>
            {t("roll.open")}
          </Button>
        </div>
      </Card>
      <ul class="work">
        {rolls.map((roll) => {
          const found = pointsOf(handle, roll);
          const isOver = found?.per100 ? compare(found.per100, limit) > 0 : false;
          return (
            <li key={String(roll.roll)}>
              <button type="button" class="btn link-row" onClick={() => go("i", handle.pk, "roll", String(roll.roll))}>
                <span>
                  {t("roll.n", { n: String(roll.roll) })}
                  <small>
                    {digits(`${String(roll.length)} ${t(`unit.${String(roll.length_unit) as "yd" | "m"}`)} × ${String(roll.width)}`)} {t(`unit.${String(roll.width_unit) as Unit}`)}
                  </small>
                </span>
                <span class={`verdict ${isOver ? "verdict-fail" : "verdict-pass"}`}>
                  <Icon name={isOver ? "circleX" : "circleCheck"} />
                  {found?.per100 ? per100Words(found.per100, unitOf(roll)) : "–"}
                </span>
                <Icon name="chevron" />
              </button>
            </li>
          );
        })}
      </ul>
      {units.map((unit) => (
        <p key={unit} class="help">
          {t(unit === "m" ? "roll.limit_m" : "roll.limit", { n: limitWords(handle, unit) })}
        </p>
      ))}
    </>
  );
}

function Roll({ handle, roll }: { handle: InspectionHandle; roll: string }) {
  const state = handle.state.value;
  const kept = state.value("roll_inspected", roll);
  const [flawOf, setFlawOf] = useState<LibraryDefect | null>(null);
  const [isMeasured, setMeasured] = useState(false);
  const flaws = flawsOf(state, roll);
  const found = kept ? pointsOf(handle, kept) : null;
  const unit = unitOf(kept);
  const isOver = found?.per100 ? compare(found.per100, limitOf(handle)) > 0 : false;
  const rule = handle.detail.value.rules.hole_rule ?? "by_size";
  return (
    <>
      <h2>{t("roll.n", { n: roll })}</h2>
      {kept && (
        <dl class={`figures figures-three${isOver ? " is-over" : ""}`} aria-live="polite">
          <Figure label={t(unit === "m" ? "roll.per100_m" : "roll.per100")} value={found?.per100 ? per100Words(found.per100, unit) : "–"} class={isOver ? "is-fail" : "is-pass"} />
          <Figure label={t("roll.points")} value={num(found?.points ?? 0)} />
          <Figure label={t("roll.flaws")} value={num(flaws.length)} />
        </dl>
      )}
      {isOver && <p class="wrong">{t("roll.over", { n: limitWords(handle, unit) })}</p>}
      {kept && !found && <Notice kind="warning">{t("roll.beside")}</Notice>}
      {(!kept || isMeasured) && <RollForm handle={handle} roll={roll} kept={kept} onDone={() => setMeasured(false)} />}
      {kept && !isMeasured && (
        <>
          <Card title={t("roll.flaw_add")} class="pad">
            <Tiles handle={handle} onPick={setFlawOf} kinds={["flaw_recorded"]} />
          </Card>
          <Button icon="pencil" wide onClick={() => setMeasured(true)}>
            {t("roll.change")}
          </Button>
        </>
      )}
      {flawOf && kept && <FlawSheet handle={handle} roll={kept} defect={flawOf} onClose={() => setFlawOf(null)} />}
      {flaws.length > 0 && (
        <Card title={t("roll.flaws")}>
          <ul class="lines">
            {[...flaws].reverse().map((entry) => {
              const [head] = entry.heads;
              const body = entry.value ?? entry.candidates[0];
              if (!head || !body) return null;
              const points = body.runs_to ? "4+" : String(pointsOfFlaw(body, rule));
              return (
                <li key={head.id}>
                  <b class={`points points-${points[0]}`}>{digits(points)}</b>
                  <span>
                    {t("roll.at", { at: `${digits(String(body.at))} ${t(`unit.${unit}`)}` })} · {lineOf({ kind: "flaw_recorded", body })}
                  </span>
                  <Button icon="back" label={t("history.undo", { what: lineOf({ kind: "flaw_recorded", body }) })} onClick={() => void takeBack(handle, head)} />
                </li>
              );
            })}
          </ul>
        </Card>
      )}
    </>
  );
}

function RollForm({ handle, roll, kept, onDone }: { handle: InspectionHandle; roll: string; kept: Body | null; onDone: () => void }) {
  const before: Body = kept ?? rollsOf(handle.state.peek()).slice(-1)[0] ?? {};
  const text = (name: string): string => String(kept?.[name] ?? "");
  const [length, setLength] = useState(text("length"));
  const [lengthUnit, setLengthUnit] = useState<"yd" | "m">((before.length_unit as "yd" | "m" | undefined) ?? "yd");
  const [width, setWidth] = useState(text("width") || String(before.width ?? ""));
  const [widthUnit, setWidthUnit] = useState<"in" | "cm">((before.width_unit as "in" | "cm" | undefined) ?? "in");
  const [shade, setShade] = useState(text("shade_group"));
  const [lot, setLot] = useState(text("dye_lot"));
  const [gsm, setGsm] = useState(text("gsm"));
  const [wrong, setWrong] = useState("");
  const save = async (): Promise<void> => {
    if (![length, width].every((one) => isAboveZero(one))) return setWrong(t("roll.measures_wanted"));
    const body = { ...kept, roll, length: length.trim(), length_unit: lengthUnit, width: width.trim(), width_unit: widthUnit, shade_group: shade.trim(), dye_lot: lot.trim(), gsm: gsm.trim() };
    if (await keep(handle, "roll_inspected", body, { supersedes: handle.state.value.heads("roll_inspected", roll), words: t("roll.kept") })) onDone();
  };
  return (
    <Card class="pad">
      <div class="pair">
        <Field label={t("roll.length")} value={length} onInput={setLength} mode="decimal" max={10} />
        <Chips legend={t("roll.length")} hideLegend options={[["yd", t("unit.yd")], ["m", t("unit.m")]]} value={lengthUnit} onPick={(picked) => (setLengthUnit(picked), width || setWidthUnit(picked === "m" ? "cm" : "in"))} class="chips-even" />
        <Field label={t("roll.width")} value={width} onInput={setWidth} mode="decimal" max={10} />
        <Chips legend={t("roll.width")} hideLegend options={[["in", t("unit.in")], ["cm", t("unit.cm")]]} value={widthUnit} onPick={setWidthUnit} class="chips-even" />
        <Field label={t("roll.shade")} value={shade} onInput={setShade} max={20} />
        <Field label={t("roll.gsm")} value={gsm} onInput={setGsm} mode="decimal" max={8} />
      </div>
      <Field label={t("roll.lot")} value={lot} onInput={setLot} max={40} />
      {wrong && <p class="wrong" role="alert">{wrong}</p>}
      <Button kind="main" wide icon="check" onClick={() => void save()}>
        {t("roll.save")}
      </Button>
    </Card>
  );
}

function FlawSheet({ handle, roll, defect, onClose }: { handle: InspectionHandle; roll: Body; defect: LibraryDefect; onClose: () => void }) {
  const [at, setAt] = useState("");
  const [size, setSize] = useState("");
  const [unit, setUnit] = useState<"in" | "cm">(unitOf(roll) === "m" ? "cm" : "in");
  const [isHole, setHole] = useState(/hole/i.test(defect.name_en));
  const [runs, setRuns] = useState(false);
  const [runsTo, setRunsTo] = useState("");
  const [photos, setPhotos] = useState<Blob[]>([]);
  const [wrong, setWrong] = useState("");
  const rule = handle.detail.value.rules.hole_rule ?? "by_size";
  const points = isAboveZero(size) ? pointsOfFlaw({ size, unit, is_hole: isHole }, rule) : null;
  const lengthUnit = t(`unit.${unitOf(roll)}`);
  const record = async (): Promise<void> => {
    const [start, stop, end] = [readMeasure(at), runs ? readMeasure(runsTo) : null, readMeasure(String(roll.length))];
    if (!start || !end || compare(start, ZERO) < 0 || compare(end, start) < 0) return setWrong(t("flaw.at_wanted", { length: `${digits(String(roll.length))} ${lengthUnit}` }));
    if (runs && (!stop || compare(stop, start) < 0 || compare(end, stop) < 0)) return setWrong(t("flaw.runs_wanted"));
    if (!isAboveZero(size)) return setWrong(t("flaw.size_wanted"));
    const body = { roll: roll.roll, at: at.trim(), code: defect.code, size: size.trim(), unit, is_hole: isHole, runs_to: runs ? runsTo.trim() : "" };
    if (await keep(handle, "flaw_recorded", body, { photos, words: t("defect.kept", { what: named(defect) }) })) onClose();
  };
  return (
    <Sheet title={`${defect.code} ${named(defect)}`} onClose={onClose}>
      <div class="pair">
        <Field label={t("flaw.at")} value={at} onInput={setAt} mode="decimal" unit={lengthUnit} max={10} />
        <Field label={t("flaw.size")} value={size} onInput={setSize} mode="decimal" max={10} />
      </div>
      <div class="pair">
        <p class={`points-now points-${points ?? 0}`} aria-live="polite">
          {points ? t("flaw.points", { n: points }) : t("flaw.no_points")}
        </p>
        <Chips legend={t("flaw.unit")} hideLegend options={[["in", t("unit.in")], ["cm", t("unit.cm")]]} value={unit} onPick={setUnit} class="chips-even" />
      </div>
      <Tick label={t("flaw.hole")} checked={isHole} onChange={setHole} />
      <Tick label={t("flaw.runs")} checked={runs} onChange={setRuns} />
      {runs && <Field label={t("flaw.runs_to")} value={runsTo} onInput={setRunsTo} mode="decimal" unit={lengthUnit} max={10} />}
      <PhotoField photos={photos} onChange={setPhotos} />
      {wrong && <p class="wrong" role="alert">{wrong}</p>}
      <div class="sheet-foot">
        <Button kind="main" wide icon="check" onClick={() => void record()}>
          {t("defect.record")}
        </Button>
      </div>
    </Sheet>
  );
}

function isAboveZero(text: string): boolean {
  const value = readMeasure(text.trim());
  return value !== null && compare(value, ZERO) > 0;
}
