// The draw: which cartons to open and which pieces to take, ticked off while one walks.
import { floor, go } from "../app";
import { feel } from "../feel";
import type { InspectionHandle, Settings } from "../floor";
import { Button, Card, Notice, Progress, Tick } from "../parts";
import { num, t } from "../text";
import { readiness } from "../../rules/readiness";
import { keep } from "../inspection/use";

// Pieces taken are a help for walking, not part of the record. They stay on this device with its settings, in clear:
// so only as places in the draw ("3.0" is the first piece of its fourth carton), which say nothing of what was drawn.
interface Kept extends Settings {
  readonly taken?: Readonly<Record<string, readonly string[]>>;
}

const takenOf = (pk: string): readonly string[] => (floor.settings.value as Kept).taken?.[pk] ?? [];

export function Draw({ handle }: { handle: InspectionHandle }) {
  const one = handle.detail.value;
  const state = handle.state.value;
  if (!readiness(state, one.ordered, one.lot_size, one.rules).isReady) {
    return (
      <>
        <h2>{t("draw.title")}</h2>
        <Notice icon="lock">{t("draw.why_locked")}</Notice>
        <Button kind="main" wide onClick={() => go("i", handle.pk, "section", "quantity")}>
          {t("draw.to_quantity")}
        </Button>
      </>
    );
  }
  const opened = new Set(state.cartonsOpened);
  const taken = new Set(takenOf(handle.pk));
  const drawn = [...one.drawn].sort((a, b) => a.carton - b.carton);
  const pieces = drawn.reduce((all, carton) => all + carton.pieces.length, 0);
  return (
    <>
      <h2>{t("draw.title")}</h2>
      <p>{t("draw.open", { cartons: drawn.length, pieces })}</p>
      <Progress value={drawn.filter((carton) => opened.has(carton.carton)).length} most={drawn.length} label={t("draw.title")} />
      <ul class="cartons">
        {drawn.map(({ carton, pieces: numbers }, row) => (
          <li key={carton}>
            <Card class={opened.has(carton) ? "carton is-open" : "carton"}>
              <Tick label={<strong>{t("carton.n", { n: num(carton) })}</strong>} checked={opened.has(carton)} onChange={(isOpen) => void mark(handle, carton, isOpen)} />
              <div class="takes" role="group" aria-label={t("draw.take")}>
                {[...numbers]
                  .sort((a, b) => a - b)
                  .map((piece, column) => {
                    const place = `${row}.${column}`;
                    return (
                      <button type="button" key={piece} class="take" aria-pressed={taken.has(place)} onClick={() => toggle(handle.pk, place)}>
                        {num(piece)}
                      </button>
                    );
                  })}
              </div>
            </Card>
          </li>
        ))}
      </ul>
      {!drawn.length && <p class="empty">{t("draw.no_cartons")}</p>}
      <p class="help">{t("draw.help")}</p>
    </>
  );
}

// Inspections that left the phone leave this too.
function toggle(pk: string, place: string): void {
  const places = new Set(takenOf(pk));
  if (!places.delete(place)) places.add(place);
  const settings: Kept = floor.settings.value;
  const here = new Set(floor.day.value?.inspections.map((one) => one.id));
  const others = Object.entries(settings.taken ?? {}).filter(([other]) => other !== pk && here.has(other));
  const next: Kept = { ...settings, taken: Object.fromEntries([...others, [pk, [...places]]]) };
  floor.settings.value = next;
  feel("ok");
}

// A carton that was ticked by mistake leaves the entry it stands in.
async function mark(handle: InspectionHandle, carton: number, isOpen: boolean): Promise<void> {
  if (isOpen) {
    await keep(handle, "cartons_opened", { cartons: [carton] }, { quiet: true });
    return;
  }
  for (const entry of handle.state.value.ofKind("cartons_opened")) {
    const all = [...new Set(entry.candidates.flatMap((body) => body.cartons as number[]))];
    if (!all.includes(carton)) continue;
    const rest = all.filter((number) => number !== carton);
    if (rest.length) await keep(handle, "cartons_opened", { cartons: rest.sort((a, b) => a - b) }, { supersedes: entry.headIds, quiet: true });
    else await keep(handle, "event_withdrawn", { reason: t("mistake") }, { supersedes: entry.headIds, quiet: true });
  }
}
