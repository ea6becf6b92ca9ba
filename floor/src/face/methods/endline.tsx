// Every piece at the end of the line: three big counters, defects with their zone, the hour, rechecks, undo.
import { computed, useSignal, type ReadonlySignal, type Signal } from "@preact/signals";
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { go, hourNow, tell } from "../app";
import { feel } from "../feel";
import { Icon, type IconName } from "../icon";
import type { InspectionHandle, LibraryDefect, RecordedEvent } from "../floor";
import { Button, Card, Chips, Figure, Notice, Progress } from "../parts";
import { clock, digits, hourWords, named, num, t } from "../text";
import { rounded } from "../../rules/fraction";
import { byHour, COUNTS, isBeyondOpen, ratesOf, tallyOf, tapsOf, type Count, type Tally } from "../../rules/endline";
import { Garment, ZoneChips } from "../inspection/garment";
import { lineOf } from "../inspection/history";
import { Tiles } from "../inspection/tiles";
import { defectNamed, keep, libraryOf, takeBack, type PartProps } from "../inspection/use";

interface Found {
  readonly code: string;
  readonly zone: string;
}

const TALLIED = ["pieces_tallied"];
const FOLLOW_MS = 20_000;
const TAPS: readonly (readonly [Count, IconName, string])[] = [["passed", "check", "pass"], ["altered", "back", "alter"], ["rejected", "x", "reject"]];

export function Endline({ handle, path }: PartProps) {
  return path[0] === "hours" ? <Hours handle={handle} /> : <Counter handle={handle} />;
}

// Following the clock until the person chooses another hour to enter late.
function useHour(): readonly [hour: number, isNow: boolean, choose: (hour: number | null) => void] {
  const [now, setNow] = useState(hourNow());
  const [chosen, choose] = useState<number | null>(null);
  useEffect(() => {
    const timer = setInterval(() => setNow(hourNow()), FOLLOW_MS);
    return () => clearInterval(timer);
  }, []);
  return [chosen ?? now, chosen === null || chosen === now, choose];
}

type Tap = Readonly<Record<string, unknown>>;

interface Counts {
  readonly day: Tally;
  // Of the hour, with the taps that are shown already and not on the disk yet.
  readonly hour: Tally;
}

function useCounts(handle: InspectionHandle, hour: number, waiting: ReadonlySignal<readonly Tap[]>): ReadonlySignal<Counts> {
  return useMemo(() => {
    const kept = computed(() => {
      const bodies = tapsOf(handle.state.value.values("pieces_tallied"), handle.detail.value.left_out);
      return { day: tallyOf(bodies), hour: tallyOf(bodies.filter((body) => body.hour === hour)) };
    });
    return computed(() => (waiting.value.length ? { day: kept.value.day, hour: withTaps(kept.value.hour, waiting.value) } : kept.value));
  }, [handle, hour]);
}

function withTaps(tally: Tally, taps: readonly Tap[]): Tally {
  const more = tallyOf(taps);
  const counts = { ...tally.counts };
  for (const name of COUNTS) counts[name] += more.counts[name];
  return { ...tally, counts, checked: tally.checked + more.checked };
}

function Counter({ handle }: { handle: InspectionHandle }) {
  const [hour, isNow, choose] = useHour();
  const found = useSignal<readonly Found[]>([]);
  const zone = useSignal("");
  // Taps that are shown already and not on the disk yet.
  const waiting = useSignal<readonly Tap[]>([]);
  const counts = useCounts(handle, hour, waiting);
  const tap = async (what: Count): Promise<void> => {
    const takes = what === "altered" || what === "rejected";
    const defects = found.value;
    if (takes && !defects.length) {
      feel("bad");
      document.getElementById("find")?.scrollIntoView({ block: "start" });
      return tell(t("endline.first"), { isWrong: true });
    }
    const body = { hour, [what]: 1, ...(takes ? { defects: countedOf(defects) } : {}) };
    waiting.value = [...waiting.value, body];
    if (takes) [found.value, zone.value] = [[], ""];
    const event = await keep(handle, "pieces_tallied", body, { words: t("endline.kept", { what: t(`tap.${what}`) }), feel: what === "rejected" ? "bad" : "ok" });
    waiting.value = waiting.value.filter((one) => one !== body);
    if (!event && takes && !found.value.length) found.value = defects;
  };
  const latest = useRef(tap);
  latest.current = tap;
  const tapped = useCallback((what: Count): void => void latest.current(what), []);
  return (
    <div class="counter">
      <Card class="pad tight">
        <div class="hour-row">
          <label for="hour">{t("endline.hour")}</label>
          <select id="hour" value={hour} onChange={(event) => choose(Number(event.currentTarget.value))}>
            {Array.from({ length: 24 }, (_, one) => (
              <option key={one} value={one}>
                {hourWords(one)}
              </option>
            ))}
          </select>
        </div>
        {!isNow && (
          <Notice kind="warning" icon="clock">
            {t("endline.late", { hour: hourWords(hour) })}{" "}
            <Button onClick={() => choose(null)}>{t("endline.to_now")}</Button>
          </Notice>
        )}
        <HourFigures handle={handle} counts={counts} />
      </Card>
      <Find handle={handle} found={found} zone={zone} />
      <Rechecks counts={counts} waiting={waiting} onTap={tapped} />
      <LastTaps handle={handle} />
      <Button wide icon="clock" onClick={() => go("i", handle.pk, "hours")}>
        {t("endline.hours")}
      </Button>
      <TapBar counts={counts} onTap={tapped} />
    </div>
  );
}

