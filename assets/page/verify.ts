// A dropped PDF: its SHA-256 is computed here and only that is sent; the file follows if the person asks for it.

const MOST_BYTES = 20 * 1024 * 1024;

async function fingerprint(file: File): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", await file.arrayBuffer());
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

export function bindVerification(): void {
  const form = document.querySelector<HTMLFormElement>("#verify-form");
  const input = document.querySelector<HTMLInputElement>("#verify-file");
  const answer = document.querySelector<HTMLElement>("#verify-answer");
  if (!form || !input || !answer) return;
  // Without a secure context the browser offers no digest; the form then sends the file as it is.
  const canFingerprint = typeof crypto !== "undefined" && crypto.subtle !== undefined;
  if (!canFingerprint) return;
  form.querySelector<HTMLElement>("[data-without-script]")!.hidden = true;

  const say = (text: string): void => {
    const line = document.createElement("p");
    line.className = "notice";
    line.setAttribute("role", "status");
    line.textContent = text;
    answer.replaceChildren(line);
  };

  const ask = async (body: FormData): Promise<void> => {
    try {
      const response = await fetch(`${form.action}?fragment`, { method: "POST", body, credentials: "same-origin" });
      if (!response.ok) {
        const known: Record<number, string | undefined> = { 429: form.dataset.tooMany, 413: form.dataset.tooLarge };
        return say(known[response.status] ?? form.dataset.failed ?? "");
      }
      // Our own server's fragment, escaped by its templates.
      answer.innerHTML = await response.text();
      answer.focus();
    } catch {
      say(form.dataset.failed ?? "");
    }
  };

  const check = async (file: File): Promise<void> => {
    if (file.size > MOST_BYTES) return say(form.dataset.tooLarge ?? "");
    say(form.dataset.working ?? "");
    const body = new FormData();
    try {
      body.set("sha256", await fingerprint(file));
    } catch {
      return say(form.dataset.failed ?? "");
    }
    await ask(body);
    answer.querySelector<HTMLButtonElement>("[data-send-file]")?.addEventListener("click", () => {
      say(form.dataset.sending ?? "");
      const whole = new FormData();
      whole.set("file", file, "report.pdf");
      void ask(whole);
    });
  };

  input.addEventListener("change", () => {
    const file = input.files?.[0];
    if (file) void check(file);
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const file = input.files?.[0];
    if (file) void check(file);
  });
  for (const kind of ["dragenter", "dragover"] as const) {
    form.addEventListener(kind, (event) => {
      event.preventDefault();
      form.classList.add("is-over");
    });
  }
  for (const kind of ["dragleave", "drop"] as const) form.addEventListener(kind, () => form.classList.remove("is-over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    const file = event.dataTransfer?.files[0];
    if (file) void check(file);
  });
}
