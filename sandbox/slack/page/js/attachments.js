// Legacy attachments: a bar of colour beside a title, text, fields or blocks.

import { blockNodes } from "./blocks.js";
import { el } from "./dom.js";
import { inline, mrkdwn } from "./mrkdwn.js";
import { safeLink } from "./mentions.js";

const NAMED = { good: "#2eae66", warning: "#f2c230", danger: "#e0344b" };

export function attachments(message, acting) {
  return (message.attachments ?? []).map((attachment) => {
    const node = el("div", { class: "attachment" }, parts(attachment, acting));
    const colour =
      NAMED[attachment.color] ??
      (/^#?[0-9a-f]{6}$/i.test(attachment.color ?? "")
        ? `#${attachment.color.replace("#", "")}`
        : "");
    if (colour) node.style.setProperty("--bar", colour);
    return node;
  });
}

function parts(attachment, acting) {
  if (attachment.blocks?.length) return blockNodes(attachment.blocks, acting);
  const title = attachment.title && inline(attachment.title);
  return [
    attachment.pretext ? el("div", { class: "text" }, mrkdwn(attachment.pretext)) : null,
    title
      ? el("strong", {}, attachment.title_link ? safeLink(attachment.title_link, title) : title)
      : null,
    attachment.text ? el("div", { class: "text" }, mrkdwn(attachment.text)) : null,
    attachment.fields?.length ? el("dl", { class: "fields" }, attachment.fields.map(field)) : null,
    attachment.footer ? el("div", { class: "context" }, mrkdwn(attachment.footer)) : null,
  ];
}

const field = ({ title, value }) =>
  el("div", { class: "field" }, el("dt", {}, title ?? ""), el("dd", {}, mrkdwn(value ?? "")));
