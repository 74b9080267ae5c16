// Light, dark, or as the system has it.

import { el, fill } from "./dom.js";
import { icon } from "./icons.js";

const ORDER = ["system", "light", "dark"];
const ICONS = { system: "half", light: "sun", dark: "moon" };
const KEY = "sandbox.theme";

const current = () => localStorage.getItem(KEY) ?? "system";

export function applyTheme(theme = current()) {
  document.documentElement.dataset.theme = theme;
}

export function themeButton() {
  const button = el("button", { class: "ghost", type: "button", id: "theme" });
  const show = () => {
    const label = `Colours: ${current()}. Change`;
    button.setAttribute("aria-label", label);
    button.title = label;
    fill(button, icon(ICONS[current()]));
  };
  button.addEventListener("click", () => {
    const next = ORDER[(ORDER.indexOf(current()) + 1) % ORDER.length];
    localStorage.setItem(KEY, next);
    applyTheme(next);
    show();
  });
  show();
  return button;
}