// Its parts stand apart, so that a tap draws numbers anew and not the library of defects.
function HourFigures({ handle, counts }: { handle: InspectionHandle; counts: ReadonlySignal<Counts> }) {
  const tally = counts.value.hour;
  const target = Number(handle.detail.value.rules.stage?.hourly_target ?? 0);
  return (
    <>
      <dl class="figures" aria-live="polite">
        <Figure label={t("endline.checked")} value={target ? `${num(tally.checked)} / ${num(target)}` : num(tally.checked)} />
        <Figure label={t("tap.passed")} value={num(tally.counts.passed)} class="is-pass" />
        <Figure label={t("tap.altered")} value={num(tally.counts.altered)} class="is-hold" />
        <Figure label={t("tap.rejected")} value={num(tally.counts.rejected)} class="is-fail" />
      </dl>
      {target > 0 && <Progress value={tally.checked} most={target} label={t("endline.target")} />}
    </>
  );
}

function TapBar({ counts, onTap }: { counts: ReadonlySignal<Counts>; onTap: (what: Count) => void }) {
  const tally = counts.value.hour;
  return (
    <div class="tap-bar" role="group" aria-label={t("endline.count")}>
      {TAPS.map(([what, icon, look]) => (
        <button type="button" key={what} class={`tap tap-${look}`} onClick={() => onTap(what)}>
          <Icon name={icon} />
          <span>{t(`tap.${what}`)}</span>
          <b>{num(tally.counts[what])}</b>
        </button>
      ))}
    </div>
  );
}

function Find({ handle, found, zone }: { handle: InspectionHandle; found: Signal<readonly Found[]>; zone: Signal<string> }) {
  const add = useCallback((defect: LibraryDefect): void => {
    feel("ok");
    found.value = [...found.value, { code: defect.code, zone: zone.value }];
  }, []);
  const pick = useCallback((picked: string): void => void (zone.value = picked), []);
  const chosen = new Map<string, number>();
  for (const one of found.value) chosen.set(one.code, (chosen.get(one.code) ?? 0) + 1);
  const family = handle.detail.value.style.product_family;
  const garment = useMemo(() => <Garment family={family} zone={zone.value} onPick={pick} />, [family, zone.value]);
  return (
    <Card id="find" class="pad tight">
      <ul class="found-now" aria-label={t("endline.defects")}>
        {found.value.map((one, place) => (
          <li key={place}>
            <button type="button" class="chip" aria-label={t("endline.drop", { what: `${defectNamed(one.code)} ${one.zone}`.trim() })} onClick={() => (found.value = found.value.filter((_, other) => other !== place))}>
              {defectNamed(one.code)} {one.zone} <Icon name="x" />
            </button>
          </li>
        ))}
        {!found.value.length && <li class="help">{t("endline.no_defect")}</li>}
      </ul>
      <ZoneChips zone={zone.value} onPick={pick} />
      <Tiles handle={handle} onPick={add} zone={zone.value} chosen={chosen} kinds={TALLIED} searchLast between={garment} />
    </Card>
  );
}

