// Buttons that copy a field's text, for links that are shown once.

export function bindCopying(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-copy]")) {
    const field = document.querySelector<HTMLInputElement>(button.dataset.copy ?? "");
    if (!field) continue;
    field.addEventListener("focus", () => field.select());
    button.addEventListener("click", async () => {
      field.select();
      try {
        await navigator.clipboard.writeText(field.value);
        button.lastChild!.textContent = button.dataset.done ?? "";
      } catch {
        // Without the permission the selected text can still be copied by hand.
        field.focus();
      }
    });
  }
}
