// Acceptance sampling: the live bars against Ac and Re, the sections, and the screens of each.
import { go } from "../app";
import { Icon } from "../icon";
import { Button, Notice } from "../parts";
import { count, digits, num, severityWord, t, type Key } from "../text";
import { countDefects, type SeverityCount } from "../../rules/counting";
import { planLines } from "../../rules/sampling";
import { readiness } from "../../rules/readiness";
import { sectionWord } from "../inspection/history";
import { MeasureSheet } from "../inspection/measure";
import { keep, type PartProps } from "../inspection/use";
import { planOf, standingOf } from "../inspection/verdict";
import { concludedSections, type Section } from "../sections";
import { Defects } from "./aql_defects";
import { Draw } from "./aql_draw";
import { Quantity } from "./aql_quantity";
import { Checks, Conclude } from "./aql_checks";

export function Aql({ handle, path }: PartProps) {
  const [part = "", section = ""] = path;
  if (part === "draw") return <Draw handle={handle} />;
  if (part === "section") return <SectionScreen handle={handle} section={section as Section} />;
  return <Home handle={handle} />;
}

function SectionScreen({ handle, section }: { handle: PartProps["handle"]; section: Section }) {
  return (
    <>
      <h2>{sectionWord(section)}</h2>
      {section === "quantity" && <Quantity handle={handle} />}
      {section === "workmanship" && (
        <>
          <Bars handle={handle} isSmall />
          <Defects handle={handle} />
        </>
      )}
      {section === "measurement" && <MeasureSheet handle={handle} />}
      <Checks handle={handle} section={section} />
      <Conclude handle={handle} section={section} />
      <NextSection handle={handle} section={section} />
    </>
  );
}

function NextSection({ handle, section }: { handle: PartProps["handle"]; section: Section }) {
  const all = concludedSections(handle.detail.value);
  const next: Section | undefined = all[all.findIndex((name) => name === section) + 1];
  return (
    <Button wide icon="arrowRight" onClick={() => (next ? go("i", handle.pk, "section", next) : go("i", handle.pk, "sign"))}>
      {next ? t("section.next", { section: sectionWord(next) }) : t("sign.title")}
    </Button>
  );
}

function Home({ handle }: { handle: PartProps["handle"] }) {
  const one = handle.detail.value;
  const state = handle.state.value;
  const plan = planOf(one);
  const ready = readiness(state, one.ordered, one.lot_size, one.rules);
  const opened = state.cartonsOpened.length;
  return (
    <>
      <Bars handle={handle} />
      <SecondSample handle={handle} />
      <div class="pair aql-acts">
        <Button kind="main" icon="plus" wide onClick={() => go("i", handle.pk, "section", "workmanship")}>
          {t("defect.add")}
        </Button>
        <Button icon={ready.isReady ? "check" : "lock"} wide onClick={() => go("i", handle.pk, ready.isReady ? "draw" : "section", ...(ready.isReady ? [] : ["quantity"]))}>
          {ready.isReady ? (one.drawn.length ? t("draw.progress", { done: opened, of: one.drawn.length }) : t("draw.title")) : t("draw.locked")}
        </Button>
      </div>
      <ul class="sections">
        {concludedSections(one).map((name) => (
          <SectionRow key={name} handle={handle} section={name} />
        ))}
      </ul>
      {plan && (
        <details class="plan">
          <summary>{t("plan.title")}</summary>
          <table>
            <thead>
              <tr>
                <th>{t("plan.severity")}</th>
                <th>{t("plan.aql")}</th>
                <th>{t("plan.letter")}</th>
                <th>{t("plan.sample")}</th>
                <th>{t("plan.ac_re")}</th>
              </tr>
            </thead>
            <tbody>
              {planLines(plan).map((line) => (
                <tr key={line.severity}>
                  <td>{severityWord(line.severity)}</td>
                  <td>{digits(line.aql)}</td>
                  <td>{line.letter}</td>
                  <td>{line.samples.map((sample) => num(sample.size)).join(" + ")}</td>
                  <td>{line.samples.map((sample) => `${num(sample.accept)} / ${num(sample.reject)}`).join(" · ")}</td>
                </tr>
              ))}
            </tbody>
          </table>
          <p class="help">{t("plan.level", { level: plan.level, lot: plan.lot_size })}</p>
        </details>
      )}
    </>
  );
}

function SectionRow({ handle, section }: { handle: PartProps["handle"]; section: Section }) {
  const { verdict, open, of } = standingOf(handle.detail.value, handle.state.value, section);
  return (
    <li>
      <button type="button" class="btn link-row" onClick={() => go("i", handle.pk, "section", section)}>
        <span>
          {sectionWord(section)}
          {of > 0 && <small>{open ? t("progress.of", { done: of - open, of }) : t("checks.all")}</small>}
        </span>
        {verdict ? <Verdict verdict={verdict} /> : <span class="verdict verdict-open">{t("verdict.open")}</span>}
        <Icon name="chevron" />
      </button>
    </li>
  );
}

export function Verdict({ verdict }: { verdict: string }) {
  const icon = verdict === "pass" ? "circleCheck" : verdict === "fail" ? "circleX" : verdict === "hold" ? "hand" : verdict === "na" ? "minus" : "clock";
  return (
    <span class={`verdict verdict-${verdict}`}>
      <Icon name={icon} />
      {t(`verdict.${verdict}` as Key)}
    </span>
  );
}

// Found against Ac and Re, severity by severity; read out when it changes.
export function Bars({ handle, isSmall = false }: { handle: PartProps["handle"]; isSmall?: boolean }) {
  const one = handle.detail.value;
  const plan = planOf(one);
  if (!plan) return null;
  return (
    <section class={isSmall ? "bars bars-small" : "bars"} aria-live="polite" aria-label={t("bars.title")}>
      {countDefects(handle.state.value, plan, one.rules).map((counted) => (
        <Bar key={counted.severity} counted={counted} />
      ))}
    </section>
  );
}

function Bar({ counted }: { counted: SeverityCount }) {
  const { severity, found, accept, reject, isRejected, left, needsSecondSample } = counted;
  const words = isRejected ? t("bars.rejected") : needsSecondSample ? t("bars.second") : left === null ? "" : left === 0 ? t(accept === 0 ? "bars.none_allowed" : "bars.none_left") : count("bars.left_one", "bars.left", left);
  return (
    <div class={`bar bar-${severity}${isRejected ? " is-rejected" : left === 0 && found ? " is-last" : ""}`}>
      <span class="bar-name">{severityWord(severity)}</span>
      <strong class="bar-found">{num(found)}</strong>
      <span class="bar-limits">{accept === null || reject === null ? "" : t("bars.ac_re", { ac: accept, re: reject })}</span>
      <span class="bar-track" aria-hidden="true">
        <i style={{ width: `${reject ? Math.min(100, (found * 100) / reject) : 0}%` }} />
      </span>
      <span class="bar-words">
        {isRejected && <Icon name="circleX" />}
        {words}
      </span>
    </div>
  );
}

function SecondSample({ handle }: { handle: PartProps["handle"] }) {
  const one = handle.detail.value;
  const plan = planOf(one);
  const state = handle.state.value;
  if (!plan || state.value("second_sample_started") || !countDefects(state, plan, one.rules).some((counted) => counted.needsSecondSample)) return null;
  return (
    <Notice kind="warning">
      <p>{t("second.help")}</p>
      <Button kind="main" onClick={() => void keep(handle, "second_sample_started", {}, { supersedes: state.heads("second_sample_started") })}>
        {t("second.start")}
      </Button>
    </Notice>
  );
}

