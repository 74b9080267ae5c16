// Short notices in the corner.

import { el } from "./dom.js";
import { icon } from "./icons.js";

const SECONDS = { info: 6, good: 6, error: 12 };
const ICONS = { info: "play", good: "check", error: "alert" };

export function toast(text, tone = "info", title = "") {
  const box = document.getElementById("toasts");
  const close = () => note.remove();
  const note = el(
    "div",
    { class: `toast ${tone}` },
    icon(ICONS[tone] ?? "play"),
    el(
      "div",
      { class: "toast-words" },
      title ? el("strong", {}, title) : null,
      text ? el("span", {}, text) : null,
    ),
    el(
      "button",
      { class: "ghost small", type: "button", "aria-label": "Dismiss this notice", onclick: close },
      icon("close"),
    ),
  );
  box.append(note);
  // In the top layer, and raised again: above a modal that has opened since.
  if (box.matches(":popover-open")) box.hidePopover();
  box.showPopover();
  setTimeout(close, (SECONDS[tone] ?? 6) * 1000);
}
