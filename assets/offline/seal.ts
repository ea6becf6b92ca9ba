// The seal of a report, checked without a server: every byte is under one signature by a certificate that this
// file was made for. It asks the same of a PDF as goldseal/reports/engine/verify.py, and nothing that a server knows.
import { concat, DerError, encode, fromHex, hex, isSame, parts, readValue, type Value } from "./der";

export interface Pin {
  fingerprint: string; // SHA-256 of the certificate, hex
  holder: string;
  not_before: string;
  not_after: string;
  revoked_at: string | null;
}

export type Kind = "intact" | "altered" | "foreign" | "unsigned";

export interface Finding {
  kind: Kind;
  // Why, as a code that the page puts into words.
  reason:
    | "holds"
    | "not_a_pdf"
    | "too_large"
    | "no_seal"
    | "several_seals"
    | "not_whole"
    | "changed"
    | "seal_damaged"
    | "unknown_signer"
    | "certificate_refused"
    | "no_record";
  fileHash: string;
  signedBy?: string;
  sealedAt?: Date | undefined;
  contentHash?: string;
  record?: Record<string, unknown>;
}

const MOST_BYTES = 20 * 1024 * 1024;
const MOST_RECORD_BYTES = 8 * 1024 * 1024;
const SIGNED_DATA = fromHex("06092a864886f70d010702");
const DATA = fromHex("06092a864886f70d010701");
const SHA256 = fromHex("0609608648016503040201");
const SHA256_WITH_RSA = fromHex("06092a864886f70d01010b");
const CONTENT_TYPE = fromHex("06092a864886f70d010903");
const MESSAGE_DIGEST = fromHex("06092a864886f70d010904");
const VERSION_1 = fromHex("020101");
const NULL = fromHex("0500");

export async function examine(pdf: Uint8Array, pins: Pin[]): Promise<Finding> {
  const fileHash = hex(await sha256(pdf));
  const answer = (kind: Kind, reason: Finding["reason"], more: Partial<Finding> = {}): Finding => ({ kind, reason, fileHash, ...more });
  if (pdf.length > MOST_BYTES) return answer("unsigned", "too_large");
  const text = latin1(pdf);
  if (!text.slice(0, 1024).includes("%PDF-")) return answer("unsigned", "not_a_pdf");
  const ranges = [...text.matchAll(/\/ByteRange\s*\[\s*(\d+) (\d+) (\d+) (\d+)\s*\]/g)];
  const range = ranges[0];
  if (!range) return answer(/ByteRange|ETSI\.CAdES\.detached|\/DocMDP/.test(text) ? "altered" : "unsigned", "no_seal");
  if (ranges.length > 1 || text.split("/ByteRange").length > 2) return answer("altered", "several_seals");
  const [start, length, resume, rest] = range.slice(1).map(Number) as [number, number, number, number];
  const gap = text.slice(length, resume);
  if (start !== 0 || resume + rest !== pdf.length || length >= resume || !/^<[0-9A-F]+>$/.test(gap)) {
    return answer("altered", "not_whole");
  }
  let seal: Seal;
  try {
    seal = await readSeal(gap);
  } catch {
    return answer("altered", "seal_damaged");
  }
  const sealedAt = statedTime(text);
  const about = { signedBy: seal.fingerprint, sealedAt };
  const covered = concat([pdf.subarray(0, length), pdf.subarray(resume)]);
  if (!isSame(await sha256(covered), seal.digest)) return answer("altered", "changed", about);
  if (!(await isSigned(seal))) return answer("altered", "seal_damaged", about);
  const pin = pins.find((one) => one.fingerprint === seal.fingerprint);
  if (!pin) return answer("foreign", "unknown_signer", about);
  if (!isInForce(pin, sealedAt)) return answer("altered", "certificate_refused", about);
  const record = await readRecord(pdf, text);
  if (!record) return answer("altered", "no_record", about);
  return answer("intact", "holds", { ...about, ...record });
}

interface Seal {
  fingerprint: string;
  publicKey: Uint8Array;
  signedAttributes: Uint8Array;
  signature: Uint8Array;
  digest: Uint8Array;
}

