// One call to the server and what became of it, so that no caller guesses from a status code.

export type Fetch = (input: string, init?: RequestInit) => Promise<Response>;

export type Answer =
  | { readonly kind: "ok"; readonly json: Record<string, unknown>; readonly response: Response }
  // Nobody is to blame: try again. `isDown` where not even an answer came.
  | { readonly kind: "later"; readonly isDown: boolean; readonly afterMs: number }
  | { readonly kind: "sign_in" }
  | { readonly kind: "refused"; readonly status: number; readonly sentence: string; readonly errors: readonly { at: string; message: string }[] };

export const PASSING = new Set([408, 423, 425, 429]);
const TIMEOUT_MS = 60_000;

export async function call(fetch: Fetch, address: string, init: RequestInit): Promise<Answer> {
  const given = new AbortController();
  const timer = setTimeout(() => given.abort(), TIMEOUT_MS);
  try {
    const response = await fetch(address, { ...ALONE, ...init, signal: given.signal });
    return await read(response);
  } catch {
    return { kind: "later", isDown: true, afterMs: 0 };
  } finally {
    clearTimeout(timer);
  }
}

export function post(fetch: Fetch, address: string, body: unknown, headers: Record<string, string> = {}, more: RequestInit = {}): Promise<Answer> {
  return call(fetch, address, { ...more, method: "POST", headers: { "Content-Type": "application/json", ...headers }, body: JSON.stringify(body) });
}

// A token speaks for its own person; the browser's session may be somebody else's on a shared tablet.
export const ALONE = { credentials: "omit", cache: "no-store" } as const;

export function bearer(token: string): Record<string, string> {
  return { Authorization: `Bearer ${token}` };
}

async function read(response: Response): Promise<Answer> {
  if (response.ok) {
    // A hotel's or a mast's own page answers 200 too, but not with an object.
    const json: unknown = await response.json();
    if (typeof json !== "object" || json === null) return { kind: "later", isDown: true, afterMs: 0 };
    return { kind: "ok", json: json as Record<string, unknown>, response };
  }
  if (response.status === 401) return { kind: "sign_in" };
  if (response.status >= 500 || PASSING.has(response.status)) return { kind: "later", isDown: false, afterMs: retryAfter(response.headers.get("Retry-After")) };
  return { kind: "refused", status: response.status, ...(await said(response)) };
}

function retryAfter(header: string | null): number {
  const seconds = Number(header ?? 0);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 300) * 1000 : 0;
}

async function said(response: Response): Promise<{ sentence: string; errors: { at: string; message: string }[] }> {
  try {
    return sentenceOf(await response.text(), response.status);
  } catch {
    return { sentence: String(response.status), errors: [] };
  }
}

// The server's own sentences out of problem details (RFC 9457).
export function sentenceOf(text: string, status: number): { sentence: string; errors: { at: string; message: string }[] } {
  try {
    const problem = JSON.parse(text) as { detail?: string; errors?: { at?: string; field?: string; message: string }[] };
    const errors = (problem.errors ?? []).map((error) => ({ at: error.at ?? error.field ?? "", message: error.message }));
    const words = [...new Set(errors.map((error) => error.message))].join(" ");
    return { sentence: words || problem.detail || String(status), errors };
  } catch {
    return { sentence: String(status), errors: [] };
  }
}
