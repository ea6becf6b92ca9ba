// The service worker in a world of its own: caches, a network that can be cut, and what the page asks of it.
import { build } from "esbuild";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";

let script: string;

beforeAll(async () => {
  const entry = fileURLToPath(new URL("../src/sw.ts", import.meta.url));
  const built = await build({ entryPoints: [entry], bundle: true, write: false, format: "iife" });
  script = built.outputFiles[0]!.text;
});

type Listener = (event: object) => void;

interface Net {
  files: Map<string, string>;
  isDown: boolean;
  asked: string[];
}

// Caches outlive the worker, as they do in a browser.
class Caches {
  readonly kept = new Map<string, Map<string, string>>();

  constructor(private readonly net: Net) {}

  keys = (): Promise<string[]> => Promise.resolve([...this.kept.keys()]);
  delete = (name: string): Promise<boolean> => Promise.resolve(this.kept.delete(name));
  match = (address: string, { cacheName }: { cacheName: string }): Promise<Response | undefined> => {
    const found = this.kept.get(cacheName)?.get(address);
    return Promise.resolve(found === undefined ? undefined : new Response(found));
  };
  open = (name: string): Promise<object> =>
    Promise.resolve({
      addAll: (requests: Request[]) => {
        const paths = requests.map((request) => new URL(request.url).pathname);
        if (this.net.isDown || paths.some((path) => !this.net.files.has(path))) return Promise.reject(new TypeError("network"));
        this.kept.set(name, new Map(paths.map((path) => [path, this.net.files.get(path)!])));
        return Promise.resolve();
      },
    });
}

class Worker {
  private readonly listeners = new Map<string, Listener>();
  hasSkipped = false;

  constructor(net: Net, caches: Caches, files: string[]) {
    const scope = {
      __FILES: files,
      location: { origin: "http://floor" },
      clients: { claim: () => Promise.resolve() },
      skipWaiting: () => Promise.resolve((this.hasSkipped = true)),
      addEventListener: (name: string, act: Listener) => this.listeners.set(name, act),
    };
    const fetch = (request: { url: string }): Promise<Response> => {
      const { pathname } = new URL(request.url);
      net.asked.push(pathname);
      return net.isDown ? Promise.reject(new TypeError("network")) : Promise.resolve(new Response(net.files.get(pathname) ?? "none"));
    };
    // The real Request wants whole addresses; the browser knows the worker's own.
    class Asked extends Request {
      constructor(address: string) {
        super(new URL(address, "http://floor"));
      }
    }
    new Function("self", "caches", "fetch", "Request", script)(scope, caches, fetch, Asked);
  }

  async tell(name: string): Promise<void> {
    let work: Promise<unknown> = Promise.resolve();
    this.listeners.get(name)?.({ waitUntil: (given: Promise<unknown>) => (work = given) });
    await work;
  }

  say(data: unknown): void {
    this.listeners.get("message")?.({ data });
  }

  // Undefined where the worker leaves the request to the browser.
  ask(url: string, more: object = {}): Promise<string> | undefined {
    let answer: Promise<Response> | undefined;
    this.listeners.get("fetch")?.({ request: { url: `http://floor${url}`, method: "GET", mode: "cors", ...more }, respondWith: (given: Promise<Response>) => (answer = given) });
    return answer?.then((response) => response.text());
  }
}

const world = (): [Net, Caches] => {
  const net: Net = { files: new Map([["/floor/", "shell 1"], ["/static/build/floor/app-1.js", "app 1"]]), isDown: false, asked: [] };
  return [net, new Caches(net)];
};

test("once installed the app opens without a network, and only its own files come from the cache", async () => {
  const [net, caches] = world();
  const worker = new Worker(net, caches, ["/static/build/floor/app-1.js"]);
  await worker.tell("install");
  await worker.tell("activate");
  net.isDown = true;
  expect(await worker.ask("/floor/", { mode: "navigate" })).toBe("shell 1");
  expect(await worker.ask("/static/build/floor/app-1.js")).toBe("app 1");
  expect(worker.ask("/api/v1/floor/day")).toBe(undefined);
  expect(worker.ask("/floor/me")).toBe(undefined);
  expect(worker.ask("/floor/", { mode: "navigate", method: "POST" })).toBe(undefined);
  expect(net.asked).toEqual([]);
});

test("a new version is fetched whole, waits, and takes over only when told; the old one works until then", async () => {
  const [net, caches] = world();
  const old = new Worker(net, caches, ["/static/build/floor/app-1.js"]);
  await old.tell("install");
  net.files = new Map([["/floor/", "shell 2"], ["/static/build/floor/app-2.js", "app 2"]]);
  const next = new Worker(net, caches, ["/static/build/floor/app-2.js"]);
  await next.tell("install");
  expect(next.hasSkipped).toBe(false);
  expect(await old.ask("/floor/", { mode: "navigate" })).toBe("shell 1");
  next.say({ kind: "other" });
  expect(next.hasSkipped).toBe(false);
  next.say({ kind: "take" });
  expect(next.hasSkipped).toBe(true);
  await caches.open("another app").then((cache) => (cache as { addAll: (r: Request[]) => Promise<void> }).addAll([]));
  await next.tell("activate");
  expect([...caches.kept.values()].map((cache) => [...cache.values()])).toEqual([["shell 2", "app 2"], []]);
  expect(await next.ask("/floor/", { mode: "navigate" })).toBe("shell 2");
});

test("a version with a file missing is not installed", async () => {
  const [net, caches] = world();
  const worker = new Worker(net, caches, ["/static/build/floor/app-1.js", "/static/build/floor/lost.js"]);
  await expect(worker.tell("install")).rejects.toThrow();
  expect(caches.kept.size).toBe(0);
});
