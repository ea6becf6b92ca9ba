// Cartons: what each shall hold, what it holds, its barcodes, weight and marks; differences at once.
import { useState } from "preact/hooks";
import { go, tell } from "../app";
import { feel } from "../feel";
import { Icon } from "../icon";
import type { Carton, FloorInspection, InspectionHandle, Share } from "../floor";
import { Button, Card, Chips, Field, Notice, Progress } from "../parts";
import { digits, inAscii, num, t, wholeOf } from "../text";
import { add, compare, formatDecimal, fraction, minus, plainNumber, times } from "../../rules/fraction";
import { PhotoField, photosOf, Strip } from "../inspection/photos";
import { Scan } from "../inspection/scan";
import { keep, type PartProps } from "../inspection/use";
import { cartonsToOpen } from "../progress";
import { isStrange } from "./gtin";

interface Scanned {
  readonly barcode: string;
  readonly count: number;
}

export function PackingScreen({ handle, path }: PartProps) {
  const carton = path[0] === "carton" ? Number(path[1]) : 0;
  return carton ? <CartonForm key={carton} handle={handle} carton={carton} /> : <Cartons handle={handle} />;
}

// A range of cartons may hold something of its own; the others hold what the order says.
function wantedIn(one: FloorInspection, carton: number): Carton {
  return one.packing?.ranges?.find((range) => range.first <= carton && carton <= range.last) ?? one.packing ?? {};
}

function faultsOf(one: FloorInspection, body: Readonly<Record<string, unknown>>): string[] {
  const wanted = wantedIn(one, Number(body.carton));
  const faults: string[] = [];
  const ratio = (body.ratio as readonly Share[] | undefined) ?? [];
  if (wanted.ratio?.length && ratio.length && differences(wanted.ratio, ratio).some(({ off }) => off)) faults.push(t("packing.assortment"));
  if (((body.barcodes as readonly Scanned[] | undefined) ?? []).some(({ barcode }) => isStrange(barcode, wanted.barcodes))) faults.push(t("packing.barcodes"));
  if (body.gross_kg && weightOf(one, wanted, String(body.gross_kg)) !== "ok") faults.push(t("packing.weight"));
  if (body.is_mark_right === false) faults.push(t("packing.marks"));
  if (body.is_size_right === false) faults.push(t("packing.size"));
  return faults;
}

function differences(wanted: readonly Share[], found: readonly Share[]): (Share & { off: number })[] {
  return wanted.map((share) => ({ ...share, off: (found.find((one) => one.colour === share.colour && one.size === share.size)?.pieces ?? 0) - share.pieces }));
}

function weightOf(one: FloorInspection, wanted: Carton, typed: string): "ok" | "below" | "above" {
  if (!wanted.gross_kg) return "ok";
  const [is, shall, share] = [plainNumber(typed), plainNumber(wanted.gross_kg), plainNumber(one.rules.carton_weight_tolerance_pct ?? 5)];
  const off = times(shall, times(share, fraction(1, 100)));
  return compare(is, minus(shall, off)) < 0 ? "below" : compare(is, add(shall, off)) > 0 ? "above" : "ok";
}

