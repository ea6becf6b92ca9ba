// Photos of the whole and remarks, by section.
import { useState } from "preact/hooks";
import { feel } from "../feel";
import { tell } from "../app";
import type { InspectionHandle } from "../floor";
import { Button, Card, Field } from "../parts";
import { inLanguage, sentenceOf, t } from "../text";
import { sectionWord } from "./history";
import { Strip, TakePhoto } from "./photos";
import { keep, takeBack } from "./use";
import { SECTIONS } from "../sections";

export function Remarks({ handle }: { handle: InspectionHandle }) {
  const [section, setSection] = useState<string>("remarks");
  const [text, setText] = useState("");
  const [caption, setCaption] = useState("");
  const state = handle.state.value;
  const photo = async (blob: Blob): Promise<void> => {
    try {
      await handle.addPhoto(blob, section, caption.trim());
      feel("ok");
      tell(t("photo.kept"));
      setCaption("");
    } catch (error) {
      feel("bad");
      tell(sentenceOf(error), { isWrong: true });
    }
  };
  const write = async (): Promise<void> => {
    if (await keep(handle, "remark_written", { section, text: text.trim() })) setText("");
  };
  return (
    <>
      <Card title={t("remarks.title")} class="pad">
        <div class="field">
          <label for="of-section">{t("remarks.section")}</label>
          <select id="of-section" value={section} onChange={(event) => setSection(event.currentTarget.value)}>
            {SECTIONS.map((name) => (
              <option key={name} value={name}>
                {sectionWord(name)}
              </option>
            ))}
          </select>
        </div>
        <Field label={t("photo.caption")} value={caption} onInput={setCaption} max={300} />
        <TakePhoto label={t("photo.take")} onPhoto={(blob) => void photo(blob)} />
      </Card>
      <Card class="pad">
        <Field label={t("remarks.text")} value={text} onInput={setText} area max={4000} />
        <Button icon="check" kind="main" wide disabled={!text.trim()} onClick={() => void write()}>
          {t("remarks.keep")}
        </Button>
      </Card>
      <ul class="lines">
        {[...state.ofKind("remark_written"), ...state.ofKind("photo_attached")].map((entry) => {
          const [head] = entry.heads;
          const body = entry.value ?? entry.candidates[0];
          if (!head || !body) return null;
          return (
            <li key={head.id}>
              <span>
                <strong>{sectionWord(String(body.section))}</strong> {String(body.text ?? inLanguage(String(body.caption_en ?? body.caption_bn ?? ""), String(body.caption_bn ?? "")))}
                {body.sha256 !== undefined && <Strip handle={handle} digests={[String(body.sha256)]} />}
              </span>
              <Button icon="back" label={t("undo")} onClick={() => void takeBack(handle, head)} />
            </li>
          );
        })}
      </ul>
    </>
  );
}
