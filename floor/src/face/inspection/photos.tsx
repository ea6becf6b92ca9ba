// Photos: from the camera at once, with an arrow or a circle drawn on it; made smaller and without its place.
import { useEffect, useRef, useState } from "preact/hooks";
import { floor, tell } from "../app";
import type { InspectionHandle } from "../floor";
import { Icon } from "../icon";
import { Button, Chips, Sheet } from "../parts";
import { count, num, sentenceOf, t } from "../text";

const EDGE_MAX = 1600;
const QUALITY = 0.85;
let isAttested = false;

export interface PhotosProps {
  photos: readonly Blob[];
  onChange: (photos: Blob[]) => void;
  label?: string;
  most?: number;
}

// Photos that are not kept yet: they go with the entry that is being made.
export function PhotoField({ photos, onChange, label, most = 20 }: PhotosProps) {
  return (
    <div class="photo-field">
      <TakePhoto label={label ?? t("photo.take")} disabled={photos.length >= most} onPhoto={(blob) => onChange([...photos, blob])} />
      {photos.length > 0 && (
        <ul class="strip">
          {photos.map((blob, place) => (
            <li key={place}>
              <Picture blob={blob} alt={t("photo.n", { n: place + 1 })} />
              <Button icon="x" label={t("photo.drop", { n: place + 1 })} onClick={() => onChange(photos.filter((other) => other !== blob))} />
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

// Taking one: the in-app camera where the browser has one, else the phone's own.
export function TakePhoto({ label, onPhoto, disabled, kind }: { label: string; onPhoto: (blob: Blob) => void; disabled?: boolean; kind?: "main" }) {
  const [step, setStep] = useState<"" | "attest" | "camera" | "mark">("");
  const [taken, setTaken] = useState<Blob | null>(null);
  const chooser = useRef<HTMLInputElement>(null);
  const begin = (): void => {
    const wanted = floor.day.value?.settings.attestation;
    if (wanted && !wanted.is_confirmed && !isAttested) return setStep("attest");
    camera();
  };
  const camera = (): void => {
    setStep("");
    if (navigator.mediaDevices) setStep("camera");
    else chooser.current?.click();
  };
  const have = async (blob: Blob): Promise<void> => {
    try {
      setTaken(await smaller(blob));
      setStep("mark");
    } catch {
      setStep("");
      tell(t("photo.unreadable"), { isWrong: true });
    }
  };
  return (
    <>
      <Button icon="camera" kind={kind} disabled={disabled} onClick={begin}>
        {label}
      </Button>
      {/* The button speaks for it: it is no second thing to find. */}
      <input
        ref={chooser}
        hidden
        type="file"
        accept="image/*"
        capture="environment"
        onChange={(event) => {
          const [file] = event.currentTarget.files ?? [];
          event.currentTarget.value = "";
          if (file) void have(file);
        }}
      />
      {step === "attest" && <Attest onYes={camera} onNo={() => setStep("")} />}
      {step === "camera" && (
        <Camera
          onTaken={(blob) => void have(blob)}
          onClose={() => setStep("")}
          onOwn={() => {
            setStep("");
            chooser.current?.click();
          }}
        />
      )}
      {step === "mark" && taken && (
        <Marking
          blob={taken}
          onKeep={(blob) => {
            setStep("");
            onPhoto(blob);
          }}
          onAgain={camera}
          onClose={() => setStep("")}
        />
      )}
    </>
  );
}

function Attest({ onYes, onNo }: { onYes: () => void; onNo: () => void }) {
  const confirm = async (): Promise<void> => {
    try {
      await floor.attest();
      isAttested = true;
      onYes();
    } catch (error) {
      tell(sentenceOf(error), { isWrong: true });
    }
  };
  return (
    <Sheet title={t("attest.title")} onClose={onNo}>
      <p>{floor.day.value?.settings.attestation?.statement}</p>
      <Button kind="main" wide icon="check" onClick={() => void confirm()}>
        {t("attest.yes")}
      </Button>
    </Sheet>
  );
}

function Camera({ onTaken, onClose, onOwn }: { onTaken: (blob: Blob) => void; onClose: () => void; onOwn: () => void }) {
  const video = useRef<HTMLVideoElement>(null);
  const [isRunning, setRunning] = useState(false);
  useEffect(() => {
    let stream: MediaStream | null = null;
    let isGone = false;
    navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment", width: { ideal: 1920 } }, audio: false }).then(
      (opened) => {
        stream = opened;
        if (isGone || !video.current) return stop();
        video.current.srcObject = opened;
        void video.current.play().then(() => setRunning(true), () => undefined);
      },
      () => !isGone && onOwn(),
    );
    const stop = (): void => stream?.getTracks().forEach((track) => track.stop());
    return () => {
      isGone = true;
      stop();
    };
  }, []);
  const shoot = (): void => {
    const from = video.current;
    if (!from?.videoWidth) return;
    const canvas = document.createElement("canvas");
    [canvas.width, canvas.height] = [from.videoWidth, from.videoHeight];
    canvas.getContext("2d")?.drawImage(from, 0, 0);
    canvas.toBlob((blob) => blob && onTaken(blob), "image/jpeg", 0.92);
  };
  return (
    <Sheet title={t("photo.camera")} onClose={onClose} class="camera-sheet">
      <video ref={video} playsInline muted />
      <div class="row camera-row">
        <Button onClick={onOwn}>{t("photo.own")}</Button>
        <Button kind="main" icon="camera" class="shutter" disabled={!isRunning} onClick={shoot}>
          {t("photo.shoot")}
        </Button>
      </div>
    </Sheet>
  );
}

type Mark = { readonly tool: "arrow" | "circle"; readonly from: readonly [number, number]; readonly to: readonly [number, number] };

function Marking({ blob, onKeep, onAgain, onClose }: { blob: Blob; onKeep: (blob: Blob) => void; onAgain: () => void; onClose: () => void }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const picture = useRef<ImageBitmap | null>(null);
  const [tool, setTool] = useState<Mark["tool"]>("circle");
  const [marks, setMarks] = useState<Mark[]>([]);
  const [drawing, setDrawing] = useState<Mark | null>(null);
  useEffect(() => {
    void createImageBitmap(blob).then((bitmap) => {
      picture.current = bitmap;
      if (canvas.current) [canvas.current.width, canvas.current.height] = [bitmap.width, bitmap.height];
      setMarks([]);
    });
  }, [blob]);
  useEffect(() => {
    const [target, image] = [canvas.current, picture.current];
    if (target && image) paint(target, image, drawing ? [...marks, drawing] : marks);
  });
  const place = (event: PointerEvent): readonly [number, number] => {
    const box = canvas.current!.getBoundingClientRect();
    return [((event.clientX - box.left) * canvas.current!.width) / box.width, ((event.clientY - box.top) * canvas.current!.height) / box.height];
  };
  const finish = (): void => {
    if (!marks.length) return onKeep(blob);
    canvas.current?.toBlob((drawn) => onKeep(drawn ?? blob), "image/jpeg", QUALITY);
  };
  return (
    <Sheet title={t("photo.mark")} onClose={onClose} class="camera-sheet">
      <canvas
        ref={canvas}
        role="img"
        aria-label={t("photo.mark_help")}
        onPointerDown={(event) => {
          event.currentTarget.setPointerCapture(event.pointerId);
          setDrawing({ tool, from: place(event), to: place(event) });
        }}
        onPointerMove={(event) => drawing && setDrawing({ ...drawing, to: place(event) })}
        onPointerUp={() => {
          if (drawing && far(drawing)) setMarks([...marks, drawing]);
          setDrawing(null);
        }}
      />
      <div class="row">
        <Chips legend={t("photo.tool")} options={[["circle", t("photo.circle")], ["arrow", t("photo.arrow")]]} value={tool} onPick={setTool} hideLegend class="chips-tight" />
        <span class="spacer" />
        <Button icon="back" label={t("photo.unmark")} disabled={!marks.length} onClick={() => setMarks(marks.slice(0, -1))} />
      </div>
      <div class="row camera-row">
        <Button onClick={onAgain}>{t("photo.again")}</Button>
        <Button kind="main" icon="check" class="shutter" onClick={finish}>
          {t("photo.keep")}
        </Button>
      </div>
    </Sheet>
  );
}

const far = ({ from, to }: Mark): boolean => Math.hypot(from[0] - to[0], from[1] - to[1]) > 12;

// White under red, so that a mark is seen on any cloth.
function paint(canvas: HTMLCanvasElement, image: ImageBitmap, marks: readonly Mark[]): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  context.drawImage(image, 0, 0);
  const width = Math.max(canvas.width, canvas.height) / 110;
  for (const [colour, thick] of [["#ffffff", width * 1.9], ["#d01818", width]] as const) {
    context.strokeStyle = colour;
    context.lineWidth = thick;
    context.lineCap = context.lineJoin = "round";
    for (const mark of marks) {
      context.beginPath();
      if (mark.tool === "circle") circle(context, mark);
      else arrow(context, mark, width * 6);
      context.stroke();
    }
  }
}

function circle(context: CanvasRenderingContext2D, { from, to }: Mark): void {
  context.ellipse((from[0] + to[0]) / 2, (from[1] + to[1]) / 2, Math.abs(to[0] - from[0]) / 2, Math.abs(to[1] - from[1]) / 2, 0, 0, Math.PI * 2);
}

function arrow(context: CanvasRenderingContext2D, { from, to }: Mark, head: number): void {
  const angle = Math.atan2(to[1] - from[1], to[0] - from[0]);
  context.moveTo(...from);
  context.lineTo(...to);
  for (const turn of [-0.5, 0.5]) {
    context.moveTo(...to);
    context.lineTo(to[0] - head * Math.cos(angle + turn), to[1] - head * Math.sin(angle + turn));
  }
}

// Re-drawn small: enough to judge a stitch, quick to send, and without where and by which phone it was taken.
export async function smaller(blob: Blob): Promise<Blob> {
  const bitmap = await createImageBitmap(blob);
  const scale = Math.min(1, EDGE_MAX / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [Math.round(bitmap.width * scale), Math.round(bitmap.height * scale)];
  canvas.getContext("2d")?.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  return new Promise((resolve, reject) => canvas.toBlob((made) => (made ? resolve(made) : reject(new Error("no picture"))), "image/jpeg", QUALITY));
}

export function Picture({ blob, alt }: { blob: Blob; alt: string }) {
  const [address, setAddress] = useState("");
  useEffect(() => {
    const made = URL.createObjectURL(blob);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [blob]);
  return address ? <img src={address} alt={alt} /> : <span class="no-picture" />;
}

// Photos that are kept; one that is only on the server shows as a frame.
export function Strip({ handle, digests }: { handle: InspectionHandle; digests: readonly string[] }) {
  if (!digests.length) return null;
  return (
    <ul class="strip" aria-label={count("photo.count_one", "photo.count", digests.length)}>
      {digests.map((digest, place) => (
        <li key={digest}>
          <Kept handle={handle} digest={digest} alt={t("photo.n", { n: place + 1 })} />
        </li>
      ))}
    </ul>
  );
}

function Kept({ handle, digest, alt }: { handle: InspectionHandle; digest: string; alt: string }) {
  const [blob, setBlob] = useState<Blob | null>(null);
  useEffect(() => void handle.photo(digest).then(setBlob, () => undefined), [digest]);
  return blob ? <Picture blob={blob} alt={alt} /> : <span class="no-picture"><Icon name="camera" /><span class="visually-hidden">{alt}</span></span>;
}

export const photosOf = (body: Readonly<Record<string, unknown>> | null | undefined): string[] => (body?.photos as string[] | undefined) ?? [];
export const photoWord = (n: number): string => (n ? num(n) : "");
