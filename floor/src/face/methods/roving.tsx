// Rounds on the line: operator by operation, the colour before it is saved, whom to visit next.
import { useEffect, useState } from "preact/hooks";
import type { InspectionHandle, LibraryDefect, RecordedEvent, Severity } from "../floor";
import { go } from "../app";
import { Icon, type IconName } from "../icon";
import { Button, Card, Chips, Field, Notice, Stepper, Tick } from "../parts";
import { clock, count, num, severityWord, t, type Key } from "../text";
import { colourOf, defectsIn, LIGHT, lightsOf, type Colour, type Light, type OperatorLight, type Visit } from "../../rules/roving";
import { lineOf } from "../inspection/history";
import { PhotoField } from "../inspection/photos";
import { Tiles } from "../inspection/tiles";
import { defectNamed, keep, severityOf, takeBack, type PartProps } from "../inspection/use";

interface Found {
  readonly code: string;
  readonly severity: Severity;
  readonly count: number;
}

const COLOUR_ICON: Record<Colour, IconName> = { red: "circleX", yellow: "alert", blue: "hand", green: "circleCheck" };

export function lightOf(handle: InspectionHandle): Light {
  const kept = handle.detail.value.rules.stage ?? {};
  const chosen = Object.fromEntries(["sample_n", "yellow_at", "red_at", "revisit_minutes", "on_red"].filter((name) => kept[name]).map((name) => [name, kept[name]]));
  return { ...LIGHT, ...chosen } as Light;
}

export function visitsOf(handle: InspectionHandle): (Visit & { event: RecordedEvent })[] {
  return handle.state.value.ofKind("operator_checked").flatMap((entry) => {
    const head = entry.heads[entry.heads.length - 1];
    return entry.value && head ? [{ ...(entry.value as unknown as Visit), at: head.at, event: head }] : [];
  });
}

export function Roving({ handle, path }: PartProps) {
  return path[0] === "visit" ? <VisitForm key={path.join("/")} handle={handle} operator={path[1] ?? ""} operation={path[2] ?? ""} machine={path[3] ?? ""} /> : <Board handle={handle} />;
}

function Light1({ colour }: { colour: Colour }) {
  return (
    <span class={`light light-${colour}`}>
      <Icon name={COLOUR_ICON[colour]} /> {t(`colour.${colour}`)}
    </span>
  );
}

function Board({ handle }: { handle: InspectionHandle }) {
  const [now, setNow] = useState(Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 30_000);
    return () => clearInterval(timer);
  }, []);
  const visits = visitsOf(handle);
  const lights = lightsOf(visits, lightOf(handle));
  const visited = new Set(lights.map((one) => `${one.operator}|${one.operation}`));
  const open = (handle.detail.value.places ?? []).filter((one) => !visited.has(`${one.operator}|${one.operation}`));
  const inTurn = [...lights].sort((a, b) => Number(b.colour === "red") - Number(a.colour === "red") || (a.dueAt ?? Infinity) - (b.dueAt ?? Infinity));
  const visit = (one: { operator: string; operation: string; machine?: string }): void => go("i", handle.pk, "visit", one.operator, one.operation, ...(one.machine ? [one.machine] : []));
  return (
    <>
      <Button kind="main" wide icon="plus" onClick={() => go("i", handle.pk, "visit")}>
        {t("roving.new")}
      </Button>
      <h2>{t("roving.whom")}</h2>
      <ul class="work">
        {inTurn.map((one) => (
          <li key={`${one.operator}|${one.operation}`}>
            <button type="button" class="btn work-row" onClick={() => visit(one)}>
              <span class="work-head">
                <strong>
                  {one.operator} · {one.operation}
                </strong>
                <Light1 colour={one.colour} />
              </span>
              <span class="work-what">
                {[one.machine, t("roving.round", { n: one.history.length }), t("roving.of", { defects: num(one.defects), pieces: num(one.pieces) })].filter(Boolean).join(" · ")}
              </span>
              <Due one={one} now={now} />
            </button>
            {one.openActions.length > 0 && <ToDo handle={handle} one={one} visits={visits} />}
          </li>
        ))}
        {open.map((one) => (
          <li key={`${one.operator}|${one.operation}`}>
            <button type="button" class="btn work-row" onClick={() => visit(one)}>
              <span class="work-head">
                <strong>
                  {one.operator} · {one.operation}
                </strong>
              </span>
              <span class="work-what help">{[one.machine, t("roving.not_yet")].filter(Boolean).join(" · ")}</span>
            </button>
          </li>
        ))}
      </ul>
      {visits.length > 0 && (
        <Card title={t("roving.visits")}>
          <ul class="lines">
            {[...visits].reverse().slice(0, 30).map((one) => (
              <li key={one.event.id}>
                <span class="num">{clock(one.event.at)}</span>
                <span>
                  <Light1 colour={colourOf(one, lightOf(handle))} /> {lineOf(one.event)}
                </span>
                <Button icon="back" label={t("history.undo", { what: `${one.operator} ${one.operation}` })} onClick={() => void takeBack(handle, one.event)} />
              </li>
            ))}
          </ul>
        </Card>
      )}
    </>
  );
}

// What red demands, ticked off by one tap: the visit is said anew with what was done.
function ToDo({ handle, one, visits }: { handle: InspectionHandle; one: OperatorLight; visits: ReturnType<typeof visitsOf> }) {
  const here = visits.filter((visit) => visit.operator === one.operator && visit.operation === one.operation);
  const visit = here.filter((other) => colourOf(other, lightOf(handle)) === "red").pop();
  if (!visit) return null;
  const did = (action: string): void => {
    const body = { ...visit.event.body, actions: [...new Set([...(visit.actions ?? []), action])].sort() };
    void keep(handle, "operator_checked", body, { supersedes: [visit.event.id], words: t(`action.${action}` as Key) });
  };
  return (
    <div class="to-do">
      <p class="wrong">{t("roving.to_do")}</p>
      {one.openActions.map((action) => (
        <Button key={action} icon="check" onClick={() => did(action)}>
          {t(`action.${action}` as Key)}
        </Button>
      ))}
    </div>
  );
}

