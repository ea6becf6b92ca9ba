// Sending one file by tus, in parts small enough for a bad connection, and what came of it.
import { type DetailedError, Upload, type UploadOptions } from "tus-js-client";

const PART_BYTES = 4 * 1024 * 1024;
const RETRY_AFTER_MS = [500, 1000, 2000, 4000, 8000, 15000, 30000, 30000, 60000, 60000, 60000, 60000];
const PASSING = new Set([409, 423, 429, 460]);

export interface Told {
  progress(part: number): void;
  waits(): void;
  kept(id: string): void;
  refused(sentence: string): void;
  failed(): void;
}

export interface Sending {
  cancel(): void;
}

export function sendFile(file: File, box: HTMLElement, attests: string, told: Told): Sending {
  let id = "";
  const metadata: Record<string, string> = { filename: file.name, purpose: box.dataset.purpose ?? "file" };
  if ("keepLocation" in box.dataset) metadata.keep_location = "1";
  if (attests) metadata.attests = attests;
  const options: UploadOptions = {
    endpoint: box.dataset.upload ?? "",
    chunkSize: PART_BYTES,
    retryDelays: RETRY_AFTER_MS,
    removeFingerprintOnSuccess: true,
    metadata,
    headers: { "X-CSRFToken": formToken(box) },
    onProgress: (sent, total) => told.progress(total ? sent / total : 0),
    onShouldRetry: (error) => {
      const status = error.originalResponse?.getStatus() ?? 0;
      const again = status === 0 || PASSING.has(status) || (status >= 500 && status !== 507);
      if (again) told.waits();
      return again;
    },
    onAfterResponse: (_request, response) => {
      id = response.getHeader("Goldseal-Attachment") ?? id;
    },
    onSuccess: () => (id ? told.kept(id) : told.failed()),
    onError: (error) => {
      const sentence = "originalResponse" in error ? spoken(error) : "";
      if (sentence) told.refused(sentence);
      else told.failed();
    },
  };
  const upload = new Upload(file, options);
  told.progress(0);
  void upload.findPreviousUploads().then((earlier) => {
    const latest = earlier[0];
    if (latest) upload.resumeFromPreviousUpload(latest);
    upload.start();
  });
  return { cancel: () => void upload.abort(true).catch(() => undefined) };
}

function formToken(box: HTMLElement): string {
  const form = box.closest("form") ?? document;
  return form.querySelector<HTMLInputElement>("input[name=csrfmiddlewaretoken]")?.value ?? "";
}

// The server's own sentence for the person; nothing where the answer is not one of ours.
function spoken(error: DetailedError): string {
  const response = error.originalResponse;
  if (!response || !(response.getHeader("Content-Type") ?? "").startsWith("application/problem+json")) return "";
  try {
    const said: unknown = JSON.parse(response.getBody());
    return typeof said === "object" && said !== null && "detail" in said ? String(said.detail) : "";
  } catch {
    return "";
  }
}
