// Who is at the phone: the people who signed in on it, and the PIN of the one chosen.
import { useEffect, useState } from "preact/hooks";
import { floor, go, route, tell } from "./app";
import { feel } from "./feel";
import type { Holder } from "./floor";
import { Icon } from "./icon";
import { Button, Notice, PinPad, useTask } from "./parts";
import { count, isBangla, loadWords, sentenceOf, t } from "./text";

export function Unlock() {
  const [holders, setHolders] = useState<Holder[] | null>(null);
  const [chosen, setChosen] = useState<Holder | null>(null);
  const device = floor.device.value;
  // Anew when the device is emptied: who held it before is nobody's business then.
  useEffect(() => {
    let isWanted = true;
    void floor.holders().then((found) => {
      if (!isWanted) return;
      setHolders(found);
      setChosen(found.length === 1 ? (found[0] ?? null) : null);
      if (!found.length) go("enrol");
    });
    return () => void (isWanted = false);
  }, [device]);
  if (!holders) return <main class="door" aria-busy="true" />;
  return (
    <main class="door">
      <header class="door-head">
        <LanguageSwitch />
        {!chosen && (
          <>
            <Seal />
            <h1>{t("unlock.title")}</h1>
            <p class="help">{device?.name}</p>
          </>
        )}
      </header>
      {chosen ? <WithPin person={chosen} others={holders.length > 1} onBack={() => setChosen(null)} /> : <People holders={holders} onChoose={setChosen} />}
      <Button icon="plus" kind="quiet" wide onClick={() => go("enrol")}>
        {t("unlock.add")}
      </Button>
    </main>
  );
}

function People({ holders, onChoose }: { holders: Holder[]; onChoose: (holder: Holder) => void }) {
  return (
    <ul class="people">
      {holders.map((holder) => (
        <li key={holder.id}>
          <button type="button" class="btn person" onClick={() => onChoose(holder)}>
            <Initials name={holder.name} />
            <span>{holder.name}</span>
            <Icon name="chevron" />
          </button>
        </li>
      ))}
    </ul>
  );
}

function WithPin({ person, others, onBack }: { person: Holder; others: boolean; onBack: () => void }) {
  const { busy, wrong, run } = useTask();
  const open = (pin: string): Promise<boolean> =>
    run(async () => {
      try {
        await floor.unlock(person.id, pin);
        feel("ok");
        // After an idle lock one is where one was.
        if (route.value[0] === "unlock") go();
      } catch (error) {
        feel("bad");
        throw new Error(wordsOfWrongPin(error));
      }
    });
  return (
    <section class="with-pin">
      <div class="who">
        <Initials name={person.name} />
        <h1>{person.name}</h1>
        {others && (
          <Button kind="quiet" icon="users" onClick={onBack}>
            {t("unlock.other")}
          </Button>
        )}
      </div>
      <PinPad length={floor.session.value?.policy.digits ?? 6} busy={busy} wrong={wrong} onDone={(pin) => void open(pin)} label={t("unlock.pin")} />
    </section>
  );
}

export function wordsOfWrongPin(error: unknown): string {
  const left = typeof error === "object" && error !== null && "left" in error ? Number(error.left) : null;
  if (left === null) return sentenceOf(error);
  return left > 0 ? count("pin.wrong_one", "pin.wrong_left", left) : t("pin.dropped");
}

export function Initials({ name }: { name: string }) {
  const letters = name
    .split(/\s+/)
    .slice(0, 2)
    .map((word) => [...word][0] ?? "")
    .join("");
  return (
    <span class="initials" aria-hidden="true">
      {letters}
    </span>
  );
}

export function LanguageSwitch() {
  const other = isBangla() ? "en" : "bn";
  const change = async (): Promise<void> => {
    await loadWords(other);
    floor.settings.value = { ...floor.settings.value, language: other };
  };
  return (
    <button type="button" class="btn btn-quiet language" lang={other} onClick={() => void change()}>
      {other === "bn" ? "বাংলা" : "English"}
    </button>
  );
}

export function Seal() {
  return (
    <svg class="seal" viewBox="0 0 48 48" aria-hidden="true">
      <circle cx="24" cy="24" r="21" fill="none" stroke="#b08d3c" stroke-width="2" />
      <circle cx="24" cy="24" r="17.2" fill="#2f3486" />
      <circle cx="24" cy="24" r="14.6" fill="none" stroke="#d9bb70" stroke-dasharray="1.6 2" />
      <path d="M16.5 24.6l5.2 5.2 10.2-11.2" fill="none" stroke="#fff" stroke-width="3.2" stroke-linecap="round" stroke-linejoin="round" />
    </svg>
  );
}

export function Trouble() {
  const trouble = floor.trouble.value;
  const [isSure, setSure] = useState(false);
  if (!trouble) return null;
  if (trouble === "revoked") {
    return (
      <Notice kind="wrong" icon="lock">
        <strong>{t("trouble.revoked")}</strong>
        <p>{t("trouble.revoked_more")}</p>
        <div class="row">
          <Button icon="download" onClick={() => void saveUnsent()}>
            {t("trouble.save")}
          </Button>
          <Button icon="trash" kind="danger" onClick={() => (isSure ? void floor.wipe().then(() => go("enrol")) : setSure(true))}>
            {t(isSure ? "trouble.wipe_sure" : "trouble.wipe")}
          </Button>
        </div>
      </Notice>
    );
  }
  if (trouble === "space") {
    return (
      <Notice kind="warning">
        <strong>{t("trouble.space")}</strong>
        <p>{t("trouble.space_more")}</p>
      </Notice>
    );
  }
  return (
    <Notice kind="warning" icon="user">
      <strong>{t("trouble.signin")}</strong>
      <p>{t("trouble.signin_more")}</p>
      <Button kind="main" onClick={() => go("enrol")}>
        {t("trouble.signin_do")}
      </Button>
    </Notice>
  );
}

// What the server never got, as a file that the office can take in.
export async function saveUnsent(): Promise<void> {
  const file = await floor.exportUnsent().catch((error: unknown) => tell(sentenceOf(error), { isWrong: true }));
  if (!file) return;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(file);
  link.download = `goldseal-floor-${new Date().toISOString().slice(0, 10)}.json`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
