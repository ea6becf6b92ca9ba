// The lock on this device: keys that only a PIN opens, and rows that only an opened vault reads (WebCrypto).

export const ITERATIONS = 600_000;
export const TRIES = 5;
const IV_BYTES = 12;

export interface Sealed {
  readonly iv: Uint8Array<ArrayBuffer>;
  readonly data: ArrayBuffer;
}

// What the server released at enrolment, as base64url.
export interface Released {
  readonly device_key: string;
  readonly sign_key: string;
}

export interface Wrapped extends Sealed {
  readonly salt: Uint8Array<ArrayBuffer>;
  readonly iterations: number;
}

// The PIN does not open what is kept here.
export class WrongPin extends Error {
  constructor(readonly left: number) {
    super(left ? `The PIN is wrong; ${left} tries are left` : "The PIN was wrong too often; sign in online again");
  }
}

// A row was changed or belongs elsewhere; it is not shown.
export class Damaged extends Error {
  constructor() {
    super("What is kept on this device cannot be read");
  }
}

const utf8 = new TextEncoder();

export async function wrap(released: Released, pin: string, personId: string, iterations = ITERATIONS): Promise<Wrapped> {
  const salt = randomBytes(16);
  const key = await pinKey(pin, salt, iterations);
  return { salt, iterations, ...(await seal(key, utf8.encode(JSON.stringify(released)), personId)) };
}

// The released keys, or null where the PIN is another. They stay in the caller's hands only for a moment.
export async function unwrap(wrapped: Wrapped, pin: string, personId: string): Promise<Released | null> {
  const key = await pinKey(pin, wrapped.salt, wrapped.iterations);
  try {
    return JSON.parse(new TextDecoder().decode(await open(key, wrapped, personId))) as Released;
  } catch {
    return null;
  }
}

// Rows of the device: each sealed to its own place, so that none passes for another.
export class Vault {
  private constructor(private readonly key: CryptoKey) {}

  static async of(deviceKey: string): Promise<Vault> {
    return new Vault(await crypto.subtle.importKey("raw", fromBase64Url(deviceKey), "AES-GCM", false, ["encrypt", "decrypt"]));
  }

  async sealJson(value: unknown, place: string): Promise<Sealed> {
    return seal(this.key, utf8.encode(JSON.stringify(value)), place);
  }

  async openJson<T>(sealed: Sealed, place: string): Promise<T> {
    return JSON.parse(new TextDecoder().decode(await this.openBytes(sealed, place))) as T;
  }

  async sealBytes(bytes: ArrayBuffer, place: string): Promise<Sealed> {
    return seal(this.key, new Uint8Array(bytes), place);
  }

  async openBytes(sealed: Sealed, place: string): Promise<ArrayBuffer> {
    try {
      return await open(this.key, sealed, place);
    } catch {
      throw new Damaged();
    }
  }
}

// The device's proof of a signature: HMAC-SHA256 in hex over its statement.
export async function proofOf(signKey: string, inspection: string, said: Omit<SignatureStatement, "proof">): Promise<string> {
  const key = await crypto.subtle.importKey("raw", fromBase64Url(signKey), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const lines = ["goldseal.floor-sign/1", inspection, said.id, said.role, said.meaning, said.at, said.record_hash];
  return hex(await crypto.subtle.sign("HMAC", key, utf8.encode(lines.join("\n"))));
}

interface SignatureStatement {
  readonly id: string;
  readonly role: string;
  readonly meaning: string;
  readonly at: string;
  readonly record_hash: string;
  readonly proof: string;
}

export async function sha256OfBytes(bytes: ArrayBuffer): Promise<string> {
  return hex(await crypto.subtle.digest("SHA-256", bytes));
}

async function pinKey(pin: string, salt: Uint8Array<ArrayBuffer>, iterations: number): Promise<CryptoKey> {
  const base = await crypto.subtle.importKey("raw", utf8.encode(pin), "PBKDF2", false, ["deriveKey"]);
  return crypto.subtle.deriveKey({ name: "PBKDF2", hash: "SHA-256", salt, iterations }, base, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

async function seal(key: CryptoKey, bytes: Uint8Array<ArrayBuffer>, place: string): Promise<Sealed> {
  const iv = randomBytes(IV_BYTES);
  return { iv, data: await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: utf8.encode(place) }, key, bytes) };
}

async function open(key: CryptoKey, { iv, data }: Sealed, place: string): Promise<ArrayBuffer> {
  return crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData: utf8.encode(place) }, key, data);
}

export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (sign) => sign.charCodeAt(0));
}

function randomBytes(size: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(size));
}

function hex(bytes: ArrayBuffer): string {
  return [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
