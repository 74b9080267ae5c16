// The markdown block: the part of Markdown that Slack shows.

import { el } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { safeLink } from "./mentions.js";

const INLINE =
  /(`[^`\n]+`)|(\*\*[^\n]+?\*\*)|(\*[^*\n]+\*|_[^_\n]+_)|(~~[^\n]+?~~)|(\[[^\]\n]+\]\([^)\s]+\))/;
const ITEM = /^\s*(?:[-*+]|(\d+)[.)])\s+(.*)$/;

export function markdown(text) {
  const nodes = [];
  const lines = text.split("\n");
  while (lines.length) nodes.push(...block(lines));
  return nodes;
}

// Takes the lines of one block from the front.
function block(lines) {
  const line = lines.shift();
  if (line.trim() === "") return [];
  if (line.startsWith("```")) {
    const end = lines.findIndex((other) => other.startsWith("```"));
    const code = lines.splice(0, end === -1 ? lines.length : end + 1);
    if (end !== -1) code.pop();
    return [el("pre", { class: "fence", tabIndex: 0 }, code.join("\n"))];
  }
  if (/^(-{3,}|\*{3,}|_{3,})\s*$/.test(line)) return [el("hr", {})];
  const heading = line.match(/^(#{1,6})\s+(.*)$/);
  if (heading) return [el("h4", { class: `level-${heading[1].length}` }, spans(heading[2]))];
  if (line.startsWith(">"))
    return [
      el(
        "blockquote",
        {},
        spans(
          [line, ...whileFits(lines, /^>/)].map((quoted) => quoted.replace(/^> ?/, "")).join("\n"),
        ),
      ),
    ];
  const item = line.match(ITEM);
  if (item) return [list([line, ...whileFits(lines, ITEM)], item[1])];
  return [
    el(
      "p",
      {},
      spans(
        [line, ...whileFits(lines, /^(?!\s*$|```|#{1,6}\s|>|\s*(?:[-*+]|\d+[.)])\s)/)].join("\n"),
      ),
    ),
  ];
}

function whileFits(lines, pattern) {
  const end = lines.findIndex((line) => !pattern.test(line));
  return lines.splice(0, end === -1 ? lines.length : end);
}

const list = (lines, number) =>
  el(
    number ? "ol" : "ul",
    number ? { start: Number(number) } : {},
    lines.map((line) => el("li", {}, spans(line.match(ITEM)[2]))),
  );

function spans(text) {
  const found = text.match(INLINE);
  if (!found) return withEmoji(text);
  const [whole, code, bold, italic, strike] = found;
  return [
    ...withEmoji(text.slice(0, found.index)),
    span(whole, { code, bold, italic, strike }),
    ...spans(text.slice(found.index + whole.length)),
  ];
}

function span(whole, { code, bold, italic, strike }) {
  if (code) return el("code", {}, whole.slice(1, -1));
  if (bold) return el("strong", {}, spans(whole.slice(2, -2)));
  if (italic) return el("em", {}, spans(whole.slice(1, -1)));
  if (strike) return el("s", {}, spans(whole.slice(2, -2)));
  const [, words, url] = whole.match(/^\[(.+)\]\((.+)\)$/);
  return safeLink(url, spans(words));
}
