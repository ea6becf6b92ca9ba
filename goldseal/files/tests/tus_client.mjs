// Drives the official tus-js-client: node tus_client.mjs <endpoint> <file> <json of headers> <json of metadata>
// Prints one line of JSON: the upload's address, the attachment, how often it was retried, or what went wrong.
import { readFileSync } from "node:fs";
import { Upload } from "tus-js-client";

const [endpoint, path, headers, metadata, chunk] = process.argv.slice(2);
const told = { retries: 0, patches: 0, attachment: "", url: "", error: "", body: "" };
const upload = new Upload(readFileSync(path), {
  endpoint,
  headers: JSON.parse(headers),
  metadata: JSON.parse(metadata),
  chunkSize: chunk ? Number(chunk) : Infinity,
  retryDelays: [50, 100, 200, 400, 800, 1600],
  onBeforeRequest: (request) => {
    if (request.getMethod() === "PATCH") told.patches += 1;
  },
  onShouldRetry: (error) => {
    const status = error.originalResponse?.getStatus() ?? 0;
    const again = status === 0 || status === 409 || status === 423;
    if (again) told.retries += 1;
    return again;
  },
  onAfterResponse: (_request, response) => {
    told.attachment = response.getHeader("Goldseal-Attachment") ?? told.attachment;
  },
  onSuccess: () => finish(),
  onError: (error) => {
    told.error = String(error.message);
    told.body = error.originalResponse?.getBody() ?? "";
    finish();
  },
});

function finish() {
  told.url = upload.url ?? "";
  process.stdout.write(`${JSON.stringify(told)}\n`);
}

upload.start();
