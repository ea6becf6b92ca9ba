// A phone's first day: the person is signed in on the web, names the phone and gives the PIN that opens it.
import { useEffect, useState } from "preact/hooks";
import { floor, go } from "./app";
import type { Me } from "./floor";
import { Button, Field, Notice, useTask } from "./parts";
import { LanguageSwitch, Seal } from "./unlock";
import { inAscii, t } from "./text";

export function Enrol() {
  const [me, setMe] = useState<Me | null | undefined>(undefined);
  const [hasOthers, setHasOthers] = useState(false);
  const look = (): void => {
    setMe(undefined);
    void floor.me().then(setMe, () => setMe(null));
  };
  useEffect(() => {
    look();
    void floor.holders().then((found) => setHasOthers(found.length > 0));
  }, []);
  return (
    <main class="door">
      <header class="door-head">
        <LanguageSwitch />
        <Seal />
        <h1>{t("enrol.title")}</h1>
      </header>
      {floor.trouble.value === "revoked" && !floor.device.value && (
        <Notice kind="warning" icon="lock">
          {t("trouble.cleared")}
        </Notice>
      )}
      {me === undefined && <p class="help">{t("enrol.looking")}</p>}
      {me === null && <SignIn onAgain={look} />}
      {me && <EnrolForm me={me} />}
      {hasOthers && (
        <Button icon="arrowLeft" kind="quiet" wide onClick={() => go("unlock")}>
          {t("enrol.back")}
        </Button>
      )}
    </main>
  );
}

function SignIn({ onAgain }: { onAgain: () => void }) {
  if (!floor.online.value) {
    return (
      <>
        <Notice kind="warning" icon="offline">
          {t("enrol.offline")}
        </Notice>
        <Button wide onClick={onAgain}>
          {t("again")}
        </Button>
      </>
    );
  }
  return (
    <>
      <p>{t("enrol.signin")}</p>
      <a class="btn btn-main btn-wide" href="/accounts/login/?next=/floor/%23/enrol">
        <span>{t("enrol.signin_do")}</span>
      </a>
      <Button kind="quiet" wide onClick={onAgain}>
        {t("again")}
      </Button>
    </>
  );
}

function EnrolForm({ me }: { me: Me }) {
  const [workspace, setWorkspace] = useState(me.workspaces[0]?.slug ?? "");
  const [deviceName, setDeviceName] = useState(floor.device.value?.name ?? "");
  const [pin, setPin] = useState("");
  const [again, setAgain] = useState("");
  const [password, setPassword] = useState("");
  const { busy, wrong, run, setWrong } = useTask();
  const isNew = !me.person.has_pin;
  const send = (): void => {
    if (!deviceName.trim()) return setWrong(t("enrol.name_wanted"));
    if (!/^\d{6}$/.test(pin)) return setWrong(t("enrol.six"));
    if (isNew && pin !== again) return setWrong(t("enrol.differ"));
    void run(async () => {
      await floor.enrol({ workspace, pin, deviceName: deviceName.trim(), ...(password ? { password } : {}) });
      go(floor.session.value ? "" : "unlock");
    });
  };
  if (!me.workspaces.length) return <Notice kind="warning">{t("enrol.no_workspace")}</Notice>;
  return (
    <form
      class="card pad"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <p>{t("enrol.you", { name: me.person.name })}</p>
      <div class="field">
        <label for="workspace">{t("enrol.workspace")}</label>
        <select id="workspace" value={workspace} onChange={(event) => setWorkspace(event.currentTarget.value)}>
          {me.workspaces.map((one) => (
            <option key={one.slug} value={one.slug}>
              {one.name}
            </option>
          ))}
        </select>
      </div>
      <Field label={t("enrol.device")} value={deviceName} onInput={setDeviceName} max={60} help={t("enrol.device_help")} />
      <Field label={isNew ? t("enrol.new_pin") : t("enrol.pin")} value={pin} onInput={(typed) => setPin(inAscii(typed))} mode="numeric" type="password" max={6} help={isNew ? t("enrol.new_pin_help") : t("enrol.pin_help")} />
      {isNew && <Field label={t("enrol.pin_again")} value={again} onInput={(typed) => setAgain(inAscii(typed))} mode="numeric" type="password" max={6} />}
      {isNew && <Field label={t("enrol.password")} value={password} onInput={setPassword} type="password" help={t("enrol.password_help")} />}
      {wrong && <Notice kind="wrong">{wrong}</Notice>}
      <Button kind="main" type="submit" wide disabled={busy} icon="check">
        {busy ? t("enrol.busy") : t("enrol.do")}
      </Button>
    </form>
  );
}