function Cartons({ handle }: { handle: InspectionHandle }) {
  const one = handle.detail.value;
  const checked = handle.state.value.ofKind("carton_checked");
  const wanted = cartonsToOpen(one);
  const total = one.cartons.reduce((most, range) => Math.max(most, range.last), 0);
  const [number, setNumber] = useState("");
  const open = (): void => {
    const carton = wholeOf(number);
    if (!carton || (total && carton > total)) {
      feel("bad");
      return tell(t("packing.number_wanted", { n: total }), { isWrong: true });
    }
    go("i", handle.pk, "carton", carton);
  };
  return (
    <>
      <Card class="pad">
        <p aria-live="polite">{t("packing.progress", { done: checked.length, of: wanted, total })}</p>
        <Progress value={checked.length} most={wanted} label={t("progress.label")} />
      </Card>
      <Card class="pad">
        <div class="scan">
          <Field label={t("packing.number")} value={number} onInput={setNumber} mode="numeric" max={7} onEnter={open} />
          <Button kind="main" icon="plus" onClick={open}>
            {t("packing.open")}
          </Button>
        </div>
      </Card>
      <ul class="work">
        {checked.map((entry) => {
          const body = entry.value ?? entry.candidates[0];
          if (!body) return null;
          const faults = faultsOf(one, body);
          return (
            <li key={String(body.carton)}>
              <button type="button" class="btn link-row" onClick={() => go("i", handle.pk, "carton", Number(body.carton))}>
                <span>
                  {t("carton.n", { n: num(Number(body.carton)) })}
                  <small>{faults.join(", ")}</small>
                </span>
                <span class={`verdict ${faults.length ? "verdict-fail" : "verdict-pass"}`}>
                  <Icon name={faults.length ? "circleX" : "circleCheck"} />
                  {t(faults.length ? "packing.differs" : "packing.right")}
                </span>
                <Icon name="chevron" />
              </button>
            </li>
          );
        })}
      </ul>
    </>
  );
}

