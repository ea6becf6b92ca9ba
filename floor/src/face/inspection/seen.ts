// Pictures of defects as the screens show them: opened when they are first seen, forgotten with the day they belong to.
import { effect, signal, type Signal } from "@preact/signals";
import { floor } from "../app";

const urls = new Map<string, Signal<string>>();
let isFollowing = false;

// "" until it is open, and where the device does not have it.
export function pictureAt(id: string): string {
  follow();
  let found = urls.get(id);
  if (!found) {
    const url = signal("");
    urls.set(id, (found = url));
    void floor.picture(id).then((blob) => {
      if (blob && urls.get(id) === url) url.value = URL.createObjectURL(blob);
    }, () => undefined);
  }
  return found.value;
}

// Another day, another person or nobody: what was open is closed.
function follow(): void {
  if (isFollowing) return;
  isFollowing = true;
  effect(() => {
    void floor.day.value;
    for (const url of urls.values()) if (url.peek()) URL.revokeObjectURL(url.peek());
    urls.clear();
  });
}
