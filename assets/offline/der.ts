// Reading DER (X.690): one value at a time, definite shortest lengths only, anything else is refused.

export class DerError extends Error {}

export interface Value {
  tag: number;
  // The whole value with its head, and its contents alone; both are views, nothing is copied.
  whole: Uint8Array;
  body: Uint8Array;
}

export function readValue(bytes: Uint8Array, at = 0): Value {
  const tag = bytes[at];
  const first = bytes[at + 1];
  if (tag === undefined || first === undefined || (tag & 0x1f) === 0x1f) throw new DerError("no value");
  let head = 2;
  let size = first;
  if (first & 0x80) {
    const digits = first & 0x7f;
    if (digits === 0 || digits > 4) throw new DerError("length");
    size = 0;
    for (let i = 0; i < digits; i++) size = size * 256 + (bytes[at + 2 + i] ?? NaN);
    head += digits;
    const isShortest = size >= 0x80 && bytes[at + 2] !== 0;
    if (!isShortest) throw new DerError("length");
  }
  const end = at + head + size;
  if (!(end <= bytes.length)) throw new DerError("cut short");
  return { tag, whole: bytes.subarray(at, end), body: bytes.subarray(at + head, end) };
}

// The values inside a value, one after the other, to the last byte.
export function parts(value: Value, tag?: number): Value[] {
  if (tag !== undefined && value.tag !== tag) throw new DerError("another kind");
  const found: Value[] = [];
  for (let at = 0; at < value.body.length; ) {
    const one = readValue(value.body, at);
    found.push(one);
    at += one.whole.length;
  }
  return found;
}

export function encode(tag: number, ...bodies: Uint8Array[]): Uint8Array {
  const body = concat(bodies);
  const digits: number[] = [];
  for (let rest = body.length; rest > 0; rest = Math.floor(rest / 256)) digits.unshift(rest % 256);
  const head = body.length < 0x80 ? [tag, body.length] : [tag, 0x80 | digits.length, ...digits];
  return concat([Uint8Array.from(head), body]);
}

export function concat(pieces: Uint8Array[]): Uint8Array {
  const all = new Uint8Array(pieces.reduce((sum, piece) => sum + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}

export function hex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function fromHex(text: string): Uint8Array {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

export function isSame(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
