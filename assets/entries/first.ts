// Runs before the page is painted: the appearance of the device, so that a dark room stays dark.
const root = document.documentElement;
if (root.dataset.theme === "auto") {
  root.dataset.bsTheme = window.matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
}
