// Forms whose shape depends on a choice: choosing presses the button that shows the fields that go with it.
export {};

for (const button of document.querySelectorAll<HTMLButtonElement>("button[data-shows]")) {
  button.hidden = true;
  for (const name of (button.dataset.shows ?? "").split(" ")) {
    const field = button.form?.elements.namedItem(name);
    if (field instanceof HTMLSelectElement) field.addEventListener("change", () => button.click());
  }
}
