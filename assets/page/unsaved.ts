// Asks before leaving a form in which something was typed and not yet sent.

export function bindUnsaved(): void {
  let isDirty = false;
  document.addEventListener("input", (event) => {
    if ((event.target as HTMLElement).closest("form[data-guard]")) isDirty = true;
  });
  document.addEventListener("submit", () => (isDirty = false));
  window.addEventListener("beforeunload", (event) => {
    if (isDirty) event.preventDefault();
  });
}
