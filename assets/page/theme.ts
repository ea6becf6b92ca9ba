// Light, dark or as the device: remembered in a cookie so that the server can render it at once.

export function bindTheme(): void {
  const root = document.documentElement;
  const device = window.matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    const wanted = root.dataset.theme ?? "auto";
    root.dataset.bsTheme = wanted === "auto" ? (device.matches ? "dark" : "light") : wanted;
    for (const button of document.querySelectorAll<HTMLElement>("[data-set-theme]")) {
      button.setAttribute("aria-pressed", String(button.dataset.setTheme === wanted));
    }
  };
  device.addEventListener("change", apply);
  document.addEventListener("click", (event) => {
    const button = (event.target as HTMLElement).closest<HTMLElement>("[data-set-theme]");
    if (!button?.dataset.setTheme) return;
    root.dataset.theme = button.dataset.setTheme;
    const secure = location.protocol === "https:" ? "; Secure" : "";
    document.cookie = `theme=${button.dataset.setTheme}; Path=/; Max-Age=31536000; SameSite=Lax${secure}`;
    apply();
  });
  apply();
}
