// Pictures of the library's defects on this device: taken down with the day, sealed like all else.
import { ALONE, bearer, type Fetch } from "./http";
import { openPack } from "./pack";
import type { Store } from "./store";
import type { Vault } from "./vault";

const TIMEOUT_MS = 30_000;

// Those that are not here yet; whether any came. The day is whole without them, so where the network ends the rest comes another time.
export async function takeDownPictures(store: Store, vault: Vault, personId: string, token: string, fetch: Fetch, progress: (done: number, of: number) => void): Promise<boolean> {
  const wanted = new Map((await openPack(store, vault, personId))?.defects.flatMap(({ picture }) => (picture ? [[picture.id, picture.size] as const] : [])));
  for (const id of await store.pictures.toCollection().primaryKeys()) wanted.delete(id);
  const of = [...wanted.values()].reduce((all, size) => all + size, 0);
  let done = 0;
  for (const [id, size] of wanted) {
    const bytes = await fetched(fetch, id, token);
    if (!bytes) break;
    await store.pictures.put({ id, ...(await vault.sealBytes(bytes, `picture ${id}`)) });
    progress((done += size), of);
  }
  return done > 0;
}

async function fetched(fetch: Fetch, id: string, token: string): Promise<ArrayBuffer | null> {
  try {
    const response = await fetch(`/api/v1/floor/pictures/${id}`, { ...ALONE, headers: bearer(token), signal: AbortSignal.timeout(TIMEOUT_MS) });
    return response.ok ? await response.arrayBuffer() : null;
  } catch {
    return null;
  }
}

export async function openPicture(store: Store, vault: Vault, id: string): Promise<Blob | null> {
  const row = await store.pictures.get(id);
  return row ? new Blob([await vault.openBytes(row, `picture ${id}`)], { type: "image/jpeg" }) : null;
}
