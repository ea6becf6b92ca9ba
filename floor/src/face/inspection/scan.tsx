// Barcodes: a hand scanner types and presses Enter; where the browser can, the camera reads them too.
import { useEffect, useRef, useState } from "preact/hooks";
import { feel } from "../feel";
import { Button, Field, Sheet } from "../parts";
import { t } from "../text";

interface Detector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}

type WithDetector = Window & { BarcodeDetector?: new (options: { formats: string[] }) => Detector };

const FORMATS = ["ean_13", "ean_8", "upc_a", "upc_e", "code_128", "code_39", "itf", "qr_code"];
const EVERY_MS = 150;

export function Scan({ label, value, onInput, onScan }: { label: string; value: string; onInput: (text: string) => void; onScan: (code: string) => void }) {
  const [isReading, setReading] = useState(false);
  const canRead = Boolean((window as WithDetector).BarcodeDetector && navigator.mediaDevices);
  const take = (): void => {
    if (value.trim()) onScan(value.trim());
  };
  return (
    <div class="scan">
      <Field label={label} value={value} onInput={onInput} max={64} onEnter={take} placeholder={t("scan.type")} />
      {canRead && <Button icon="scan" label={t("scan.camera")} onClick={() => setReading(true)} />}
      <Button icon="check" label={t("scan.take")} disabled={!value.trim()} onClick={take} />
      {isReading && (
        <Reader
          onClose={() => setReading(false)}
          onRead={(code) => {
            setReading(false);
            feel("ok");
            onScan(code);
          }}
        />
      )}
    </div>
  );
}

function Reader({ onRead, onClose }: { onRead: (code: string) => void; onClose: () => void }) {
  const video = useRef<HTMLVideoElement>(null);
  useEffect(() => {
    const Maker = (window as WithDetector).BarcodeDetector;
    let stream: MediaStream | null = null;
    let timer = 0;
    let isGone = false;
    const stop = (): void => {
      isGone = true;
      clearInterval(timer);
      stream?.getTracks().forEach((track) => track.stop());
    };
    navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } }).then((opened) => {
      stream = opened;
      if (isGone || !video.current || !Maker) return stop();
      video.current.srcObject = opened;
      void video.current.play().catch(() => undefined);
      const detector = new Maker({ formats: FORMATS });
      timer = window.setInterval(() => {
        if (!video.current) return;
        detector.detect(video.current).then(([found]) => found && !isGone && onRead(found.rawValue), () => undefined);
      }, EVERY_MS);
    }, onClose);
    return stop;
  }, []);
  return (
    <Sheet title={t("scan.camera")} onClose={onClose} class="camera-sheet">
      <video ref={video} playsInline muted />
      <p class="help">{t("scan.hold")}</p>
    </Sheet>
  );
}
