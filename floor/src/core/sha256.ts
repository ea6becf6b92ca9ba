// SHA-256 at once (FIPS 180-4): the browser's own is asynchronous, and a state is derived between two taps.
// Only for records; photos, keys and proofs go through WebCrypto.

const K = new Uint32Array(64);
const H0 = new Uint32Array(8);
fillConstants();

export function sha256Hex(text: string): string {
  const bytes = new TextEncoder().encode(text);
  const blocks = padded(bytes);
  const h = H0.slice();
  const w = new Uint32Array(64);
  for (let start = 0; start < blocks.byteLength; start += 64) compress(h, w, blocks, start);
  return [...h].map((word) => word.toString(16).padStart(8, "0")).join("");
}

function padded(bytes: Uint8Array): DataView {
  const size = ((bytes.length + 8) >> 6) * 64 + 64;
  const blocks = new Uint8Array(size);
  blocks.set(bytes);
  blocks[bytes.length] = 0x80;
  const view = new DataView(blocks.buffer);
  view.setUint32(size - 8, Math.floor(bytes.length / 0x20000000));
  view.setUint32(size - 4, bytes.length << 3);
  return view;
}

function compress(h: Uint32Array, w: Uint32Array, blocks: DataView, start: number): void {
  for (let i = 0; i < 16; i += 1) w[i] = blocks.getUint32(start + 4 * i);
  for (let i = 16; i < 64; i += 1) {
    const [x, y] = [w[i - 15]!, w[i - 2]!];
    const s0 = turn(x, 7) ^ turn(x, 18) ^ (x >>> 3);
    const s1 = turn(y, 17) ^ turn(y, 19) ^ (y >>> 10);
    w[i] = (w[i - 16]! + s0 + w[i - 7]! + s1) | 0;
  }
  let a = h[0]!, b = h[1]!, c = h[2]!, d = h[3]!, e = h[4]!, f = h[5]!, g = h[6]!, k = h[7]!;
  for (let i = 0; i < 64; i += 1) {
    const t1 = (k + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i]! + w[i]!) | 0;
    const t2 = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    k = g; g = f; f = e; e = (d + t1) | 0; d = c; c = b; b = a; a = (t1 + t2) | 0;
  }
  [a, b, c, d, e, f, g, k].forEach((word, i) => (h[i] = h[i]! + word));
}

const turn = (x: number, by: number): number => (x >>> by) | (x << (32 - by));

// The first 32 bits of the fractional parts of the square and cube roots of the first primes.
function fillConstants(): void {
  const fractional = (x: number): number => ((x - Math.floor(x)) * 0x100000000) | 0;
  for (let n = 2, found = 0; found < 64; n += 1) {
    if (!isPrime(n)) continue;
    if (found < 8) H0[found] = fractional(Math.sqrt(n));
    K[found] = fractional(Math.cbrt(n));
    found += 1;
  }
}

function isPrime(n: number): boolean {
  for (let i = 2; i * i <= n; i += 1) if (n % i === 0) return false;
  return true;
}