// RFC 5652, in the one form our seals have; the container is written anew and must be the same to the last digit,
// because its outer fields are not under the signature.
async function readSeal(gap: string): Promise<Seal> {
  const bytes = fromHex(gap.slice(1, -1));
  const info = readValue(bytes);
  const [, wrapped] = exactly(parts(info, 0x30), 2);
  const [signedData] = exactly(parts(wrapped!, 0xa0), 1);
  const [, , , certificates, signers] = exactly(parts(signedData!, 0x30), 5);
  const [certificate] = exactly(parts(certificates!, 0xa0), 1);
  const [signer] = exactly(parts(signers!, 0x31), 1);
  const inSigner = parts(signer!, 0x30);
  const [, sid, digestKind, attributes, signatureKind, signature, unsigned] = inSigner;
  if (inSigner.length < 6 || inSigner.length > 7 || attributes!.tag !== 0xa0 || signature!.tag !== 0x04) throw new DerError("signer");
  if (unsigned && unsigned.tag !== 0xa1) throw new DerError("signer");
  const holder = readCertificate(certificate!);
  if (!isSame(sid!.whole, encode(0x30, holder.issuer, holder.serial))) throw new DerError("another certificate");
  if (!isSame(signatureKind!.whole, encode(0x30, SHA256_WITH_RSA, NULL))) throw new DerError("signature's kind");
  if (![NULL, new Uint8Array()].some((none) => isSame(digestKind!.whole, encode(0x30, SHA256, none)))) throw new DerError("digest's kind");
  const rewritten = encode(
    0x30,
    SIGNED_DATA,
    encode(
      0xa0,
      encode(
        0x30,
        VERSION_1,
        encode(0x31, digestKind!.whole),
        encode(0x30, DATA),
        encode(0xa0, certificate!.whole),
        encode(0x31, encode(0x30, VERSION_1, sid!.whole, digestKind!.whole, attributes!.whole, signatureKind!.whole, signature!.whole, unsigned?.whole ?? new Uint8Array())),
      ),
    ),
  );
  const padded = new Uint8Array(bytes.length);
  padded.set(rewritten.subarray(0, bytes.length));
  if (rewritten.length > bytes.length || !isSame(padded, bytes)) throw new DerError("container");
  return {
    fingerprint: hex(await sha256(certificate!.whole)),
    publicKey: holder.publicKey,
    // Signed is the SET itself, not its place in the container (RFC 5652 §5.4).
    signedAttributes: encode(0x31, attributes!.body),
    signature: signature!.body,
    digest: statedDigest(attributes!),
  };
}

function exactly(values: Value[], count: number): Value[] {
  if (values.length !== count) throw new DerError("other parts than expected");
  return values;
}

function statedDigest(attributes: Value): Uint8Array {
  let digest: Uint8Array | undefined;
  let isData = false;
  for (const attribute of parts(attributes)) {
    const [name, values] = exactly(parts(attribute, 0x30), 2);
    const [value] = parts(values!, 0x31);
    if (isSame(name!.whole, MESSAGE_DIGEST)) {
      if (digest || value?.tag !== 0x04) throw new DerError("digest");
      digest = value.body;
    }
    if (isSame(name!.whole, CONTENT_TYPE)) isData = value !== undefined && isSame(value.whole, DATA);
  }
  if (!digest || !isData) throw new DerError("attributes");
  return digest;
}

// RFC 5280 §4.1.
function readCertificate(certificate: Value): { issuer: Uint8Array; serial: Uint8Array; publicKey: Uint8Array } {
  const [signed] = exactly(parts(certificate, 0x30), 3);
  const fields = parts(signed!, 0x30);
  if (fields[0]?.tag === 0xa0) fields.shift();
  const [serial, , issuer, , , publicKey] = fields;
  if (!serial || !issuer || !publicKey) throw new DerError("certificate");
  return { serial: serial.whole, issuer: issuer.whole, publicKey: publicKey.whole };
}

