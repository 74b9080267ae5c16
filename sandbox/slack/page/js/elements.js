// Elements that act at once: buttons, menus and pickers in messages, modals and the App Home.

import { confirmed } from "./confirm.js";
import { el } from "./dom.js";
import { icon } from "./icons.js";
import { control, FIELDS } from "./inputs.js";
import { menu } from "./menu.js";
import { plainText } from "./mrkdwn.js";

export function actingElement(element, block, acting) {
  if (element.type === "button") return button(element, block, acting);
  if (element.type === "overflow") return overflow(element, block, acting);
  if (element.type in FIELDS) return field(element, block, acting);
  return el("span", { class: "unknown" }, `[${element.type}]`);
}

const keyOf = (element, block, acting) => `${acting.key}/${block.block_id}/${element.action_id}`;

function button(element, block, acting) {
  const node = el(
    "button",
    {
      class: `button ${element.style ?? ""}`,
      type: "button",
      "data-key": keyOf(element, block, acting),
      "data-action": element.action_id,
      "aria-label": element.accessibility_label ?? null,
    },
    el("span", {}, plainText(element.text.text)),
  );
  node.addEventListener("click", async () => {
    if (!(await confirmed(element.confirm))) return;
    if (/^https?:/i.test(element.url ?? "")) window.open(element.url, "_blank", "noopener");
    await busy(node, () => acting.act(acted(element, block, acting)));
  });
  return node;
}

function overflow(element, block, acting) {
  const node = el(
    "button",
    {
      class: "button square",
      type: "button",
      "aria-haspopup": "menu",
      "aria-label": "More",
      "data-key": keyOf(element, block, acting),
      "data-action": element.action_id,
    },
    icon("more"),
  );
  const entries = element.options.map((option) => ({
    label: option.text.text,
    content: plainText(option.text.text),
    choose: async () => {
      if (!(await confirmed(element.confirm))) return;
      if (/^https?:/i.test(option.url ?? "")) window.open(option.url, "_blank", "noopener");
      await busy(node, () => acting.act(acted(element, block, acting, option.value)));
    },
  }));
  node.addEventListener("click", () => menu(node, entries, "More"));
  return node;
}

function field(element, block, acting) {
  const label = element.placeholder?.text ?? element.action_id;
  const node = control(element, {
    key: keyOf(element, block, acting),
    label,
    value: acting.values?.get(block, element),
    changed: async (value, input) => {
      acting.values?.set(block, element, value);
      if (!(await confirmed(element.confirm))) return;
      await busy(input, () => acting.act(acted(element, block, acting, value)));
    },
  });
  node.dataset.action = element.action_id;
  return node;
}

function acted(element, block, acting, value) {
  return {
    action_id: element.action_id,
    block_id: block.block_id,
    value,
    values: acting.values?.all(),
  };
}

// Shows that the app was told and has not answered yet.
async function busy(node, work) {
  if (node.classList.contains("busy")) return;
  node.classList.add("busy");
  node.setAttribute("aria-busy", "true");
  try {
    const { answered } = await work();
    node.classList.toggle("failed", !answered);
  } finally {
    node.classList.remove("busy");
    node.removeAttribute("aria-busy");
  }
}
