// Signing by finger and PIN, then handing in: the signature binds to the record as it stands.
import { signal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import SignaturePad from "signature_pad";
import { floor, go, tell } from "../app";
import { feel } from "../feel";
import type { InspectionHandle } from "../floor";
import { Button, Card, Chips, Field, Notice, PinPad, Sheet, useTask } from "../parts";
import { clock, count, t } from "../text";
import { wordsOfWrongPin } from "../unlock";
import { pathOf } from "./stroke";
import { concludedSections, sectionsOf } from "../sections";
import { standingOf } from "./verdict";

// What was signed since the app was opened, where the core does not say.
const signedHere = signal<ReadonlyMap<string, string>>(new Map());
const handedHere = signal<ReadonlySet<string>>(new Set());

export function isHandedIn(handle: InspectionHandle): boolean {
  return handle.state.value.submission !== null || (handle.handedIn?.value ?? handedHere.value.has(handle.pk));
}

export function Sign({ handle }: { handle: InspectionHandle }) {
  const state = handle.state.value;
  const signatures = state.ofKind("signed");
  const own = signatures.filter((entry) => entry.heads.some((head) => head.by === floor.session.value?.person.id));
  const isCurrent = (handle.signedHash?.value ?? signedHere.value.get(handle.pk)) === state.contentHash || own.some((entry) => entry.value !== null && state.isCurrent(entry.value));
  const { busy, wrong, run } = useTask();
  const submit = (): void =>
    void run(async () => {
      await handle.submit();
      handedHere.value = new Set(handedHere.value).add(handle.pk);
      feel("ok");
      go("i", handle.pk);
      tell(t("sign.submitted"));
    });
  if (isHandedIn(handle)) return <Notice kind="good" icon="shield">{t("inspection.submitted")}</Notice>;
  return (
    <>
      <h2>{t("sign.title")}</h2>
      <Open handle={handle} />
      {own.map((entry) => (
        <p key={entry.headIds.join()} class="signed-line">
          {t(entry.value && state.isCurrent(entry.value) ? "sign.by" : "sign.stale", { name: String(entry.value?.printed_name ?? ""), at: clock(entry.heads[0]?.at ?? "") })}
        </p>
      ))}
      {isCurrent ? (
        <Card class="pad">
          <Notice kind="good" icon="signature">
            {t("sign.done")}
          </Notice>
          <Button kind="main" wide icon="upload" disabled={busy} onClick={submit}>
            {t("sign.submit")}
          </Button>
          <p class="help">{t("sign.submit_help")}</p>
          {wrong && <Notice kind="wrong">{wrong}</Notice>}
        </Card>
      ) : (
        <SignForm handle={handle} />
      )}
    </>
  );
}

// What is still open is said before the signature, not after it.
function Open({ handle }: { handle: InspectionHandle }) {
  const one = handle.detail.value;
  const state = handle.state.value;
  const open = one.method === "aql" ? concludedSections(one).filter((section) => !state.value("section_concluded", section)).length : 0;
  const unanswered = one.method === "aql" ? sectionsOf(one).reduce((all, section) => all + standingOf(one, state, section).open, 0) : 0;
  if (!open && !unanswered && !state.conflicts.length) return null;
  return (
    <Notice kind="warning" icon="clock">
      <strong>{t("sign.open")}</strong>
      {open > 0 && <p>{count("sign.sections_one", "sign.sections", open)}</p>}
      {unanswered > 0 && <p>{count("sign.checks_one", "sign.checks", unanswered)}</p>}
      {state.conflicts.length > 0 && <p>{t("needs.conflict")}</p>}
    </Notice>
  );
}

function SignForm({ handle }: { handle: InspectionHandle }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const pad = useRef<SignaturePad | null>(null);
  const [isDrawn, setDrawn] = useState(false);
  const [meaning, setMeaning] = useState<"recorded" | "own">("recorded");
  const [words, setWords] = useState("");
  const [asks, setAsks] = useState(false);
  const { busy, wrong, run } = useTask();
  useEffect(() => {
    const box = canvas.current;
    if (!box) return;
    [box.width, box.height] = [box.clientWidth, box.clientHeight];
    pad.current = new SignaturePad(box, { minWidth: 1, maxWidth: 2.6, penColor: getComputedStyle(box).color });
    pad.current.addEventListener("endStroke", () => setDrawn(true));
    return () => pad.current?.off();
  }, []);
  const said = meaning === "recorded" ? t("sign.meaning") : words.trim();
  const sign = (pin: string): void =>
    void run(async () => {
      try {
        await handle.sign(pin, said, pathOf(pad.current?.toData() ?? [], canvas.current?.width ?? 0, canvas.current?.height ?? 0));
      } catch (error) {
        feel("bad");
        throw new Error(wordsOfWrongPin(error));
      }
      signedHere.value = new Map(signedHere.value).set(handle.pk, handle.state.value.contentHash);
      feel("ok");
      setAsks(false);
      tell(t("sign.done"));
    });
  return (
    <Card class="pad">
      <p>{t("sign.name", { name: floor.session.value?.person.name ?? "" })}</p>
      <Chips legend={t("sign.means")} options={[["recorded", t("sign.meaning")], ["own", t("sign.own")]]} value={meaning} onPick={setMeaning} class="chips-block" />
      {meaning === "own" && <Field label={t("sign.own_words")} value={words} onInput={setWords} max={300} />}
      <p class="pad-label" id="pad-label">
        {t("sign.finger")}
      </p>
      <div class="sign-box">
        <canvas ref={canvas} role="img" aria-labelledby="pad-label" />
        <Button
          icon="back"
          label={t("sign.clear")}
          disabled={!isDrawn}
          onClick={() => {
            pad.current?.clear();
            setDrawn(false);
          }}
        />
      </div>
      <Button kind="main" wide icon="signature" disabled={said.length < 3} onClick={() => setAsks(true)}>
        {t("sign.do")}
      </Button>
      {!isDrawn && <p class="help">{t("sign.finger_help")}</p>}
      {asks && (
        <Sheet title={t("sign.pin")} onClose={() => setAsks(false)}>
          <PinPad length={floor.session.value?.policy.digits ?? 6} busy={busy} wrong={wrong} onDone={sign} label={t("sign.pin")} />
        </Sheet>
      )}
    </Card>
  );
}
