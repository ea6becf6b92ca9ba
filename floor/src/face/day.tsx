// Today's work: what needs the person first, then by place; how each inspection stands with the server.
import { useState } from "preact/hooks";
import { floor, go, tell } from "./app";
import type { FloorInspection } from "./floor";
import { Icon } from "./icon";
import { Button, Notice, Progress, StatusChip, useTask } from "./parts";
import { progressOf } from "./progress";
import { count, dayAndTime, dayOf, inLanguage, megabytes, t } from "./text";
import { Trouble } from "./unlock";

export function DayScreen() {
  const day = floor.day.value;
  return (
    <main class="page">
      <Trouble />
      {(floor.update.value || floor.outdated.value) && (
        <Notice icon="download" kind={floor.outdated.value ? "warning" : ""}>
          {t(floor.outdated.value ? "update.outdated" : "update.waits")}{" "}
          <Button onClick={() => floor.takeUpdate()}>{t("update.do")}</Button>
        </Notice>
      )}
      <h1>{day ? dayOf(day.settings.today) : t("day.title")}</h1>
      <TakeDown isFirst={!day} />
      {day && <Work inspections={day.inspections} today={day.settings.today} />}
    </main>
  );
}

function TakeDown({ isFirst }: { isFirst: boolean }) {
  const [part, setPart] = useState<readonly [number, number] | null>(null);
  const { busy, wrong, run } = useTask();
  const take = (): void => {
    void run(async () => {
      setPart([0, 0]);
      await floor.takeDown((done, of) => setPart([done, of]));
      tell(t("day.taken"));
    }).finally(() => setPart(null));
  };
  const made = floor.day.value?.made_at;
  return (
    <section class="take-down">
      {isFirst && <p>{t("day.none")}</p>}
      <div class="take-row">
        <Button icon="download" kind={isFirst ? "main" : ""} wide={isFirst} disabled={busy || !floor.online.value} onClick={take}>
          {isFirst ? t("day.take") : t("day.take_again")}
        </Button>
        {made && !part && <span class="help">{t("day.made", { at: dayAndTime(made) })}</span>}
      </div>
      {part && (
        <div role="status">
          <Progress value={part[0]} most={part[1]} label={t("day.taking")} />
          <p class="help">{part[1] ? t("day.taking_of", { done: megabytes(part[0]), of: megabytes(part[1]) }) : `${t("day.taking")} ${part[0] ? megabytes(part[0]) : ""}`}</p>
        </div>
      )}
      {isFirst && !floor.online.value && <p class="help">{t("day.offline_first")}</p>}
      {wrong && <Notice kind="wrong">{wrong}</Notice>}
    </section>
  );
}

function Work({ inspections, today }: { inspections: readonly FloorInspection[]; today: string }) {
  const open = inspections.filter((one) => one.state !== "cancelled" && one.state !== "decided");
  const needing = inspections.filter((one) => floor.inspection(one.id).status.value.kind === "needs");
  const rest = open.filter((one) => !needing.includes(one));
  const places = [...new Set(rest.map(placeOf))].sort();
  const decided = inspections.filter((one) => one.state === "decided" && !needing.includes(one));
  if (!inspections.length) return <p class="empty">{t("day.empty")}</p>;
  return (
    <>
      {needing.length > 0 && (
        <section class="needs">
          <h2>
            <Icon name="hand" /> {t("day.needs")}
          </h2>
          <List inspections={needing} today={today} />
        </section>
      )}
      {places.map((place) => (
        <section key={place}>
          <h2>{place || t("day.no_place")}</h2>
          <List inspections={rest.filter((one) => placeOf(one) === place)} today={today} />
        </section>
      ))}
      {decided.length > 0 && (
        <details class="decided">
          <summary>{count("day.decided_one", "day.decided", decided.length)}</summary>
          <List inspections={decided} today={today} />
        </details>
      )}
    </>
  );
}

const placeOf = (one: FloorInspection): string => one.place || one.line?.name || one.supplier?.name || "";

function List({ inspections, today }: { inspections: readonly FloorInspection[]; today: string }) {
  const inOrder = [...inspections].sort((a, b) => (a.planned_on === b.planned_on ? (a.code < b.code ? -1 : 1) : a.planned_on < b.planned_on ? -1 : 1));
  return (
    <ul class="work">
      {inOrder.map((one) => (
        <Row key={one.id} one={one} today={today} />
      ))}
    </ul>
  );
}

function Row({ one, today }: { one: FloorInspection; today: string }) {
  const handle = floor.inspection(one.id);
  const status = handle.status.value;
  const progress = one.state === "decided" ? null : progressOf(one, handle.state.value);
  return (
    <li>
      <button type="button" class="btn work-row" onClick={() => go("i", one.id)}>
        <span class="work-head">
          <strong>{inLanguage(one.stage_name.en, one.stage_name.bn)}</strong>
          <span class="method">{t(`method.${one.method}`)}</span>
        </span>
        <span class="work-what">
          {one.order.po_number} · {one.style.code} {inLanguage(one.style.name, one.style.name_bn)}
          {one.line && ` · ${one.line.name}`}
        </span>
        {one.planned_on !== today && <span class={one.planned_on < today ? "late" : "help"}>{one.planned_on < today ? t("day.late", { day: dayOf(one.planned_on) }) : dayOf(one.planned_on)}</span>}
        <span class="work-foot">
          <StatusChip status={status} />
          {progress && <span class="work-progress">{progress.of ? t("progress.of", { done: progress.done, of: progress.of }) : t("pieces.n", { n: progress.done })}</span>}
        </span>
        {progress && progress.of > 0 && <Progress value={progress.done} most={progress.of} label={t("progress.label")} />}
      </button>
    </li>
  );
}
