// Slack's mrkdwn to DOM nodes. What is not understood stays text.

import { el } from "./dom.js";
import { emoji, withEmoji } from "./emoji.js";
import { channelLink, mention, safeLink, usergroup } from "./mentions.js";
import { formatted } from "./time.js";

const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">" };
const MARKS = { "*": "strong", _: "em", "~": "s" };
const WORD = /[\p{L}\p{N}]/u;
const EMOJI = /^:([a-z0-9_+'-]+(?:::skin-tone-\d)?):/;

export const unescape = (text) => text.replaceAll(/&(?:amp|lt|gt);/g, (entity) => ENTITIES[entity]);

// Code fences first, then lines that quote, then what stands within a line.
export function mrkdwn(text) {
  const parts = text.split(/(```[\s\S]+?```)/);
  return parts.flatMap((part, index) => {
    if (index % 2) return [fence(part.slice(3, -3))];
    // A fence stands on lines of its own: the breaks beside it are not shown twice.
    const after = index > 0 ? part.replace(/^\n/, "") : part;
    return quotes(index < parts.length - 1 ? after.replace(/\n$/, "") : after);
  });
}

function fence(code) {
  const inside = inCode(code.replace(/^\n/, "").replace(/\n$/, ""));
  return el("pre", { class: "fence", tabIndex: 0 }, inside);
}

function quotes(text) {
  if (text === "") return [];
  const everything = text.match(/^([\s\S]*?)(?:^|\n)(?:&gt;|>){3} ?([\s\S]*)$/);
  if (everything) return [...quotes(everything[1]), el("blockquote", {}, inline(everything[2]))];
  const groups = [];
  for (const line of text.split("\n")) {
    const quoted = line.match(/^(?:&gt;|>) ?(.*)$/);
    const last = groups.at(-1);
    if (last && last.quoted === Boolean(quoted)) last.lines.push(quoted ? quoted[1] : line);
    else groups.push({ quoted: Boolean(quoted), lines: [quoted ? quoted[1] : line] });
  }
  return groups.flatMap(({ quoted, lines }) => {
    const inside = inline(lines.join("\n"));
    return quoted ? [el("blockquote", {}, inside)] : inside;
  });
}

export function inline(text) {
  const nodes = [];
  let plain = "";
  const flush = () => {
    nodes.push(...withEmoji(unescape(plain)));
    plain = "";
  };
  let at = 0;
  while (at < text.length) {
    const found = special(text, at);
    if (found) {
      flush();
      nodes.push(found.node);
      at = found.end;
    } else {
      plain += text[at];
      at += 1;
    }
  }
  flush();
  return nodes;
}

function special(text, at) {
  const character = text[at];
  if (character === "<") return angle(text, at);
  if (character === "`") return code(text, at);
  if (character in MARKS) return marked(text, at);
  if (character === ":") {
    const name = text.slice(at, at + 104).match(EMOJI);
    const node = name && emoji(name[1]);
    if (node instanceof Node) return { node, end: at + name[0].length };
  }
  return null;
}

function code(text, at) {
  const end = text.indexOf("`", at + 1);
  if (end <= at + 1 || text.slice(at, end).includes("\n")) return null;
  return { node: el("code", {}, inCode(text.slice(at + 1, end))), end: end + 1 };
}

// In code, links keep their words and nothing else is special.
function inCode(text) {
  return text.split(/(<[^<>\n]+>)/).flatMap((part) => {
    const link = part.match(/^<((?:https?|mailto):[^|>]+)(?:\|([^>]*))?>$/);
    if (link) return [safeLink(unescape(link[1]), [unescape(link[2] ?? link[1])])];
    return withEmoji(unescape(part));
  });
}

function marked(text, at) {
  const mark = text[at];
  const before = text[at - 1] ?? " ";
  const next = text[at + 1] ?? " ";
  if (WORD.test(before) || before === mark || /\s/.test(next) || next === mark) return null;
  for (let end = text.indexOf(mark, at + 2); end !== -1; end = text.indexOf(mark, end + 1)) {
    if (text.slice(at, end).includes("\n")) return null;
    const after = text[end + 1] ?? " ";
    if (/\s/.test(text[end - 1]) || WORD.test(after) || after === mark) continue;
    return { node: el(MARKS[mark], {}, inline(text.slice(at + 1, end))), end: end + 1 };
  }
  return null;
}

function angle(text, at) {
  const close = text.indexOf(">", at);
  if (close === -1) return null;
  const node = reference(text.slice(at + 1, close));
  return node && { node, end: close + 1 };
}

function reference(inside) {
  const [target, label] = splitOnce(inside, "|");
  if (target.startsWith("@")) return mention(target.slice(1));
  if (target.startsWith("#")) return channelLink(target.slice(1), label);
  if (target.startsWith("!subteam^")) return usergroup(target.slice(9), label);
  if (target.startsWith("!date^")) return date(target.slice(6), label);
  if (target.startsWith("!")) return el("span", { class: "mention loud" }, `@${target.slice(1)}`);
  if (!/^(https?|mailto):/i.test(target)) return null;
  const words = label === undefined ? unescape(target).replace(/^mailto:/, "") : unescape(label);
  return safeLink(unescape(target), withEmoji(words));
}

function date(inside, fallback) {
  const [seconds, format = "", link] = inside.split("^");
  if (!/^\d+$/.test(seconds)) return el("span", {}, unescape(fallback ?? inside));
  const said = unescape(formatted(seconds, format));
  const when = new Date(Number(seconds) * 1000);
  const time = el("time", { dateTime: when.toISOString(), title: unescape(fallback ?? "") }, said);
  return link ? safeLink(unescape(link), [time]) : time;
}

function splitOnce(text, separator) {
  const at = text.indexOf(separator);
  return at === -1 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)];
}

// A text object of either kind.
export function textObject(object) {
  if (!object) return [];
  return object.type === "mrkdwn" ? mrkdwn(object.text) : plainText(object.text);
}

// Plain text knows emoji names and nothing else.
export function plainText(text) {
  return text.split(/(:[a-z0-9_+'-]+:)/).flatMap((part) => {
    const name = part.match(/^:([a-z0-9_+'-]+):$/);
    const node = name && emoji(name[1]);
    return node instanceof Node ? [node] : withEmoji(part);
  });
}
