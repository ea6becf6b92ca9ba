// Barcodes: a hand scanner types and presses Enter; where the browser can, the camera reads them too.
interface Detector {
  detect(source: HTMLVideoElement): Promise<{ rawValue: string }[]>;
}

type WithDetector = Window & { BarcodeDetector?: new (options: { formats: string[] }) => Detector };

const FORMATS = ["ean_13", "ean_8", "upc_a", "upc_e", "code_128", "code_39", "itf", "qr_code"];
const EVERY_MS = 150;

export function bindScanning(): void {
  if (!(window as WithDetector).BarcodeDetector || !navigator.mediaDevices) return;
  document.addEventListener("record:shown", dress);
  document.addEventListener("scan:added", dress);
  dress();
}

function dress(): void {
  for (const input of document.querySelectorAll<HTMLInputElement>("input[data-scan]:not([data-with-camera])")) {
    input.dataset.withCamera = "";
    const words = input.closest<HTMLElement>("[data-say-camera]")?.dataset.sayCamera ?? "";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn camera";
    button.setAttribute("aria-label", words);
    const drawing = input.closest("[data-say-camera]")?.querySelector("[data-camera-icon] svg");
    if (drawing) button.append(drawing.cloneNode(true));
    else button.textContent = words;
    button.title = words;
    button.onclick = () => void read(input);
    input.after(button);
  }
}

async function read(input: HTMLInputElement): Promise<void> {
  const Maker = (window as WithDetector).BarcodeDetector;
  if (!Maker) return;
  const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } }).catch(() => null);
  if (!stream) return input.focus();
  const dialog = document.createElement("dialog");
  dialog.className = "scanner";
  const video = document.createElement("video");
  video.playsInline = true;
  video.muted = true;
  video.srcObject = stream;
  const stop = document.createElement("button");
  stop.type = "button";
  stop.className = "btn btn-wide";
  stop.textContent = input.closest<HTMLElement>("[data-say-stop]")?.dataset.sayStop ?? "×";
  stop.onclick = () => dialog.close();
  dialog.append(video, stop);
  document.body.append(dialog);
  dialog.showModal();
  video.play().catch(() => undefined);
  const detector = new Maker({ formats: FORMATS });
  const timer = window.setInterval(() => {
    void detector.detect(video).then(([found]) => {
      if (!found || !dialog.open) return;
      input.value = found.rawValue;
      input.dispatchEvent(new Event("input", { bubbles: true }));
      input.dispatchEvent(new CustomEvent("scan:read", { bubbles: true }));
      dialog.close();
    }, () => undefined);
  }, EVERY_MS);
  dialog.onclose = () => {
    window.clearInterval(timer);
    for (const track of stream.getTracks()) track.stop();
    dialog.remove();
    input.focus();
  };
}
