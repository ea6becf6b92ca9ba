// A question before what cannot be undone: a form with data-confirm opens the page's dialog first.

export function bindConfirmations(): void {
  const dialog = document.querySelector<HTMLDialogElement>("#confirm-dialog");
  if (!dialog) return;
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!(form instanceof HTMLFormElement) || !form.dataset.confirm || form.dataset.confirmed) return;
    event.preventDefault();
    const submitter = event.submitter instanceof HTMLElement ? event.submitter : null;
    dialog.querySelector("[data-question]")!.textContent = form.dataset.confirm;
    dialog.returnValue = "";
    dialog.addEventListener(
      "close",
      () => {
        if (dialog.returnValue !== "yes") return submitter?.focus();
        form.dataset.confirmed = "1";
        form.requestSubmit(submitter ?? undefined);
        delete form.dataset.confirmed;
      },
      { once: true },
    );
    dialog.showModal();
  });
}
