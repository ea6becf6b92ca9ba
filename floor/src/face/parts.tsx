// The pieces that screens are put together from: buttons, chips, fields, the sheet that slides up.
import type { ComponentChildren } from "preact";
import { useEffect, useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import { Icon, type IconName } from "./icon";
import type { Status } from "./floor";
import { digits, inAscii, num, sentenceOf, t, type Key } from "./text";

type Act = () => void;

export interface ButtonProps {
  icon?: IconName | undefined;
  kind?: "main" | "danger" | "quiet" | "" | undefined;
  wide?: boolean | undefined;
  disabled?: boolean | undefined;
  pressed?: boolean | undefined;
  label?: string | undefined;
  type?: "button" | "submit" | undefined;
  class?: string | undefined;
  onClick?: Act | undefined;
  children?: ComponentChildren;
}

export function Button({ icon, kind = "", wide, disabled, pressed, label, type = "button", class: more = "", onClick, children }: ButtonProps) {
  const name = `btn${kind ? ` btn-${kind}` : ""}${wide ? " btn-wide" : ""}${children === undefined ? " btn-icon" : ""} ${more}`.trim();
  return (
    <button type={type} class={name} disabled={disabled} aria-pressed={pressed} aria-label={label} title={children === undefined ? label : undefined} onClick={onClick}>
      {icon && <Icon name={icon} />}
      {children !== undefined && <span>{children}</span>}
    </button>
  );
}

const STATUS: Record<Status["kind"], { icon: IconName; key: Key }> = {
  phone: { icon: "phone", key: "status.phone" },
  sending: { icon: "upload", key: "status.sending" },
  safe: { icon: "shield", key: "status.safe" },
  needs: { icon: "hand", key: "status.needs" },
};

export function StatusChip({ status }: { status: Status }) {
  const { icon, key } = STATUS[status.kind];
  const values = status.kind === "sending" ? { done: status.done, of: status.of } : {};
  return (
    <span class={`status status-${status.kind}`}>
      <Icon name={icon} />
      <span>{t(key, values)}</span>
    </span>
  );
}

export function Notice({ kind = "", icon = "alert", children }: { kind?: "" | "warning" | "wrong" | "good"; icon?: IconName; children: ComponentChildren }) {
  return (
    <div class={`notice${kind ? ` notice-${kind}` : ""}`} role={kind === "wrong" ? "alert" : undefined}>
      <Icon name={icon} />
      <div>{children}</div>
    </div>
  );
}

export function Card({ title, id, more, children, class: name = "" }: { title?: ComponentChildren; id?: string; more?: ComponentChildren; children: ComponentChildren; class?: string }) {
  return (
    <section class={`card ${name}`.trim()} id={id}>
      {title !== undefined && (
        <header>
          <h2>{title}</h2>
          {more}
        </header>
      )}
      {children}
    </section>
  );
}

export interface ChipsProps<T extends string> {
  legend: string;
  options: readonly (readonly [T, ComponentChildren])[];
  value: T;
  onPick: (value: T) => void;
  class?: string;
  hideLegend?: boolean;
}

export function Chips<T extends string>({ legend, options, value, onPick, class: name = "", hideLegend }: ChipsProps<T>) {
  return (
    <fieldset class={`chips ${name}`.trim()}>
      <legend class={hideLegend ? "visually-hidden" : undefined}>{legend}</legend>
      {options.map(([code, words]) => (
        <button type="button" key={code} class={`chip chip-${code || "none"}`} aria-pressed={code === value} onClick={() => onPick(code)}>
          {words}
        </button>
      ))}
    </fieldset>
  );
}

export interface FieldProps {
  label: string;
  value: string;
  onInput: (value: string) => void;
  mode?: "text" | "numeric" | "decimal" | "search" | "none";
  unit?: string;
  help?: ComponentChildren;
  wrong?: string | undefined;
  hideLabel?: boolean;
  list?: readonly string[];
  max?: number;
  onEnter?: (() => void) | undefined;
  area?: boolean;
  type?: "text" | "password";
  placeholder?: string;
}

export function Field({ label, value, onInput, mode = "text", unit, help, wrong, hideLabel, list, max = 200, onEnter, area, type = "text", placeholder }: FieldProps) {
  const id = useId();
  const isNumber = mode === "numeric" || mode === "decimal";
  const common: { id: string; value: string; maxLength: number; autocomplete: "off"; placeholder?: string; "aria-invalid"?: boolean; "aria-describedby"?: string } = {
    id,
    value: isNumber ? digits(value) : value,
    maxLength: max,
    ...(placeholder ? { placeholder } : {}),
    autocomplete: "off",
    ...(wrong ? { "aria-invalid": true } : {}),
    ...(wrong || help ? { "aria-describedby": `${id}-help` } : {}),
  };
  const take = (typed: string): void => onInput(isNumber ? inAscii(typed) : typed);
  return (
    <div class="field">
      <label for={id} class={hideLabel ? "visually-hidden" : undefined}>
        {label}
      </label>
      <div class="with-unit">
        {area ? (
          <textarea {...common} rows={2} onInput={(event) => take(event.currentTarget.value)} />
        ) : (
          <input
            {...common}
            {...({ type } as { type: "text" })}
            inputMode={mode}
            {...(list?.length ? { list: `${id}-list` } : {})}
            class={isNumber ? "is-number" : ""}
            onInput={(event) => take(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== "Enter" || !onEnter) return;
              event.preventDefault();
              onEnter();
            }}
          />
        )}
        {unit && <span class="unit">{unit}</span>}
      </div>
      {list?.length ? (
        <datalist id={`${id}-list`}>
          {list.map((one) => (
            <option key={one} value={one} />
          ))}
        </datalist>
      ) : null}
      {(wrong || help) && (
        <p id={`${id}-help`} class={wrong ? "wrong" : "help"}>
          {wrong || help}
        </p>
      )}
    </div>
  );
}

