// The service worker of Floor: the app's own files from its cache, everything else from the network.
// A new version is fetched whole and waits; it takes over when the page says so (core/browser.ts).

interface WorkerScope {
  // Addresses of the hashed files, put in front of this script when it is built.
  readonly __FILES: readonly string[];
  readonly location: Location;
  readonly clients: { claim(): Promise<void> };
  skipWaiting(): Promise<void>;
  addEventListener(name: "install" | "activate", act: (event: Extendable) => void): void;
  addEventListener(name: "fetch", act: (event: Fetched) => void): void;
  addEventListener(name: "message", act: (event: { readonly data: unknown }) => void): void;
}

interface Extendable {
  waitUntil(work: Promise<unknown>): void;
}

interface Fetched extends Extendable {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

const scope = self as unknown as WorkerScope;
const SHELL = "/floor/";
const PREFIX = "goldseal-floor:";
const files = new Set(scope.__FILES);
const CACHE = PREFIX + mark([...files].sort().join("\n"));

scope.addEventListener("install", (event) => event.waitUntil(install()));
scope.addEventListener("activate", (event) => event.waitUntil(activate()));
scope.addEventListener("message", (event) => {
  if ((event.data as { kind?: string } | null)?.kind === "take") void scope.skipWaiting();
});
scope.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== scope.location.origin) return;
  if (request.mode === "navigate" && pathname === SHELL) event.respondWith(shell(request));
  else if (files.has(pathname)) event.respondWith(kept(request, pathname));
});

// All or nothing: a version with a file missing would fail in the hall, where it cannot be mended.
async function install(): Promise<void> {
  const cache = await caches.open(CACHE);
  await cache.addAll([SHELL, ...files].map((address) => new Request(address, { cache: address === SHELL ? "reload" : "default" })));
}

async function activate(): Promise<void> {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)));
  await scope.clients.claim();
}

// The shell that was installed with these files: a newer one would name files that are not here yet.
async function shell(request: Request): Promise<Response> {
  return (await caches.match(SHELL, { cacheName: CACHE })) ?? fetch(request);
}

async function kept(request: Request, pathname: string): Promise<Response> {
  return (await caches.match(pathname, { cacheName: CACHE })) ?? fetch(request);
}

function mark(text: string): string {
  let hash = 5381;
  for (let i = 0; i < text.length; i += 1) hash = (hash * 33 + text.charCodeAt(i)) | 0;
  return (hash >>> 0).toString(16);
}
