// Block Kit to DOM nodes.

import { el } from "./dom.js";
import { actingElement } from "./elements.js";
import { icon } from "./icons.js";
import { inputBlock } from "./inputs.js";
import { markdown } from "./markdown.js";
import { plainText, textObject } from "./mrkdwn.js";
import { richText } from "./richtext.js";
import { table } from "./table.js";

const RENDER = {
  section,
  header: (block) => el("h3", { class: "header" }, plainText(block.text.text)),
  divider: () => el("hr", {}),
  context: (block) => el("div", { class: "context" }, block.elements.map(contextPart)),
  actions: (block, acting) =>
    el(
      "div",
      { class: "actions" },
      block.elements.map((element) => actingElement(element, block, acting)),
    ),
  image: (block) =>
    el(
      "figure",
      { class: "image" },
      block.title ? el("figcaption", {}, plainText(block.title.text)) : null,
      picture(block),
    ),
  input: inputBlock,
  rich_text: (block) => richText(block),
  table: (block) => table(block),
  markdown: (block) => el("div", { class: "text markdown" }, markdown(block.text)),
  alert: (block) =>
    el(
      "div",
      { class: `callout ${block.level ?? "default"}`, role: "note" },
      icon("alert"),
      el("div", { class: "text" }, textObject(block.text)),
    ),
};

// ``acting`` says how elements tell that they were used; see message.js and modal.js.
export function blockNodes(blocks, acting) {
  return blocks.map((block) => {
    const render = RENDER[block.type];
    const node = render
      ? render(block, acting)
      : el("div", { class: "unknown" }, `[${block.type}]`);
    node.classList.add("block");
    node.dataset.block = block.block_id ?? "";
    return node;
  });
}

function section(block, acting) {
  const words = el("div", { class: "section-words" });
  if (block.text) words.append(el("div", { class: "text" }, textObject(block.text)));
  if (block.fields)
    words.append(
      el(
        "div",
        { class: "fields" },
        block.fields.map((field) => el("div", { class: "field text" }, textObject(field))),
      ),
    );
  const accessory = block.accessory;
  if (!accessory) return el("div", { class: "section" }, words);
  const beside =
    accessory.type === "image"
      ? picture(accessory, "thumb")
      : actingElement(accessory, block, acting);
  return el("div", { class: "section" }, words, el("div", { class: "accessory" }, beside));
}

function contextPart(part) {
  if (part.type === "image") return picture(part, "tiny");
  return el("span", { class: "text" }, textObject(part));
}

// Pictures are named, not loaded: the page speaks to nobody but its own server.
function picture({ alt_text: alt }, size = "") {
  return el(
    "span",
    { class: `picture ${size}`, role: "img", "aria-label": alt, title: alt },
    icon("image"),
    size ? null : el("span", {}, alt),
  );
}