function Rechecks({ counts, waiting, onTap }: { counts: ReadonlySignal<Counts>; waiting: ReadonlySignal<readonly Tap[]>; onTap: (what: Count) => void }) {
  const { day } = counts.value;
  const dhu = ratesOf(day).dhu;
  const recheck = (what: Count): void => {
    // Each tap that waits may have taken the last open one.
    const gone = waiting.value.filter((body) => body.recheck_passed || body.recheck_rejected).length;
    if (isBeyondOpen(day.openAlters - gone, -1)) tell(t("endline.none_open"), { isWrong: true });
    else onTap(what);
  };
  return (
    <Card class="pad">
      <p class="help">{t("endline.day", { n: day.checked, dhu: dhu ? digits(rounded(dhu, 2)) : "–" })}</p>
      <p aria-live="polite">
        {t("endline.open")} <strong class="num">{num(day.openAlters)}</strong>
      </p>
      <div class="pair">
        <Button icon="circleCheck" wide onClick={() => recheck("recheck_passed")}>
          {t("tap.recheck_passed")}
        </Button>
        <Button icon="circleX" wide onClick={() => recheck("recheck_rejected")}>
          {t("tap.recheck_rejected")}
        </Button>
      </div>
    </Card>
  );
}

function countedOf(found: readonly Found[]): { code: string; count: number; zone?: string }[] {
  const counted = new Map<string, { code: string; count: number; zone?: string }>();
  for (const { code, zone } of found) {
    const key = `${code} ${zone}`;
    const before = counted.get(key)?.count ?? 0;
    counted.set(key, { code, count: before + 1, ...(zone ? { zone } : {}) });
  }
  return [...counted.values()];
}

function LastTaps({ handle }: { handle: InspectionHandle }) {
  const taps = handle.state.value.ofKind("pieces_tallied").slice(-5).reverse();
  if (!taps.length) return null;
  return (
    <Card title={t("endline.last")}>
      <ul class="lines">
        {taps.map((entry) => {
          const head = entry.heads[0] as RecordedEvent;
          return (
            <li key={head.id}>
              <span class="num">{clock(head.at)}</span>
              <span>{lineOf(head)}</span>
              <Button icon="back" label={t("history.undo", { what: lineOf(head) })} onClick={() => void takeBack(handle, head)} />
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

function Hours({ handle }: { handle: InspectionHandle }) {
  const bodies = tapsOf(handle.state.value.values("pieces_tallied"), handle.detail.value.left_out);
  const [day, hours] = [tallyOf(bodies), byHour(bodies)];
  const [shows, setShows] = useState<"hours" | "defects">("hours");
  const defects = [...day.defects].sort(([, a], [, b]) => b - a);
  return (
    <>
      <h2>{t("endline.hours")}</h2>
      <Chips legend={t("endline.hours")} hideLegend options={[["hours", t("endline.by_hour")], ["defects", t("endline.by_defect")]]} value={shows} onPick={setShows} class="chips-even" />
      <Card>
        <table>
          <thead>
            <tr>
              {(shows === "hours" ? [t("endline.hour"), t("tap.passed"), t("tap.altered"), t("tap.rejected"), t("endline.dhu")] : [t("kind.defect_recorded"), t("zone"), t("endline.n")]).map((words) => (
                <th key={words}>{words}</th>
              ))}
            </tr>
          </thead>
          <tbody>
            {shows === "hours"
              ? [...hours].map(([hour, tally]) => (
                  <tr key={hour}>
                    <th>{digits(`${String(hour).padStart(2, "0")}:00`)}</th>
                    <td>{num(tally.counts.passed)}</td>
                    <td>{num(tally.counts.altered)}</td>
                    <td>{num(tally.counts.rejected)}</td>
                    <td>{dhuOf(tally)}</td>
                  </tr>
                ))
              : defects.map(([key, n]) => {
                  const [code = "", zone = ""] = key.split(" ");
                  const defect = libraryOf().get(code);
                  return (
                    <tr key={key}>
                      <th>{defect ? named(defect) : code}</th>
                      <td>{zone || "–"}</td>
                      <td>{num(n)}</td>
                    </tr>
                  );
                })}
          </tbody>
        </table>
      </Card>
      {!day.checked && <p class="empty">{t("endline.nothing")}</p>}
    </>
  );
}

function dhuOf(tally: Tally): string {
  const { dhu } = ratesOf(tally);
  return dhu ? digits(rounded(dhu, 1)) : "–";
}
