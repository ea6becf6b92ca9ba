// A checklist: one question after the other, conditions opening what depends on them, photos where they are wanted.
import { useState } from "preact/hooks";
import { Icon, type IconName } from "../icon";
import type { InspectionHandle, Item } from "../floor";
import { Button, Card, Field, Progress } from "../parts";
import { digits, inAscii, labelled, t } from "../text";
import { sectionWord } from "../inspection/history";
import { PhotoField, photosOf, Strip } from "../inspection/photos";
import { Scan } from "../inspection/scan";
import { keep, takeBack, useRecord, type PartProps } from "../inspection/use";
import { FIELD, isFailing, isNumber, valueOf, visibleItems, type Answer } from "./asked";

const REPLIES: readonly (readonly ["yes" | "no" | "na", IconName])[] = [["yes", "circleCheck"], ["no", "circleX"], ["na", "minus"]];

export function Checklist({ handle }: PartProps) {
  const state = handle.state.value;
  const answerOf = (key: string): Answer => state.value("item_answered", key);
  const items = visibleItems(handle.detail.value.checklist.items ?? [], answerOf);
  const done = items.filter((item) => valueOf(item, answerOf(item.key))).length;
  const sections = [...new Set(items.map((item) => item.section))];
  const onwards = (key: string): void => {
    const later = [...document.querySelectorAll<HTMLElement>(".question")];
    const place = later.findIndex((one) => one.dataset.key === key);
    const next = later.slice(place + 1).find((one) => one.dataset.open !== undefined);
    next?.scrollIntoView({ block: "center", behavior: "instant" });
  };
  return (
    <>
      {sections.map((section) => (
        <Card key={section} title={sectionWord(section)}>
          <ul class="asks">
            {items
              .filter((item) => item.section === section)
              .map((item) => (
                <Question key={item.key} handle={handle} item={item} onAnswered={() => onwards(item.key)} />
              ))}
          </ul>
        </Card>
      ))}
      {!items.length && <p class="empty">{t("checklist.none")}</p>}
      <div class="tap-bar progress-line">
        <strong aria-live="polite">{t("progress.of", { done, of: items.length })}</strong>
        <Progress value={done} most={items.length} label={t("progress.label")} />
      </div>
    </>
  );
}

function Question({ handle, item, onAnswered }: { handle: InspectionHandle; item: Item; onAnswered: () => void }) {
  const kept = useRecord(handle, (state) => state.value("item_answered", item.key), [item.key]);
  // Shown at the tap; the record follows.
  const [pressed, setPressed] = useState("");
  const value = pressed || valueOf(item, kept);
  const [typed, setTyped] = useState<string | null>(null);
  const [note, setNote] = useState(String(kept?.note ?? ""));
  const [photos, setPhotos] = useState<Blob[]>([]);
  const [isOpen, setOpen] = useState(false);
  const failing = isFailing(item, value);
  const lacksPhoto = item.kind !== "photo" && Boolean(value) && (item.needs_photo === "always" || (item.needs_photo === "on_fail" && failing)) && !photosOf(kept).length;
  const save = async (given: string): Promise<void> => {
    const body = { item: item.key, ...(item.kind === "photo" ? {} : { [FIELD[item.kind]]: given }), note: note.trim(), photos: photosOf(kept) };
    const isBad = isFailing(item, given);
    setPressed(given);
    const supersedes = handle.state.peek().heads("item_answered", item.key);
    const event = await keep(handle, "item_answered", body, { supersedes, photos, quiet: true, feel: isBad ? "bad" : "ok" });
    setPressed("");
    if (!event) return;
    setPhotos([]);
    setTyped(null);
    const wantsPhoto = (item.needs_photo === "always" || (item.needs_photo === "on_fail" && isBad)) && !photosOf(event.body).length;
    if (wantsPhoto) setOpen(true);
    else if (!isOpen) setTimeout(onAnswered, 60);
  };
  return (
    <li class={`ask question${failing ? " is-failing ask-fail" : value ? " ask-pass" : ""}`} data-key={item.key} {...(value ? {} : { "data-open": "" })}>
      <fieldset>
        <legend>
          {labelled(item)} {item.is_required === false && <span class="help">{t("optional")}</span>}
          {item.is_auto_fail && (
            <span class="stops">
              <Icon name="hand" /> {t("checklist.stops")}
            </span>
          )}
        </legend>
        <Reply item={item} value={value} typed={typed} onType={setTyped} onSave={(given) => void save(given)} handle={handle} photos={photos} onPhotos={setPhotos} kept={photosOf(kept)} />
      </fieldset>
      {failing && <p class="wrong">{t(item.is_auto_fail ? "checklist.fails_all" : item.severity_on_fail === "hold" ? "checklist.holds" : "checklist.fails")}</p>}
      {item.kind !== "photo" && (
        <>
          <Strip handle={handle} digests={photosOf(kept)} />
          <details open={isOpen || lacksPhoto} onToggle={(event) => setOpen(event.currentTarget.open)}>
            <summary>{lacksPhoto ? <span class="wrong">{t("checklist.photo_wanted")}</span> : t("checklist.more")}</summary>
            <Field label={t("note")} value={note} onInput={setNote} area max={1000} />
            <PhotoField photos={photos} onChange={setPhotos} />
            <div class="row">
              <Button icon="check" disabled={!value} onClick={() => void save(value)}>
                {t("save")}
              </Button>
              {kept && (
                <Button icon="back" onClick={() => takeBackAnswer(handle, item.key)}>
                  {t("undo")}
                </Button>
              )}
            </div>
            {!value && <p class="help">{t("checks.then")}</p>}
          </details>
        </>
      )}
    </li>
  );
}

