// Unsent work as one file: JSON that names itself, events as they were made, photos in base64.
import type { RecordedEvent } from "./events";
import type { Store } from "./store";
import type { KeptAct } from "./types";
import type { Vault } from "./vault";

export const FORMAT = "goldseal-floor-unsent/1";

export async function exported(store: Store, vault: Vault, head: { device: string; made_at: string }): Promise<Blob> {
  const events = [];
  for (const row of await store.events.filter((one) => one.sending !== "sent").toArray()) {
    events.push({ inspection: row.inspection, sending: row.sending, reason: row.reason, event: await vault.openJson<RecordedEvent>(row, `event ${row.id}`) });
  }
  const acts = [];
  for (const row of await store.acts.filter((one) => one.sending !== "sent").toArray()) {
    acts.push({ inspection: row.inspection, by: row.by, kind: row.kind, reason: row.reason, ...(await vault.openJson<KeptAct>(row, `act ${row.id}`)) });
  }
  // Piece by piece, as hundreds of photos would not fit into one text.
  const parts: BlobPart[] = [JSON.stringify({ format: FORMAT, ...head, events, acts }).slice(0, -1), ',"photos":['];
  let isFirst = true;
  for (const { key, inspection, sha256, by, type } of await store.photos.filter((one) => one.sending !== "sent").toArray()) {
    const blob = await store.blobs.get(key);
    if (!blob) continue;
    const data = base64(await vault.openBytes(blob, `photo ${key}`));
    parts.push(new Blob([`${isFirst ? "" : ","}${JSON.stringify({ inspection, sha256, by, type, data })}`]));
    isFirst = false;
  }
  return new Blob([...parts, "]}"], { type: "application/json" });
}

function base64(bytes: ArrayBuffer): string {
  const view = new Uint8Array(bytes);
  let text = "";
  for (let start = 0; start < view.length; start += 0x8000) text += String.fromCharCode(...view.subarray(start, start + 0x8000));
  return btoa(text);
}
