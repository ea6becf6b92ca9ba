// The checks of a section, one answer per tap, and the person's verdict on the section.
import { useState } from "preact/hooks";
import type { Check, InspectionHandle } from "../floor";
import { Icon, type IconName } from "../icon";
import { Button, Card, Chips, Field } from "../parts";
import { labelled, t } from "../text";
import { keep, useRecord } from "../inspection/use";
import { PhotoField, photosOf, Strip } from "../inspection/photos";
import type { Section } from "../sections";

const ANSWERS: readonly (readonly ["pass" | "fail" | "na" | "hold", IconName])[] = [["pass", "circleCheck"], ["fail", "circleX"], ["hold", "hand"], ["na", "minus"]];

export function Checks({ handle, section }: { handle: InspectionHandle; section: Section }) {
  const checks = (handle.detail.value.checklist[section] ?? []) as readonly Check[];
  if (!checks.length) return null;
  return (
    <Card title={t("checks.title")}>
      <ul class="asks">
        {checks.map((check) => (
          <One key={check.check} handle={handle} section={section} check={check} />
        ))}
      </ul>
    </Card>
  );
}

function One({ handle, section, check }: { handle: InspectionHandle; section: Section; check: Check }) {
  const kept = useRecord(handle, (state) => state.value("check_answered", section, check.check), [section, check.check]);
  // Shown at the tap; the record follows.
  const [pressed, setPressed] = useState("");
  const [isOpen, setOpen] = useState(false);
  const [value, setValue] = useState(String(kept?.value ?? ""));
  const [note, setNote] = useState(String(kept?.note ?? ""));
  const [photos, setPhotos] = useState<Blob[]>([]);
  const answer = async (code: string): Promise<void> => {
    const body = { section, check: check.check, answer: code, value: value.trim(), note: note.trim(), photos: photosOf(kept) };
    setPressed(code);
    const heads = handle.state.peek().heads("check_answered", section, check.check);
    const event = await keep(handle, "check_answered", body, { supersedes: heads, photos, quiet: true, feel: code === "fail" ? "bad" : "ok" });
    setPressed("");
    if (!event) return;
    setPhotos([]);
    if (code === "fail" || code === "hold") setOpen(true);
  };
  const said = pressed || (kept?.answer as string | undefined);
  return (
    <li class={`ask${said ? ` ask-${said}` : ""}`}>
      <fieldset>
        <legend>{labelled(check)}</legend>
        <div class="replies">
          {ANSWERS.map(([code, icon]) => (
            <button type="button" key={code} class={`btn reply reply-${code}`} aria-pressed={said === code} onClick={() => void answer(code)}>
              <Icon name={icon} />
              <span>{t(`verdict.${code}`)}</span>
            </button>
          ))}
        </div>
      </fieldset>
      <Strip handle={handle} digests={photosOf(kept)} />
      <details open={isOpen} onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>{t("checks.more")}</summary>
        <Field label={t("checks.value")} value={value} onInput={setValue} />
        <Field label={t("note")} value={note} onInput={setNote} area max={1000} />
        <PhotoField photos={photos} onChange={setPhotos} />
        {said ? (
          <Button icon="check" wide onClick={() => void answer(said)}>
            {t("save")}
          </Button>
        ) : (
          <p class="help">{t("checks.then")}</p>
        )}
      </details>
    </li>
  );
}

export function Conclude({ handle, section }: { handle: InspectionHandle; section: Section }) {
  const kept = useRecord(handle, (state) => state.value("section_concluded", section), [section]);
  const [pressed, setPressed] = useState("");
  const [remark, setRemark] = useState(String(kept?.remark ?? ""));
  const conclude = async (verdict: string): Promise<void> => {
    setPressed(verdict);
    const supersedes = handle.state.peek().heads("section_concluded", section);
    await keep(handle, "section_concluded", { section, verdict, remark: remark.trim() }, { supersedes, words: t("conclude.kept") });
    setPressed("");
  };
  const said = pressed || String(kept?.verdict ?? "");
  const choices = (["pass", "fail", "hold", ...(section === "quantity" || section === "workmanship" ? [] : (["na"] as const)), "pending"] as const).map((code) => [code, t(`verdict.${code}`)] as const);
  return (
    <Card title={t("conclude.title")} class="pad conclude">
      <Field label={t("conclude.remark")} value={remark} onInput={setRemark} area max={1000} />
      <Chips<string> legend={t("conclude.title")} hideLegend options={choices} value={said} onPick={(verdict) => void conclude(verdict)} class="chips-even" />
      <p class="help">{t("conclude.help")}</p>
    </Card>
  );
}