export function Stepper({ label, value, least = 0, most = 10_000, onChange }: { label: string; value: number; least?: number; most?: number; onChange: (value: number) => void }) {
  const id = useId();
  const set = (next: number): void => onChange(Math.max(least, Math.min(most, next)));
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="stepper">
        <Button icon="minus" label={t("less", { what: label })} disabled={value <= least} onClick={() => set(value - 1)} />
        <input
          id={id}
          inputMode="numeric"
          autocomplete="off"
          maxLength={6}
          value={digits(value)}
          onFocus={(event) => event.currentTarget.select()}
          onInput={(event) => {
            const typed = inAscii(event.currentTarget.value);
            if (/^\d{1,6}$/.test(typed)) set(Number(typed));
          }}
        />
        <Button icon="plus" label={t("more", { what: label })} disabled={value >= most} onClick={() => set(value + 1)} />
      </div>
    </div>
  );
}

export function Tick({ label, checked, onChange }: { label: ComponentChildren; checked: boolean; onChange: (checked: boolean) => void }) {
  return (
    <label class="tick">
      <input type="checkbox" checked={checked} onChange={(event) => onChange(event.currentTarget.checked)} />
      <span>{label}</span>
    </label>
  );
}

// A sheet over the screen; Escape and the phone's back gesture close it as a dialog's do.
export function Sheet({ title, onClose, children, class: name = "" }: { title: string; onClose: () => void; children: ComponentChildren; class?: string }) {
  const box = useRef<HTMLDialogElement>(null);
  // Before the next frame, so that the tap and the sheet are one.
  useLayoutEffect(() => {
    const [dialog, before] = [box.current, document.activeElement];
    dialog?.showModal();
    return () => {
      dialog?.close();
      // The browser has given the focus back already, where it could.
      if (before instanceof HTMLElement && before.isConnected && before !== document.body && before !== document.activeElement) before.focus({ preventScroll: true });
    };
  }, []);
  return (
    <dialog class={`sheet ${name}`.trim()} ref={box} aria-label={title} onCancel={(event) => (event.preventDefault(), onClose())}>
      <header>
        <h2>{title}</h2>
        <Button icon="x" kind="quiet" label={t("close")} onClick={onClose} />
      </header>
      <div class="sheet-body">{children}</div>
    </dialog>
  );
}

export function Progress({ value, most, label }: { value: number; most: number; label: string }) {
  return <progress max={Math.max(1, most)} value={Math.min(value, most)} aria-label={label} />;
}

// Six keys of a code: large, under the thumb, and also by a keyboard.
export function PinPad({ length, busy, wrong, onDone, label }: { length: number; busy: boolean; wrong: string; onDone: (pin: string) => void; label: string }) {
  const [pin, setPin] = useState("");
  // Keys may come faster than the screen is drawn.
  const typed = useRef("");
  const show = (next: string): void => setPin((typed.current = next));
  useEffect(() => show(""), [wrong]);
  const press = (key: string): void => {
    if (busy) return;
    const next = key === "back" ? typed.current.slice(0, -1) : `${typed.current}${key}`.slice(0, length);
    show(next.length === length ? "" : next);
    if (next.length === length) onDone(next);
  };
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.target instanceof HTMLInputElement || event.target instanceof HTMLTextAreaElement) return;
      if (/^[0-9]$/.test(event.key)) press(event.key);
      else if (event.key === "Backspace") press("back");
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  });
  return (
    <div class="pin" role="group" aria-label={label}>
      <p class="pin-dots" role="status" aria-label={t("pin.typed", { n: pin.length, of: length })}>
        {Array.from({ length }, (_, place) => (
          <i key={place} class={place < pin.length ? "is-on" : ""} />
        ))}
      </p>
      <p class="wrong pin-wrong" role="alert">
        {busy ? t("pin.checking") : wrong}
      </p>
      <div class="pin-keys">
        {["1", "2", "3", "4", "5", "6", "7", "8", "9", "", "0", "back"].map((key) =>
          key === "" ? (
            <span key="gap" />
          ) : (
            <button type="button" key={key} class="btn key" disabled={busy} aria-label={key === "back" ? t("delete") : undefined} onClick={() => press(key)}>
              {key === "back" ? "⌫" : digits(key)}
            </button>
          ),
        )}
      </div>
    </div>
  );
}

// Runs what a tap asks for: busy meanwhile, and the sentence where it was refused.
export function useTask(): { busy: boolean; wrong: string; run: (work: () => Promise<unknown>) => Promise<boolean>; setWrong: (words: string) => void } {
  const [busy, setBusy] = useState(false);
  const [wrong, setWrong] = useState("");
  const run = async (work: () => Promise<unknown>): Promise<boolean> => {
    setBusy(true);
    setWrong("");
    try {
      await work();
      return true;
    } catch (error) {
      setWrong(sentenceOf(error));
      return false;
    } finally {
      setBusy(false);
    }
  };
  return { busy, wrong, run, setWrong };
}

export function Figure({ label, value, class: name = "" }: { label: string; value: ComponentChildren; class?: string }) {
  return (
    <div class={name}>
      <dt>{label}</dt>
      <dd>{value}</dd>
    </div>
  );
}

export const shown = (value: number | null | undefined): string => (value === null || value === undefined ? "–" : num(value));
