// Runs before the first paint, so that a dark page never flashes white. Without a choice the device decides.
(() => {
  const KEY = "theme";
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => {
    let chosen = "";
    try { chosen = localStorage.getItem(KEY) || ""; } catch { /* storage is blocked: follow the device */ }
    document.documentElement.dataset.bsTheme = chosen || (dark.matches ? "dark" : "light");
    document.documentElement.dataset.themeChoice = chosen;
    document.dispatchEvent(new CustomEvent("theme-changed"));
  };
  window.chooseTheme = (theme) => {
    try { theme ? localStorage.setItem(KEY, theme) : localStorage.removeItem(KEY); } catch { /* as above */ }
    apply();
  };
  dark.addEventListener("change", apply);
  addEventListener("storage", (event) => { if (event.key === KEY) apply(); });
  apply();
})();