function Due({ one, now }: { one: OperatorLight; now: number }) {
  if (one.dueAt === null) return null;
  const isLate = one.dueAt < now;
  return <span class={isLate ? "late" : "help"}>{t(isLate ? "roving.overdue" : "roving.due", { at: clock(one.dueAt) })}</span>;
}

function VisitForm({ handle, operator: first, operation: firstOperation, machine: firstMachine }: { handle: InspectionHandle; operator: string; operation: string; machine: string }) {
  const light = lightOf(handle);
  const [operator, setOperator] = useState(first);
  const [operation, setOperation] = useState(firstOperation);
  const [machine, setMachine] = useState(firstMachine);
  const [pieces, setPieces] = useState(light.sample_n);
  const [found, setFound] = useState<readonly Found[]>([]);
  const [isOut, setOut] = useState(false);
  const [actions, setActions] = useState<readonly string[]>([]);
  const [note, setNote] = useState("");
  const [photos, setPhotos] = useState<Blob[]>([]);
  const [wrong, setWrong] = useState("");
  const visits = visitsOf(handle);
  const places = [...visits, ...(handle.detail.value.places ?? [])];
  const round = 1 + visits.filter((one) => one.operator === operator.trim() && one.operation === operation.trim()).reduce((most, one) => Math.max(most, one.round), 0);
  const colour = colourOf({ is_machine_out: isOut, defects: found }, light);
  const add = (defect: LibraryDefect): void => {
    const before = found.find((one) => one.code === defect.code);
    setFound(before ? found.map((one) => (one === before ? { ...one, count: one.count + 1 } : one)) : [...found, { code: defect.code, severity: severityOf(handle.detail.value, defect.code, ""), count: 1 }]);
  };
  const save = async (): Promise<void> => {
    if (!operator.trim() || !operation.trim()) return setWrong(t("roving.who_wanted"));
    const body = {
      round: Math.min(round, 48), operator: operator.trim(), operation: operation.trim(), machine: machine.trim(), pieces: isOut ? 0 : pieces, defects: isOut ? [] : found,
      actions: colour === "red" ? actions : [], is_machine_out: isOut, note: note.trim(),
    };
    if (await keep(handle, "operator_checked", body, { photos, words: t("roving.kept", { colour: t(`colour.${colour}`) }), feel: colour === "red" ? "bad" : "ok" })) go("i", handle.pk);
  };
  return (
    <>
      <h2>{t("roving.visit", { n: round })}</h2>
      <Card class="pad">
        <div class="pair">
          <Field label={t("roving.operator")} value={operator} onInput={setOperator} max={60} list={[...new Set(places.map((one) => one.operator))]} />
          <Field label={t("roving.machine")} value={machine} onInput={setMachine} max={40} />
        </div>
        <Field label={t("roving.operation")} value={operation} onInput={setOperation} max={80} list={[...new Set(places.map((one) => one.operation))]} />
        <Tick label={t("roving.out")} checked={isOut} onChange={setOut} />
        {!isOut && <Stepper label={t("roving.looked")} value={pieces} most={1000} onChange={setPieces} />}
      </Card>
      {!isOut && (
        <Card title={t("endline.defects")} class="pad">
          {found.map((one) => (
            <div key={one.code} class="found-one">
              <strong>{defectNamed(one.code)}</strong>
              <Chips legend={t("plan.severity")} hideLegend options={(["critical", "major", "minor"] as const).map((code) => [code, severityWord(code)] as const)} value={one.severity} onPick={(severity) => setFound(found.map((other) => (other === one ? { ...one, severity } : other)))} class="chips-even" />
              <Stepper label={t("endline.n")} value={one.count} least={0} most={1000} onChange={(n) => setFound(n ? found.map((other) => (other === one ? { ...one, count: n } : other)) : found.filter((other) => other !== one))} />
            </div>
          ))}
          <Tiles handle={handle} onPick={add} kinds={["operator_checked"]} chosen={new Map(found.map((one) => [one.code, one.count]))} />
        </Card>
      )}
      {colour === "red" && (
        <Card title={t("roving.done")} class="pad">
          {["recheck_bundle", "stop_line", "train"].map((action) => (
            <Tick key={action} label={`${t(`action.${action}` as Key)}${light.on_red.includes(action) ? ` · ${t("roving.wanted")}` : ""}`} checked={actions.includes(action)} onChange={(isDone) => setActions(isDone ? [...actions, action].sort() : actions.filter((other) => other !== action))} />
          ))}
        </Card>
      )}
      <Card class="pad">
        <Field label={t("note")} value={note} onInput={setNote} area max={1000} />
        <PhotoField photos={photos} onChange={setPhotos} />
      </Card>
      {wrong && <Notice kind="wrong">{wrong}</Notice>}
      <div class="tap-bar visit-bar">
        <p aria-live="polite" class={`light-now light-${colour}`}>
          <Icon name={COLOUR_ICON[colour]} />
          <span>
            {t(`colour.${colour}`)}
            <small>{isOut ? "" : count("roving.defects_one", "roving.defects", defectsIn({ defects: found }))}</small>
          </span>
        </p>
        <Button kind="main" icon="check" onClick={() => void save()}>
          {t("roving.save")}
        </Button>
      </div>
    </>
  );
}
