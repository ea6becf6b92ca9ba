// One inspection: what it is, how it stands with the server, what needs the person, and its method's screens.
import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { floor, go, route, tell } from "../app";
import type { FloorInspection, InspectionHandle, Method } from "../floor";
import { Icon, type IconName } from "../icon";
import { Button, Notice, StatusChip } from "../parts";
import { count, inLanguage, num, spoken, t } from "../text";
import { Conflicts } from "./conflicts";
import { History } from "./history";
import { Remarks } from "./remarks";
import { isHandedIn, Sign } from "./sign";
import type { PartProps } from "./use";

const METHODS: Record<Method, () => Promise<ComponentType<PartProps>>> = {
  aql: async () => (await import("../methods/aql")).Aql,
  checklist: async () => (await import("../methods/checklist")).Checklist,
  roving: async () => (await import("../methods/roving")).Roving,
  endline: async () => (await import("../methods/endline")).Endline,
  four_point: async () => (await import("../methods/fourpoint")).FourPoint,
  measurement: async () => (await import("../methods/measurement")).Measurement,
  metal: async () => (await import("../methods/metal")).Metal,
  packing: async () => (await import("../methods/packing")).PackingScreen,
};
const OWN_PARTS = new Set(["sign", "history", "remarks"]);
const known = new Map<Method, ComponentType<PartProps>>();

export function InspectionScreen() {
  const [, pk = "", ...path] = route.value;
  const one = floor.day.value?.inspections.find((other) => other.id === pk);
  if (!one) {
    return (
      <main class="page">
        <p class="empty">{t("inspection.gone")}</p>
        <Button wide onClick={() => go()}>
          {t("day.title")}
        </Button>
      </main>
    );
  }
  return <Inspection key={pk} handle={floor.inspection(pk)} path={path} />;
}

function Inspection({ handle, path }: { handle: InspectionHandle; path: readonly string[] }) {
  const one = handle.detail.value;
  const [part = ""] = path;
  return (
    <main>
      <div class="inspection-bar">
        <h1>
          <span>{inLanguage(one.stage_name.en, one.stage_name.bn)}</span>
          <span class="help">
            {one.order.po_number} · {one.style.code}
          </span>
        </h1>
        <StatusChip status={handle.status.value} />
      </div>
      <div class="page">
        {part === "sign" && <Sign handle={handle} />}
        {part === "history" && <History handle={handle} />}
        {part === "remarks" && <Remarks handle={handle} />}
        {!OWN_PARTS.has(part) && (
          <>
            {part === "" && <Head handle={handle} one={one} />}
            <MethodPart method={one.method} handle={handle} path={path} />
            {part === "" && <Foot handle={handle} />}
          </>
        )}
      </div>
    </main>
  );
}

function Head({ handle, one }: { handle: InspectionHandle; one: FloorInspection }) {
  const status = handle.status.value;
  return (
    <>
      {status.kind === "needs" && <NeedsYou handle={handle} reason={status.code === "sign_in" ? "signin" : status.reason} />}
      {isHandedIn(handle) && <Notice icon="lock">{t("inspection.submitted")}</Notice>}
      <Conflicts handle={handle} />
      <p class="what">
        <strong>
          {one.buyer.name} · {inLanguage(one.style.name, one.style.name_bn)}
        </strong>
        <span>
          {one.code} · {t("inspection.lot", { n: one.lot_size })}
          {one.sample_size > 0 && ` · ${t("inspection.sample", { n: one.sample_size })}`}
          {one.line && ` · ${one.line.name}`}
        </span>
      </p>
    </>
  );
}

function NeedsYou({ handle, reason }: { handle: InspectionHandle; reason: string }) {
  const known = reason === "signin" || reason === "conflict" || reason === "space" || reason === "changed";
  return (
    <Notice kind="wrong" icon="hand">
      <strong>{t("needs.title")}</strong>
      <p>{known ? t(`needs.${reason}`) : spoken(reason)}</p>
      <div class="row">
        {reason === "signin" && (
          <Button kind="main" onClick={() => go("enrol")}>
            {t("trouble.signin_do")}
          </Button>
        )}
        {reason === "changed" && (
          <Button kind="main" icon="signature" onClick={() => go("i", handle.pk, "sign")}>
            {t("needs.sign")}
          </Button>
        )}
        {reason !== "signin" && (
          <Button icon="upload" disabled={!floor.online.value} onClick={() => floor.syncNow()}>
            {t("settings.sync")}
          </Button>
        )}
        {!known && (
          <Button icon="history" onClick={() => go("i", handle.pk, "history")}>
            {t("history.title")}
          </Button>
        )}
      </div>
    </Notice>
  );
}

function MethodPart({ method, handle, path }: { method: Method; handle: InspectionHandle; path: readonly string[] }) {
  const [, again] = useState(0);
  const Part = known.get(method);
  useEffect(() => {
    if (known.has(method)) return;
    let isWanted = true;
    METHODS[method]().then(
      (found) => {
        known.set(method, found);
        if (isWanted) again((n) => n + 1);
      },
      () => tell(t("not_loaded"), { isWrong: true }),
    );
    return () => void (isWanted = false);
  }, [method]);
  return Part ? <Part handle={handle} path={path} /> : <p aria-busy="true" />;
}

function Foot({ handle }: { handle: InspectionHandle }) {
  const state = handle.state.value;
  const photos = state.ofKind("photo_attached").length;
  const remarks = state.ofKind("remark_written").length;
  const link = (part: string, icon: IconName, words: string, more = "") => (
    <button type="button" class="btn link-row" onClick={() => go("i", handle.pk, part)}>
      <Icon name={icon} />
      <span>
        {words}
        {more && <small>{more}</small>}
      </span>
      <Icon name="chevron" />
    </button>
  );
  return (
    <nav class="foot" aria-label={t("inspection.more")}>
      {link("remarks", "camera", t("remarks.title"), photos + remarks ? `${count("photo.count_one", "photo.count", photos)} · ${t("remarks.count", { n: num(remarks) })}` : "")}
      {link("history", "history", t("history.title"))}
      {link("sign", "signature", t("sign.title"), state.ofKind("signed").length ? t("sign.given") : "")}
    </nav>
  );
}
