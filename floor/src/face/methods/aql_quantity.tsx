// Made and packed per colour and size: the draw is shown only when enough of both is there.
import { useState } from "preact/hooks";
import { go, tell } from "../app";
import type { InspectionHandle } from "../floor";
import { Button, Card, Notice } from "../parts";
import { digits, inAscii, num, t, wholeOf } from "../text";
import { readiness } from "../../rules/readiness";
import { keep } from "../inspection/use";

type Cell = { made: string; packed: string };

export function Quantity({ handle }: { handle: InspectionHandle }) {
  const one = handle.detail.value;
  const state = handle.state.value;
  const [typed, setTyped] = useState<ReadonlyMap<string, Partial<Cell>>>(new Map());
  const [wrong, setWrong] = useState("");
  const lines = one.ordered.length ? one.ordered : [{ colour: "", size: "", quantity: one.lot_size }];
  const isWhole = !one.ordered.length;
  const keptOf = (colour: string, size: string) => (isWhole ? state.value("readiness_confirmed") : state.value("quantity_counted", colour, size));
  const keyOf = (line: (typeof lines)[number]): string => `${line.colour}|${line.size}`;
  const cell = (line: (typeof lines)[number], name: keyof Cell): string => typed.get(keyOf(line))?.[name] ?? String(keptOf(line.colour, line.size)?.[name] ?? "");
  const type = (line: (typeof lines)[number], change: Partial<Cell>): void => setTyped(new Map(typed).set(keyOf(line), { ...typed.get(keyOf(line)), ...change }));
  const fill = (): void => setTyped(new Map(lines.map((line) => [keyOf(line), { made: String(line.quantity), packed: String(line.quantity) }])));
  const save = async (): Promise<void> => {
    const changed = lines.filter((line) => typed.has(keyOf(line)));
    if (changed.some((line) => wholeOf(cell(line, "made")) === null || wholeOf(cell(line, "packed")) === null)) return setWrong(t("quantity.whole"));
    setWrong("");
    for (const line of changed) {
      const [made, packed] = [wholeOf(cell(line, "made")), wholeOf(cell(line, "packed"))];
      const body = isWhole ? { made, packed } : { colour: line.colour, size: line.size, made, packed };
      const kind = isWhole ? "readiness_confirmed" : "quantity_counted";
      const supersedes = isWhole ? state.heads(kind) : state.heads(kind, line.colour, line.size);
      if (!(await keep(handle, kind, body, { supersedes, quiet: true }))) return;
    }
    setTyped(new Map());
    tell(t("quantity.kept"));
  };
  return (
    <>
      <Ready handle={handle} />
      <Card class="pad">
        <Button wide onClick={fill}>
          {t("quantity.fill")}
        </Button>
        <div class="quantities">
          {lines.map((line) => (
            <fieldset key={keyOf(line)} class="quantity">
              <legend>
                {line.colour} {line.size && <b>{line.size}</b>} <span class="help">{t("quantity.ordered", { n: line.quantity })}</span>
              </legend>
              {(["made", "packed"] as const).map((name) => (
                <label key={name}>
                  <span>{t(`quantity.${name}`)}</span>
                  <input class="is-number" inputMode="numeric" maxLength={8} autocomplete="off" value={digits(cell(line, name))} onFocus={(event) => event.currentTarget.select()} onInput={(event) => type(line, { [name]: inAscii(event.currentTarget.value) })} />
                </label>
              ))}
            </fieldset>
          ))}
        </div>
        {wrong && <p class="wrong" role="alert">{wrong}</p>}
        <Button kind="main" wide icon="check" disabled={!typed.size} onClick={() => void save()}>
          {t("quantity.save")}
        </Button>
      </Card>
    </>
  );
}

function Ready({ handle }: { handle: InspectionHandle }) {
  const one = handle.detail.value;
  const ready = readiness(handle.state.value, one.ordered, one.lot_size, one.rules);
  if (ready.isReady) {
    return (
      <Notice kind="good" icon="check">
        <p>{t("ready.yes", { made: ready.made ?? 0, packed: ready.packed ?? 0, lot: ready.lot })}</p>
        <Button kind="main" onClick={() => go("i", handle.pk, "draw")}>
          {t("draw.title")}
        </Button>
      </Notice>
    );
  }
  if (ready.made === null) return <Notice icon="lock">{t("ready.unknown", { made: digits(String(one.rules.made_pct_min ?? 100)), packed: digits(String(one.rules.packed_pct_min ?? 80)) })}</Notice>;
  return (
    <Notice kind="warning" icon="lock">
      {ready.shortfalls.map(({ what, why }) => (
        <p key={what}>
          {t(why === "too_many" ? "ready.too_many" : "ready.too_few", {
            what: t(`quantity.${what}`),
            n: num(ready[what] ?? 0),
            lot: num(ready.lot),
            least: digits(String((what === "made" ? one.rules.made_pct_min : one.rules.packed_pct_min) ?? "")),
          })}
        </p>
      ))}
    </Notice>
  );
}
