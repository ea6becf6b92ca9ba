// Every piece at the end of the line: three big counters, defects with their zone, the hour, rechecks, undo.
import { useEffect, useMemo, useState } from "preact/hooks";
import { computed } from "@preact/signals";
import { go, hourNow, tell } from "../app";
import { feel } from "../feel";
import { Icon, type IconName } from "../icon";
import type { InspectionHandle, LibraryDefect, RecordedEvent } from "../floor";
import { Button, Card, Chips, Figure, Notice, Progress } from "../parts";
import { clock, digits, hourWords, named, num, t } from "../text";
import { rounded } from "../../rules/fraction";
import { byHour, isBeyondOpen, ratesOf, tallyOf, type Count, type Tally } from "../../rules/endline";
import { Garment, ZoneChips } from "../inspection/garment";
import { lineOf } from "../inspection/history";
import { Tiles } from "../inspection/tiles";
import { defectNamed, keep, libraryOf, takeBack, type PartProps } from "../inspection/use";

interface Found {
  readonly code: string;
  readonly zone: string;
}

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

function useTallies(handle: InspectionHandle, hour: number): { day: Tally; tally: Tally } {
  const counted = useMemo(() => computed(() => {
    const bodies = handle.state.value.values("pieces_tallied");
    return { day: tallyOf(bodies), tally: tallyOf(bodies.filter((body) => body.hour === hour)) };
  }), [handle, hour]);
  return counted.value;
}

function Counter({ handle }: { handle: InspectionHandle }) {
  const [hour, isNow, choose] = useHour();
  const [found, setFound] = useState<readonly Found[]>([]);
  const [zone, setZone] = useState("");
  const { day, tally } = useTallies(handle, hour);
  const target = Number(handle.detail.value.rules.stage?.hourly_target ?? 0);
  const tap = async (what: Count): Promise<void> => {
    if ((what === "altered" || what === "rejected") && !found.length) {
      feel("bad");
      document.getElementById("find")?.scrollIntoView({ block: "start" });
      return tell(t("endline.first"), { isWrong: true });
    }
    const takes = what === "altered" || what === "rejected";
    const body = { hour, [what]: 1, ...(takes ? { defects: countedOf(found) } : {}) };
    if (await keep(handle, "pieces_tallied", body, { words: t("endline.kept", { what: t(`tap.${what}`) }), feel: what === "rejected" ? "bad" : "ok" })) {
      if (takes) setFound([]);
      if (takes) setZone("");
    }
  };
  const recheck = (what: Count): Promise<void> => {
    if (isBeyondOpen(day.openAlters, -1)) {
      tell(t("endline.none_open"), { isWrong: true });
      return Promise.resolve();
    }
    return tap(what);
  };
  const add = (defect: LibraryDefect): void => {
    feel("ok");
    setFound([...found, { code: defect.code, zone }]);
  };
  const chosen = new Map<string, number>();
  for (const one of found) chosen.set(one.code, (chosen.get(one.code) ?? 0) + 1);
  const dhu = ratesOf(day).dhu;
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
        <dl class="figures" aria-live="polite">
          <Figure label={t("endline.checked")} value={target ? `${num(tally.checked)} / ${num(target)}` : num(tally.checked)} />
          <Figure label={t("tap.passed")} value={num(tally.counts.passed)} class="is-pass" />
          <Figure label={t("tap.altered")} value={num(tally.counts.altered)} class="is-hold" />
          <Figure label={t("tap.rejected")} value={num(tally.counts.rejected)} class="is-fail" />
        </dl>
        {target > 0 && <Progress value={tally.checked} most={target} label={t("endline.target")} />}
      </Card>
      <Card id="find" class="pad tight">
        <ul class="found-now" aria-label={t("endline.defects")}>
          {found.map((one, place) => (
            <li key={place}>
              <button type="button" class="chip" aria-label={t("endline.drop", { what: `${defectNamed(one.code)} ${one.zone}`.trim() })} onClick={() => setFound(found.filter((_, other) => other !== place))}>
                {defectNamed(one.code)} {one.zone} <Icon name="x" />
              </button>
            </li>
          ))}
          {!found.length && <li class="help">{t("endline.no_defect")}</li>}
        </ul>
        <ZoneChips zone={zone} onPick={setZone} />
        <Tiles handle={handle} onPick={add} zone={zone} chosen={chosen} kinds={["pieces_tallied"]} searchLast between={<Garment family={handle.detail.value.style.product_family} zone={zone} onPick={setZone} />} />
      </Card>
      <Card class="pad">
        <p class="help">{t("endline.day", { n: day.checked, dhu: dhu ? digits(rounded(dhu, 2)) : "–" })}</p>
        <p aria-live="polite">
          {t("endline.open")} <strong class="num">{num(day.openAlters)}</strong>
        </p>
        <div class="pair">
          <Button icon="circleCheck" wide onClick={() => void recheck("recheck_passed")}>
            {t("tap.recheck_passed")}
          </Button>
          <Button icon="circleX" wide onClick={() => void recheck("recheck_rejected")}>
            {t("tap.recheck_rejected")}
          </Button>
        </div>
      </Card>
      <LastTaps handle={handle} />
      <Button wide icon="clock" onClick={() => go("i", handle.pk, "hours")}>
        {t("endline.hours")}
      </Button>
      <div class="tap-bar" role="group" aria-label={t("endline.count")}>
        {TAPS.map(([what, icon, look]) => (
          <button type="button" key={what} class={`tap tap-${look}`} onClick={() => void tap(what)}>
            <Icon name={icon} />
            <span>{t(`tap.${what}`)}</span>
            <b>{num(tally.counts[what])}</b>
          </button>
        ))}
      </div>
    </div>
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
  const bodies = handle.state.value.values("pieces_tallied");
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
