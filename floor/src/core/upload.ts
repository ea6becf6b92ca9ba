// One photo to the server by tus, resumed where it stopped: also after a restart, by the address kept with it.
import { DetailedError, Upload, type FileReader, type HttpRequest, type HttpResponse, type HttpStack } from "tus-js-client";
import { ALONE, PASSING, sentenceOf, type Fetch } from "./http";

const PART_BYTES = 512 * 1024;
// A part of half a megabyte over a line of 3 kB/s; a line slower than that is none.
const TIMEOUT_MS = 180_000;
const ATTACHMENT = "Goldseal-Attachment";

export type Uploaded =
  | { readonly kind: "kept" }
  | { readonly kind: "later"; readonly isDown: boolean; readonly isLost: boolean }
  | { readonly kind: "sign_in" }
  | { readonly kind: "refused"; readonly sentence: string };

export interface Photo {
  readonly bytes: Blob;
  readonly sha256: string;
  readonly type: string;
  readonly url: string;
  // The version of the statement of authority that the person has confirmed, or "".
  readonly attests: string;
}

export interface Way {
  readonly endpoint: string;
  readonly headers: Record<string, string>;
  readonly fetch: Fetch;
  // The address under which tus goes on, told as soon as it is known.
  begun(url: string): Promise<void>;
}

export function upload(photo: Photo, way: Way): Promise<Uploaded> {
  return new Promise((resolve) => {
    let attachment = "";
    let keeping = Promise.resolve();
    const sending: Upload = new Upload(photo.bytes, {
      endpoint: way.endpoint,
      uploadUrl: photo.url || null,
      uploadSize: photo.bytes.size,
      chunkSize: PART_BYTES,
      retryDelays: null,
      storeFingerprintForResuming: false,
      metadata: { filename: `${photo.sha256.slice(0, 12)}.${photo.type === "image/png" ? "png" : "jpg"}`, filetype: photo.type, sha256: photo.sha256, purpose: "evidence", ...(photo.attests ? { attests: photo.attests } : {}) },
      headers: way.headers,
      httpStack: new FetchStack(way.fetch),
      fileReader: READER,
      onUploadUrlAvailable: () => {
        if (sending.url && sending.url !== photo.url) keeping = way.begun(sending.url);
      },
      onAfterResponse: async (_request, response) => {
        attachment = response.getHeader(ATTACHMENT) ?? attachment;
        await keeping;
      },
      // Acknowledged is what the server has checked against its SHA-256 and named; all bytes alone are not.
      onSuccess: () => void keeping.then(() => resolve(attachment ? { kind: "kept" } : { kind: "later", isDown: false, isLost: true })),
      onError: (error) => void keeping.then(() => resolve(failed(error))),
    });
    sending.start();
  });
}

function failed(error: Error | DetailedError): Uploaded {
  const response = "originalResponse" in error ? error.originalResponse : null;
  if (!response) return { kind: "later", isDown: true, isLost: false };
  const status = response.getStatus();
  if (status === 401) return { kind: "sign_in" };
  // 409 where bytes were sent: the offset is another; where an upload was to begin it says what the person lacks. 404, 410, 460: begin anew, the upload is gone or its bytes are not what was announced.
  const isBeginning = "originalRequest" in error && error.originalRequest.getMethod() === "POST";
  if ((status === 409 && !isBeginning) || PASSING.has(status) || (status >= 500 && status !== 507)) return { kind: "later", isDown: false, isLost: false };
  if ([404, 410, 460].includes(status)) return { kind: "later", isDown: false, isLost: true };
  return { kind: "refused", sentence: sentenceOf(response.getBody(), status).sentence };
}

const READER: FileReader = {
  openFile: (input: Blob) =>
    Promise.resolve({
      size: input.size,
      slice: (start: number, end: number) => Promise.resolve({ value: input.slice(start, end), done: end >= input.size }),
      close: () => undefined,
    }),
};

// tus over the same `fetch` as everything else.
class FetchStack implements HttpStack {
  constructor(private readonly fetch: Fetch) {}

  createRequest(method: string, url: string): HttpRequest {
    return new FetchRequest(this.fetch, method, url);
  }

  getName(): string {
    return "fetch";
  }
}

class FetchRequest implements HttpRequest {
  private readonly headers: Record<string, string> = {};
  private readonly given = new AbortController();

  constructor(
    private readonly fetch: Fetch,
    private readonly method: string,
    private readonly url: string,
  ) {}

  getMethod = (): string => this.method;
  getURL = (): string => this.url;
  setHeader = (name: string, value: string): void => void (this.headers[name] = value);
  getHeader = (name: string): string | undefined => this.headers[name];
  setProgressHandler = (): void => undefined;
  getUnderlyingObject = (): undefined => undefined;

  async send(body: Blob | null): Promise<HttpResponse> {
    const timer = setTimeout(() => this.given.abort(), TIMEOUT_MS);
    try {
      return await this.answer(body);
    } finally {
      clearTimeout(timer);
    }
  }

  private async answer(body: Blob | null): Promise<HttpResponse> {
    const response = await this.fetch(this.url, { ...ALONE, method: this.method, headers: this.headers, body: body ?? null, signal: this.given.signal });
    const text = this.method === "HEAD" ? "" : await response.text();
    return {
      getStatus: () => response.status,
      getHeader: (name) => response.headers.get(name) ?? undefined,
      getBody: () => text,
      getUnderlyingObject: () => response,
    };
  }

  abort(): Promise<void> {
    this.given.abort();
    return Promise.resolve();
  }
}
