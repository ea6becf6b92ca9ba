// The page of the offline verifier: takes a PDF, says what its seal says, in English or Bangla.
import { examine, type Finding, type Kind, type Pin } from "./seal";
import { WORDS, type Language } from "./words";

interface Given {
  issuer: string;
  made_at: string;
  language: Language;
  certificates: Pin[];
}

const SHAPES: Record<Kind, string> = { intact: "✓", altered: "✕", foreign: "?", unsigned: "?" };

const given = JSON.parse(document.querySelector("#given")!.textContent!) as Given;
let language: Language = given.language;
let last: { finding: Finding; name: string } | undefined;

const input = document.querySelector<HTMLInputElement>("#file")!;
const answer = document.querySelector<HTMLElement>("#answer")!;

function element(name: string, text: string, css = ""): HTMLElement {
  const made = document.createElement(name);
  made.textContent = text;
  if (css) made.className = css;
  return made;
}

// Digits and dates as the language writes them; numbers of reports and fingerprints stay as they are on paper.
const PLACES: Record<Language, string> = { en: "en-GB", bn: "bn-BD" };

function moment(at: Date, timeStyle?: "short"): string {
  return new Intl.DateTimeFormat(PLACES[language], { dateStyle: "long", timeStyle, hourCycle: "h23", timeZone: "UTC" }).format(at);
}

function number(value: unknown): unknown {
  return typeof value === "number" ? new Intl.NumberFormat(PLACES[language]).format(value) : value;
}

function facts(finding: Finding): [string, string][] {
  const words = WORDS[language];
  const record = (finding.record ?? {}) as { report?: Record<string, unknown>; workspace?: Record<string, unknown>; verdict?: Record<string, unknown> };
  const rows: [string, string][] = [];
  const add = (label: string, value: unknown): void => {
    if (value !== undefined && value !== null && value !== "") rows.push([label, String(value)]);
  };
  if (finding.kind === "intact") {
    add(words.report, record.report?.number);
    add(words.version, number(record.report?.version));
    add(words.issuedBy, record.workspace?.name);
    add(words.verdict, words.verdicts[String(record.verdict?.overall)] ?? record.verdict?.overall);
    add(words.sealed, finding.sealedAt && `${moment(finding.sealedAt, "short")} UTC`);
    add(words.contentHash, finding.contentHash);
  }
  add(words.certificate, finding.signedBy);
  add(words.fileHash, finding.fileHash);
  return rows;
}

function show(): void {
  const words = WORDS[language];
  document.documentElement.lang = language;
  document.title = words.title;
  for (const place of document.querySelectorAll<HTMLElement>("[data-words]")) {
    place.textContent = words[place.dataset.words as "title"];
  }
  document.querySelector("#issuer")!.textContent = `${words.madeFor} ${given.issuer}, ${moment(new Date(given.made_at))}`;
  answer.replaceChildren();
  if (!last) return;
  const { finding, name } = last;
  const head = element("div", "", `head ${finding.kind}`);
  head.append(element("span", SHAPES[finding.kind], "shape"), element("strong", words.kinds[finding.kind]));
  answer.append(head, element("p", name, "file"), element("p", words.reasons[finding.reason]));
  const list = document.createElement("dl");
  for (const [label, value] of facts(finding)) list.append(element("dt", label), element("dd", value));
  answer.append(list);
  if (finding.kind === "intact") {
    answer.append(element("p", words.cannotKnow));
    const url = String((finding.record?.report as Record<string, unknown> | undefined)?.verify_url ?? "");
    if (/^https?:\/\//.test(url)) {
      const link = element("a", url) as HTMLAnchorElement;
      link.href = url;
      link.rel = "noreferrer";
      answer.append(link);
    }
  }
}

async function check(file: File): Promise<void> {
  answer.replaceChildren(element("p", WORDS[language].working));
  try {
    last = { name: file.name, finding: await examine(new Uint8Array(await file.arrayBuffer()), given.certificates) };
    show();
  } catch {
    last = undefined;
    answer.replaceChildren(element("p", WORDS[language].failed, "failed"));
  }
  answer.focus();
}

input.addEventListener("change", () => {
  const file = input.files?.[0];
  if (file) void check(file);
});
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", (event) => {
  event.preventDefault();
  const file = event.dataTransfer?.files[0];
  if (file) void check(file);
});
document.querySelector("#language")!.addEventListener("click", () => {
  language = language === "en" ? "bn" : "en";
  show();
});
show();
