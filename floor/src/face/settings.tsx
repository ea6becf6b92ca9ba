// How this phone speaks and looks, what it holds, and leaving it.
import { useRef, useState } from "preact/hooks";
import { floor, go, told } from "./app";
import { feel } from "./feel";
import type { TakenBack } from "../core";
import type { Settings, Unsent } from "./floor";
import { Button, Card, Chips, Notice, Progress, Tick, useTask } from "./parts";
import { loadWords, megabytes, num, t } from "./text";
import { saveUnsent } from "./unlock";

function set(change: Partial<Settings>): void {
  floor.settings.value = { ...floor.settings.value, ...change };
}

export function SettingsScreen() {
  const { language, digits, sound, vibration, contrast, theme } = floor.settings.value;
  return (
    <main class="page">
      <h1>{t("settings")}</h1>
      <Card class="pad">
        <Chips legend={t("settings.language")} options={[["bn", "বাংলা"], ["en", "English"]]} value={language} onPick={(next) => void loadWords(next).then(() => (set({ language: next }), (told.value = null)))} />
        {language === "bn" && <Chips legend={t("settings.digits")} options={[["beng", "১২৩"], ["latn", "123"]]} value={digits} onPick={(next) => set({ digits: next })} />}
        <Chips legend={t("settings.theme")} options={[["auto", t("settings.auto")], ["light", t("settings.light")], ["dark", t("settings.dark")]]} value={theme} onPick={(next) => set({ theme: next })} />
        <Chips legend={t("settings.contrast")} options={[["normal", t("settings.normal")], ["strong", t("settings.strong")]]} value={contrast} onPick={(next) => set({ contrast: next })} />
        <Tick label={t("settings.sound")} checked={sound} onChange={(next) => (set({ sound: next }), next && feel("ok"))} />
        <Tick label={t("settings.vibration")} checked={vibration} onChange={(next) => (set({ vibration: next }), next && feel("ok"))} />
      </Card>
      <Holding />
      <Saved />
      <Leaving />
    </main>
  );
}

function Holding() {
  const { used, quota, low, persisted } = floor.storage.value;
  return (
    <Card title={t("settings.phone")} class="pad">
      <p>{floor.device.value?.name}</p>
      <p>{t("settings.used", { used: megabytes(used), of: megabytes(quota) })}</p>
      <Progress value={used} most={quota} label={t("settings.space")} />
      {low && <Notice kind="warning">{t("trouble.space_more")}</Notice>}
      {!persisted && <p class="help">{t("settings.not_kept")}</p>}
      <p class="help">{t("settings.wipe_days", { n: floor.session.value?.policy.wipe_days ?? 14 })}</p>
      <Button icon="upload" disabled={!floor.online.value} onClick={() => floor.syncNow()}>
        {t("settings.sync")}
      </Button>
    </Card>
  );
}

// Work that was saved as a file, here or on a phone that was cleared since, goes to the server from here.
function Saved() {
  const { busy, wrong, run, setWrong } = useTask();
  const [taken, setTaken] = useState<TakenBack | null>(null);
  const chooser = useRef<HTMLInputElement>(null);
  const take = (file: File): void => {
    setTaken(null);
    setWrong("");
    void run(async () => setTaken(await floor.takeBack(file)));
  };
  return (
    <Card title={t("saved.title")} class="pad">
      <p class="help">{t("saved.help")}</p>
      <Button icon="upload" disabled={busy} onClick={() => chooser.current?.click()}>
        {t("saved.choose")}
      </Button>
      <input
        ref={chooser}
        hidden
        type="file"
        accept=".json,application/json"
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? [];
          event.currentTarget.value = "";
          if (file) take(file);
        }}
      />
      {taken && (
        <Notice kind="good" icon="circleCheck">
          <p>{t("saved.taken", { events: num(taken.events), photos: num(taken.photos), known: num(taken.known) })}</p>
          {taken.others > 0 && <p>{t("saved.others", { n: num(taken.others) })}</p>}
          {taken.acts > 0 && <p>{t("saved.acts")}</p>}
        </Notice>
      )}
      {wrong && <Notice kind="wrong">{wrong}</Notice>}
    </Card>
  );
}

function Leaving() {
  const [unsent, setUnsent] = useState<Unsent | null>(null);
  const { busy, wrong, run } = useTask();
  const leave = (isConfirmed: boolean): void =>
    void run(async () => {
      const left = await floor.signOut(isConfirmed);
      setUnsent(left);
      if (!left) go("unlock");
    });
  return (
    <Card title={t("leave.title")} class="pad">
      <p class="help">{t("leave.help")}</p>
      {!unsent && (
        <Button icon="x" disabled={busy} onClick={() => leave(false)}>
          {t("leave.do")}
        </Button>
      )}
      {unsent && (
        <Notice kind="warning">
          <strong>{t("leave.unsent")}</strong>
          <p>{t("leave.unsent_what", { inspections: num(unsent.inspections), events: num(unsent.events), photos: num(unsent.photos) })}</p>
          <div class="row">
            <Button icon="download" onClick={() => void saveUnsent()}>
              {t("trouble.save")}
            </Button>
            <Button icon="trash" kind="danger" onClick={() => leave(true)}>
              {t("leave.anyway")}
            </Button>
            <Button onClick={() => setUnsent(null)}>{t("leave.stay")}</Button>
          </div>
        </Notice>
      )}
      {wrong && <Notice kind="wrong">{wrong}</Notice>}
    </Card>
  );
}
