// The frame around every screen: who, online or not, and the short line that says what was kept.
import { effect } from "@preact/signals";
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { floor, go, route, tell, told } from "./app";
import { DayScreen } from "./day";
import { Icon } from "./icon";
import { Button } from "./parts";
import { hasWords, loadWords, t } from "./text";
import { Initials, Seal, Trouble, Unlock } from "./unlock";

const LAZY: Record<string, () => Promise<ComponentType>> = {
  enrol: async () => (await import("./enrol")).Enrol,
  settings: async () => (await import("./settings")).SettingsScreen,
  i: async () => (await import("./inspection")).InspectionScreen,
};
const known = new Map<string, ComponentType>();

export function App() {
  if (!hasWords.value) return null;
  const [first = ""] = route.value;
  const isOpen = floor.session.value !== null;
  if (first === "enrol") return <Outside name="enrol" />;
  if (!isOpen) return <Locked />;
  return (
    <>
      <AppBar isHome={first === "" || first === "unlock"} />
      {first === "i" || first === "settings" ? <Later name={first} /> : <DayScreen />}
      <Toast />
    </>
  );
}

function Outside({ name }: { name: string }) {
  return (
    <>
      <Later name={name} />
      <Toast />
    </>
  );
}

function Locked() {
  return (
    <>
      {floor.trouble.value === "revoked" && (
        <div class="page">
          <Trouble />
        </div>
      )}
      <Unlock />
    </>
  );
}

// Screens that come when they are first wanted; afterwards they are there at once.
function Later({ name }: { name: string }) {
  const [, again] = useState(0);
  const Screen = known.get(name);
  useEffect(() => {
    if (known.has(name)) return;
    let isWanted = true;
    LAZY[name]?.().then(
      (found) => {
        known.set(name, found);
        if (isWanted) again((n) => n + 1);
      },
      () => tell(t("not_loaded"), { isWrong: true }),
    );
    return () => void (isWanted = false);
  }, [name]);
  return Screen ? <Screen /> : <main class="page" aria-busy="true" />;
}

function AppBar({ isHome }: { isHome: boolean }) {
  const session = floor.session.value;
  const isOnline = floor.online.value;
  return (
    <header class="app-bar">
      {isHome ? (
        <Seal />
      ) : (
        <Button icon="arrowLeft" kind="quiet" label={t("back")} onClick={() => go(...parentOf())} />
      )}
      <button type="button" class="btn btn-quiet me" onClick={() => floor.lock()}>
        <Initials name={session?.person.name ?? ""} />
        <span>
          <span class="me-name">{session?.person.name}</span>
          <span class="me-do">
            <Icon name="lock" /> {t("lock")}
          </span>
        </span>
      </button>
      <span class={`net ${isOnline ? "is-on" : "is-off"}`} role="status">
        <Icon name={isOnline ? "online" : "offline"} />
        <span>{t(isOnline ? "online" : "offline")}</span>
      </span>
      {isHome && <Button icon="settings" kind="quiet" label={t("settings")} onClick={() => go("settings")} />}
    </header>
  );
}

// One step up: from a part to the inspection, from the inspection to the day.
function parentOf(): string[] {
  const [first, pk, part] = route.value;
  return first === "i" && pk && part ? ["i", pk] : [];
}

function Toast() {
  const said = told.value;
  return (
    <div class={`toast${said ? " is-on" : ""}${said?.isWrong ? " is-wrong" : ""}`} role="status" aria-live="polite">
      {said && <span>{said.words}</span>}
      {said?.undo && (
        <Button
          icon="back"
          onClick={() => {
            said.undo?.();
            told.value = null;
          }}
        >
          {t("undo")}
        </Button>
      )}
    </div>
  );
}

// Looks follow the settings at once: language, contrast, light or dark.
export function followSettings(): void {
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const dress = (): void => {
    const { language, contrast, theme } = floor.settings.value;
    const root = document.documentElement;
    root.dataset.theme = theme === "auto" ? (dark.matches ? "dark" : "light") : theme;
    root.dataset.contrast = contrast;
    void loadWords(language);
  };
  effect(dress);
  dark.addEventListener("change", dress);
}

