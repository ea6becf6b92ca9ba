// One question after the other: only what was answered is replaced, so that whatever else is typed stays.
import { bindUploads } from "../page/upload";

export function bindAudit(): void {
  const page = document.querySelector<HTMLElement>("[data-audit]");
  if (!page) return;
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !("auditAnswer" in form.dataset) || event.defaultPrevented) return;
    event.preventDefault();
    void send(form, page.dataset.sayFailed ?? "");
  });
  page.addEventListener("change", (event) => {
    const input = event.target;
    if (input instanceof HTMLInputElement && input.type === "radio" && input.name === "answer") chosen(input);
  });
}

// A wrong answer first needs its grade and a note; any other is recorded at once.
function chosen(input: HTMLInputElement): void {
  const form = input.form;
  const more = form?.querySelector<HTMLDetailsElement>("details.more");
  if (!form || !more) return;
  if ("fails" in input.dataset) {
    more.open = true;
    more.querySelector<HTMLInputElement>("input[name=grade]")?.focus();
    return;
  }
  const graded = form.querySelector<HTMLInputElement>("input[name=grade]:checked");
  const none = form.querySelector<HTMLInputElement>('input[name=grade][value=""]');
  if (graded?.value !== "observation" && none) none.checked = true;
  form.requestSubmit();
}

async function send(form: HTMLFormElement, failed: string): Promise<void> {
  if (form.classList.contains("is-sending")) return;
  form.classList.add("is-sending");
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { "X-In-Place": "1" } });
    if (answer.status >= 500) throw new Error(String(answer.status));
    if (answer.redirected || (answer.status !== 200 && answer.status !== 422)) location.assign(answer.url);
    else show(form, await answer.text());
  } catch {
    say(form, failed);
  } finally {
    form.classList.remove("is-sending");
  }
}

function show(form: HTMLFormElement, html: string): void {
  const own = form.closest("li")?.id ?? "";
  const fresh = new DOMParser().parseFromString(html, "text/html");
  for (const part of [...fresh.querySelectorAll<HTMLElement>("body > [id]")]) document.getElementById(part.id)?.replaceWith(part);
  bindUploads();
  const shown = document.getElementById(own);
  const target = shown?.querySelector<HTMLElement>("[data-first-error], input[name=answer]:checked, button");
  target?.focus({ preventScroll: true });
}

function say(form: HTMLFormElement, words: string): void {
  form.querySelector("[data-unsent]")?.remove();
  const box = document.createElement("div");
  box.className = "wrong";
  box.setAttribute("role", "alert");
  box.dataset.unsent = "";
  box.textContent = words;
  form.querySelector(".form-actions")?.before(box);
}