function CartonForm({ handle, carton }: { handle: InspectionHandle; carton: number }) {
  const one = handle.detail.value;
  const kept = handle.state.value.value("carton_checked", carton);
  const wanted = wantedIn(one, carton);
  const shares = wanted.ratio ?? [];
  const keptRatio = (kept?.ratio as readonly Share[] | undefined) ?? [];
  const [counted, setCounted] = useState<ReadonlyMap<string, string>>(() => new Map(keptRatio.map((share) => [`${share.colour}|${share.size}`, String(share.pieces)])));
  const [pieces, setPieces] = useState(String(kept?.pieces ?? ""));
  const [codes, setCodes] = useState<readonly Scanned[]>((kept?.barcodes as readonly Scanned[] | undefined) ?? []);
  const [code, setCode] = useState("");
  const [weight, setWeight] = useState(String(kept?.gross_kg ?? ""));
  const [mark, setMark] = useState<"" | "yes" | "no">(saidOf(kept?.is_mark_right));
  const [size, setSize] = useState<"" | "yes" | "no">(saidOf(kept?.is_size_right));
  const [note, setNote] = useState(String(kept?.note ?? ""));
  const [photos, setPhotos] = useState<Blob[]>([]);
  const [wrong, setWrong] = useState("");
  const isCounted = counted.size > 0;
  const cellOf = (share: Share): string => counted.get(`${share.colour}|${share.size}`) ?? "";
  const scanned = (barcode: string): void => {
    const before = codes.find((other) => other.barcode === barcode);
    setCodes(before ? codes.map((other) => (other === before ? { barcode, count: other.count + 1 } : other)) : [...codes, { barcode, count: 1 }]);
    setCode("");
    feel(isStrange(barcode, wanted.barcodes) ? "bad" : "ok");
  };
  const plainWeight = inAscii(weight.trim()).replace(",", ".");
  const isWeight = /^\d{1,4}(\.\d{1,3})?$/.test(plainWeight) && Number(plainWeight) > 0;
  const judged = isWeight ? weightOf(one, wanted, plainWeight) : null;
  const save = async (): Promise<void> => {
    const ratio = isCounted ? shares.map((share) => ({ colour: share.colour, size: share.size, pieces: wholeOf(cellOf(share) || "0") })) : [];
    if (ratio.some((share) => share.pieces === null) || (pieces && wholeOf(pieces) === null)) return setWrong(t("quantity.whole"));
    if (plainWeight && !isWeight) return setWrong(t("packing.weight_wanted"));
    const total = isCounted ? ratio.reduce((all, share) => all + (share.pieces ?? 0), 0) : pieces ? wholeOf(pieces) : null;
    const body = {
      carton, pieces: total, ratio, barcodes: codes, gross_kg: plainWeight, is_mark_right: mark ? mark === "yes" : null, is_size_right: size ? size === "yes" : null,
      note: note.trim(), photos: photosOf(kept),
    };
    const isOff = faultsOf(one, { ...body, ratio }).length > 0;
    if (await keep(handle, "carton_checked", body, { supersedes: handle.state.value.heads("carton_checked", carton), photos, feel: isOff ? "bad" : "ok" })) go("i", handle.pk);
  };
  return (
    <>
      <h2>{t("carton.n", { n: num(carton) })}</h2>
      {shares.length > 0 ? (
        <Card title={t("packing.ratio")} class="pad">
          <Button wide onClick={() => setCounted(new Map(shares.map((share) => [`${share.colour}|${share.size}`, String(share.pieces)])))}>
            {t("packing.as_ordered")}
          </Button>
          {[...new Set(shares.map((share) => share.colour))].map((colour) => (
            <fieldset key={colour} class="ratio">
              <legend>{colour}</legend>
              {shares
                .filter((share) => share.colour === colour)
                .map((share) => {
                  const off = isCounted ? (wholeOf(cellOf(share) || "0") ?? 0) - share.pieces : 0;
                  return (
                    <label key={share.size} class={off ? "is-off" : ""}>
                      <span>
                        {share.size} <small>/ {num(share.pieces)}</small>
                      </span>
                      <input class="is-number" inputMode="numeric" maxLength={5} autocomplete="off" value={digits(cellOf(share))} onInput={(event) => setCounted(new Map(counted).set(`${colour}|${share.size}`, inAscii(event.currentTarget.value)))} />
                      <output>{off ? digits(`${off > 0 ? "+" : "−"}${Math.abs(off)}`) : isCounted ? "✓" : ""}</output>
                    </label>
                  );
                })}
            </fieldset>
          ))}
        </Card>
      ) : (
        <Card class="pad">
          <Field label={t("packing.pieces")} value={pieces} onInput={setPieces} mode="numeric" max={6} />
        </Card>
      )}
      <Card title={t("packing.barcodes")} class="pad">
        <Scan label={t("scan.code")} value={code} onInput={setCode} onScan={scanned} />
        <ul class="codes">
          {codes.map((one) => {
            const strange = isStrange(one.barcode, wanted.barcodes);
            return (
              <li key={one.barcode}>
                <span class={strange ? "wrong" : "right"}>
                  <Icon name={strange ? "circleX" : "circleCheck"} /> <span class="num">{one.barcode}</span> × {num(one.count)} {t(strange ? "packing.strange" : "packing.known")}
                </span>
                <Button icon="x" label={t("endline.drop", { what: one.barcode })} onClick={() => setCodes(codes.filter((other) => other !== one))} />
              </li>
            );
          })}
        </ul>
      </Card>
      <Card class="pad">
        <Field label={t("packing.gross")} value={weight} onInput={setWeight} mode="decimal" unit={t("unit.kg")} max={8} help={wanted.gross_kg ? t("packing.should", { kg: digits(wanted.gross_kg), pct: digits(formatDecimal(plainNumber(one.rules.carton_weight_tolerance_pct ?? 5))) }) : undefined} />
        {judged && wanted.gross_kg && (
          <p class={`deviation is-${judged}`} role="status">
            {t(judged === "ok" ? "packing.weight_ok" : judged === "below" ? "packing.too_light" : "packing.too_heavy")}
          </p>
        )}
        {one.packing?.marks && <p class="help">{one.packing.marks}</p>}
        <Chips<"" | "yes" | "no"> legend={t("packing.mark_right")} options={[["yes", t("answer.yes")], ["no", t("answer.no")]]} value={mark} onPick={setMark} class="chips-even" />
        <Chips<"" | "yes" | "no"> legend={t("packing.size_right")} options={[["yes", t("answer.yes")], ["no", t("answer.no")]]} value={size} onPick={setSize} class="chips-even" />
        <Field label={t("note")} value={note} onInput={setNote} area max={1000} />
        <PhotoField photos={photos} onChange={setPhotos} />
        <Strip handle={handle} digests={photosOf(kept)} />
      </Card>
      {wrong && <Notice kind="wrong">{wrong}</Notice>}
      <Button kind="main" wide icon="check" onClick={() => void save()}>
        {t("packing.save")}
      </Button>
    </>
  );
}

function saidOf(value: unknown): "" | "yes" | "no" {
  return value === true ? "yes" : value === false ? "no" : "";
}
