// The keyboard: / searches, n makes a new one, g h goes home, ? shows this list.

export function bindKeys(): void {
  document.addEventListener("click", (event) => {
    const opener = (event.target as HTMLElement).closest<HTMLElement>("[data-open]");
    if (opener?.dataset.open) document.querySelector<HTMLDialogElement>(opener.dataset.open)?.showModal();
  });
  let waiting = "";
  document.addEventListener("keydown", (event) => {
    const target = event.target as HTMLElement;
    if (event.ctrlKey || event.metaKey || event.altKey || target.closest("input, textarea, select, [contenteditable], dialog")) return;
    const key = waiting + event.key;
    waiting = "";
    if (event.key === "g") {
      waiting = "g";
      window.setTimeout(() => (waiting = ""), 1200);
      return;
    }
    const goal = document.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`);
    if (!goal) return;
    event.preventDefault();
    if (goal instanceof HTMLDialogElement) goal.showModal();
    else if (goal.matches("input")) goal.focus();
    else goal.click();
  });
}