function takeBackAnswer(handle: InspectionHandle, item: string): void {
  const state = handle.state.peek();
  const head = state.heads("item_answered", item).flatMap((id) => state.known.get(id) ?? [])[0];
  if (head) void takeBack(handle, head);
}

interface ReplyProps {
  item: Item;
  value: string;
  typed: string | null;
  onType: (text: string) => void;
  onSave: (value: string) => void;
  handle: InspectionHandle;
  photos: readonly Blob[];
  onPhotos: (photos: Blob[]) => void;
  kept: readonly string[];
}

function Reply({ item, value, typed, onType, onSave, handle, photos, onPhotos, kept }: ReplyProps) {
  if (item.kind === "yes_no_na") {
    return (
      <div class="replies replies-three">
        {REPLIES.map(([code, icon]) => (
          <button type="button" key={code} class={`btn reply reply-${item.failing?.includes(code) ? "fail" : code}`} aria-pressed={value === code} onClick={() => onSave(code)}>
            <Icon name={icon} />
            <span>{t(`answer.${code}`)}</span>
          </button>
        ))}
      </div>
    );
  }
  if (item.kind === "choice") {
    return (
      <div class="replies replies-choice">
        {(item.choices ?? []).map((choice) => {
          const code = typeof choice === "string" ? choice : choice.value;
          return (
            <button type="button" key={code} class="btn reply reply-choice" aria-pressed={value === code} onClick={() => onSave(code)}>
              {typeof choice === "string" ? choice : labelled(choice)}
            </button>
          );
        })}
      </div>
    );
  }
  if (item.kind === "photo") {
    return (
      <>
        <PhotoField photos={photos} onChange={onPhotos} />
        <Strip handle={handle} digests={kept} />
        {photos.length > 0 && (
          <Button icon="check" kind="main" wide onClick={() => onSave("")}>
            {t("photo.keep")}
          </Button>
        )}
      </>
    );
  }
  const text = typed ?? value;
  const plain = item.kind === "number" ? inAscii(text.trim()).replace(",", ".") : text.trim();
  const isBad = item.kind === "number" && plain !== "" && !isNumber(plain);
  const save = (): void => {
    if (plain && !isBad) onSave(plain);
  };
  return (
    <>
      {item.kind === "barcode" ? (
        <Scan label={labelled(item)} value={text} onInput={onType} onScan={onSave} />
      ) : (
        <Field label={labelled(item)} hideLabel value={text} onInput={onType} mode={item.kind === "number" ? "decimal" : "text"} area={item.kind === "text"} max={item.kind === "text" ? 2000 : 16} onEnter={save} {...(item.unit ? { unit: item.unit } : {})} wrong={isBad ? t("measure.unreadable") : undefined} />
      )}
      {item.kind === "number" && <Range item={item} value={isBad ? "" : plain} />}
      {typed !== null && plain !== value && (
        <Button icon="check" kind="main" wide disabled={!plain || isBad} onClick={save}>
          {t("save")}
        </Button>
      )}
    </>
  );
}

function Range({ item, value }: { item: Item; value: string }) {
  const [least, most] = [item.min ?? null, item.max ?? null];
  if (least === null && most === null) return null;
  const words = least !== null && most !== null ? `${least}–${most}` : least !== null ? `≥ ${least}` : `≤ ${most}`;
  const isOut = isFailing(item, value);
  return (
    <p class="help">
      {t("checklist.range", { range: `${digits(words)} ${item.unit ?? ""}`.trim() })}{" "}
      {value && <strong class={isOut ? "deviation is-above" : "deviation is-ok"}>{t(isOut ? "checklist.outside" : "checklist.inside")}</strong>}
    </p>
  );
}
