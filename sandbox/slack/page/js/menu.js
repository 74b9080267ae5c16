// A menu that drops from a button: arrows move, Enter chooses, Esc closes.

import { el } from "./dom.js";

let open = null;

export function menu(anchor, entries, label, kind = "") {
  const again = open?.anchor === anchor;
  close();
  if (again) return;
  const items = entries.map((entry) =>
    el(
      "button",
      {
        class: `menu-item${entry.checked ? " checked" : ""}`,
        type: "button",
        role: entry.checked === undefined ? "menuitem" : "menuitemradio",
        "aria-checked": entry.checked === undefined ? null : String(entry.checked),
        "aria-label": entry.label,
        onclick: () => {
          close();
          entry.choose();
        },
      },
      entry.content ?? entry.label,
    ),
  );
  const panel = el("div", { class: `menu ${kind}`, role: "menu", "aria-label": label }, items);
  // Inside an open dialog everything else is inert, so the menu hangs there.
  (anchor.closest("dialog") ?? document.body).append(panel);
  place(panel, anchor);
  open = { anchor, panel };
  anchor.setAttribute("aria-expanded", "true");
  panel.addEventListener("keydown", (event) => onKey(event, items));
  (items.find((item) => item.classList.contains("checked")) ?? items[0])?.focus();
}

function place(panel, anchor) {
  const at = anchor.getBoundingClientRect();
  const { offsetWidth: width, offsetHeight: height } = panel;
  const below = at.bottom + height + 12 < innerHeight;
  const left = Math.min(Math.max(8, at.left), innerWidth - width - 8);
  Object.assign(panel.style, {
    left: `${left}px`,
    top: below ? `${at.bottom + 6}px` : `${Math.max(8, at.top - height - 6)}px`,
  });
}

function onKey(event, items) {
  const at = items.indexOf(document.activeElement);
  const steps = { ArrowDown: 1, ArrowRight: 1, ArrowUp: -1, ArrowLeft: -1 };
  if (event.key in steps) {
    event.preventDefault();
    items[(at + steps[event.key] + items.length) % items.length].focus();
  } else if (event.key === "Escape" || event.key === "Tab") {
    event.preventDefault();
    event.stopPropagation();
    close(true);
  }
}

export function close(refocus = false) {
  if (!open) return;
  const { anchor, panel } = open;
  open = null;
  panel.remove();
  anchor.setAttribute("aria-expanded", "false");
  if (refocus && anchor.isConnected) anchor.focus();
}

document.addEventListener("pointerdown", (event) => {
  if (open && !open.panel.contains(event.target) && !open.anchor.contains(event.target)) close();
});
addEventListener("resize", () => close());
