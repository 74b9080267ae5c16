// rich_text blocks.

import { el } from "./dom.js";
import { emoji, withEmoji } from "./emoji.js";
import { channelLink, mention, safeLink, usergroup } from "./mentions.js";
import { formatted } from "./time.js";

const PARTS = {
  rich_text_section: (part) => el("div", { class: "text" }, inlines(part.elements)),
  rich_text_preformatted: (part) =>
    el("pre", { class: "fence", tabIndex: 0 }, inlines(part.elements)),
  rich_text_quote: (part) => el("blockquote", {}, inlines(part.elements)),
  rich_text_list: list,
};

const INLINE = {
  text: (part) => styled(part, withEmoji(part.text)),
  link: (part) => styled(part, [safeLink(part.url, withEmoji(part.text ?? part.url))]),
  emoji: (part) => emoji(part.name),
  user: (part) => mention(part.user_id),
  usergroup: (part) => usergroup(part.usergroup_id),
  channel: (part) => channelLink(part.channel_id),
  broadcast: (part) => el("span", { class: "mention loud" }, `@${part.range}`),
  date: (part) => el("time", {}, formatted(part.timestamp, part.format)),
  color: (part) => el("code", {}, part.value),
};

const STYLES = { code: "code", bold: "strong", italic: "em", strike: "s", underline: "u" };

export function richText(block) {
  return el(
    "div",
    { class: "rich" },
    block.elements.map((part) => PARTS[part.type]?.(part) ?? null),
  );
}

const inlines = (parts) => parts.map((part) => INLINE[part.type]?.(part) ?? null);

function list(part) {
  const items = part.elements.map((item) => el("li", {}, inlines(item.elements)));
  const node = el(part.style === "ordered" ? "ol" : "ul", {}, items);
  if (part.offset) node.start = part.offset + 1;
  node.style.setProperty("--indent", String(part.indent ?? 0));
  return node;
}

function styled(part, children) {
  let inner = children;
  for (const [name, tag] of Object.entries(STYLES)) {
    if (part.style?.[name]) inner = [el(tag, {}, inner)];
  }
  return el("span", {}, inner);
}
