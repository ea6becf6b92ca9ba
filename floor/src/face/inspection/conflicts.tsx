// Two people said different things of the same: both stand side by side until somebody chooses.
import { floor } from "../app";
import type { InspectionHandle, RecordedEvent } from "../floor";
import { Button, Card } from "../parts";
import { clock, t, type Key } from "../text";
import { lineOf } from "./history";
import { keep } from "./use";

export function Conflicts({ handle }: { handle: InspectionHandle }) {
  const { conflicts } = handle.state.value;
  const me = floor.session.value?.person.id;
  const choose = (event: RecordedEvent, heads: string[]): void => {
    const kind = event.kind === "event_withdrawn" ? "event_withdrawn" : event.kind;
    const body = kind === "event_withdrawn" ? { reason: t("conflict.reason") } : event.body;
    void keep(handle, kind, body, { supersedes: heads, words: t("conflict.settled") });
  };
  return (
    <>
      {conflicts.map((entry) => (
        <Card key={`${entry.kind} ${entry.key.join(" ")}`} class="conflict pad" title={t("conflict.title", { kind: t(`kind.${entry.kind}` as Key) })}>
          <p>{t("conflict.help")}</p>
          <div class="sides">
            {entry.heads.map((head) => (
              <div key={head.id} class="side-card">
                <p class="help">
                  {head.by === me ? t("conflict.you") : t("conflict.other")} · {clock(head.at)}
                </p>
                <p>
                  <strong>{head.kind === "event_withdrawn" ? t("conflict.withdrawn") : lineOf(head) || t("conflict.empty")}</strong>
                </p>
                <Button wide icon="check" onClick={() => choose(head, entry.headIds)}>
                  {t("conflict.choose")}
                </Button>
              </div>
            ))}
          </div>
        </Card>
      ))}
    </>
  );
}