async function isSigned(seal: Seal): Promise<boolean> {
  try {
    const algorithm = { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256" };
    const key = await crypto.subtle.importKey("spki", own(seal.publicKey), algorithm, false, ["verify"]);
    return await crypto.subtle.verify(algorithm, key, own(seal.signature), own(seal.signedAttributes));
  } catch {
    return false;
  }
}

function isInForce(pin: Pin, at: Date | undefined): boolean {
  if (!at || at < new Date(pin.not_before) || at > new Date(pin.not_after)) return false;
  return !pin.revoked_at || at < new Date(pin.revoked_at);
}

// The time of sealing stands in the signature's dictionary, under the signature: /M (D:20261120104200+00'00').
function statedTime(text: string): Date | undefined {
  const around = text.slice(text.lastIndexOf("/ByteRange"), text.lastIndexOf("/ByteRange") + 4000);
  const found = /\/M\s*\(D:(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)(?:Z|([+-])(\d\d)(?:'|\\047)(\d\d)(?:'|\\047)?)?\)/.exec(unescaped(around));
  if (!found) return undefined;
  const [, year, month, day, hour, minute, second, sign, hours, minutes] = found;
  const offset = sign ? `${sign}${hours}:${minutes}` : "Z";
  return new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}${offset}`);
}

// PDF strings may carry characters as octal codes (ISO 32000-1 §7.3.4.2).
function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_all, digits: string) => String.fromCharCode(parseInt(digits, 8)));
}

// The attached record, by its name: (record.json) → its file specification → the stream. Its bytes are under the
// seal already. Reports are written with a plain cross-reference table, so every object stands in clear.
async function readRecord(pdf: Uint8Array, text: string): Promise<{ record: Record<string, unknown>; contentHash: string } | undefined> {
  const specifications = new Set([...text.matchAll(/\(record(?:\.|\\056)json\)\s*(\d+) 0 R/g)].map((found) => found[1]!));
  const [specification] = specifications;
  const about = specification && specifications.size === 1 ? objectAt(text, specification) : undefined;
  const stream = about && /\/EF\s*<<[^>]*?\/F\s+(\d+) 0 R/.exec(about.text)?.[1];
  const place = stream ? objectAt(text, stream) : undefined;
  const head = place && /^[^]*?>>\s*stream\r?\n/.exec(place.text)?.[0];
  const length = head && /\/Length\s+(\d+)/.exec(head)?.[1];
  if (!place || !head || !length) return undefined;
  const begin = place.at + head.length;
  const raw = pdf.subarray(begin, begin + Number(length));
  try {
    const bytes = /\/Filter\s*\/FlateDecode/.test(head) ? await inflate(raw) : raw;
    const record = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) as Record<string, unknown>;
    return { record, contentHash: hex(await sha256(bytes)) };
  } catch {
    return undefined;
  }
}

// Where an object's contents begin, in its latest form.
function objectAt(text: string, number: string): { at: number; text: string } | undefined {
  const mark = `\n${number} 0 obj`;
  const found = text.lastIndexOf(mark);
  if (found < 0) return undefined;
  const at = found + mark.length;
  const end = text.indexOf("endobj", at);
  return { at, text: text.slice(at, end < 0 ? undefined : end) };
}

async function inflate(bytes: Uint8Array): Promise<Uint8Array> {
  const reader = new Blob([own(bytes)]).stream().pipeThrough(new DecompressionStream("deflate")).getReader();
  const pieces: Uint8Array[] = [];
  for (let size = 0; ; ) {
    const { value, done } = await reader.read();
    if (done) return concat(pieces);
    size += value.length;
    if (size > MOST_RECORD_BYTES) throw new Error("the record is too large");
    pieces.push(value);
  }
}

async function sha256(bytes: Uint8Array): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", own(bytes)));
}

// The browser's functions take a buffer of their own, not a view into one.
function own(bytes: Uint8Array): ArrayBuffer {
  return bytes.slice().buffer as ArrayBuffer;
}

function latin1(bytes: Uint8Array): string {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return text;
}
