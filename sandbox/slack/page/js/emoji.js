// Emoji by name and by character. The ones that alerts use are drawn here, so that they look the
// same on machines without an emoji font.

import { el, svg } from "./dom.js";
import { DRAWN } from "./drawings.js";

const NAMES = {
  red_circle: "🔴",
  large_orange_circle: "🟠",
  large_yellow_circle: "🟡",
  large_blue_circle: "🔵",
  large_green_circle: "🟢",
  white_circle: "⚪",
  black_circle: "⚫",
  white_check_mark: "✅",
  heavy_check_mark: "✔",
  x: "❌",
  warning: "⚠",
  no_entry: "⛔",
  no_entry_sign: "🚫",
  rotating_light: "🚨",
  eyes: "👀",
  lock: "🔒",
  unlock: "🔓",
  hourglass_flowing_sand: "⏳",
  bell: "🔔",
  no_bell: "🔕",
  tada: "🎉",
  thumbsup: "👍",
  "+1": "👍",
  thumbsdown: "👎",
  "-1": "👎",
  raised_hands: "🙌",
  wave: "👋",
  fire: "🔥",
  mag: "🔍",
  shield: "🛡",
  robot_face: "🤖",
  heart: "❤",
  smile: "😄",
  thinking_face: "🤔",
  pray: "🙏",
  question: "❓",
  exclamation: "❗",
  arrow_right: "➡",
  arrows_counterclockwise: "🔄",
  point_right: "👉",
  pencil2: "✏",
  memo: "📝",
  link: "🔗",
  globe_with_meridians: "🌐",
  zzz: "💤",
  information_source: "ℹ",
  speech_balloon: "💬",
  ok_hand: "👌",
  rocket: "🚀",
  construction: "🚧",
  tornado: "🌪",
  paperclip: "📎",
  mega: "📣",
  pager: "📟",
  sleeping: "😴",
  arrow_double_up: "⏫",
  alarm_clock: "⏰",
};

export const PICKABLE = [
  "eyes",
  "white_check_mark",
  "+1",
  "-1",
  "rotating_light",
  "warning",
  "question",
  "raised_hands",
  "tada",
  "fire",
  "lock",
  "hourglass_flowing_sand",
];

const BY_CHARACTER = Object.fromEntries(
  Object.entries(NAMES).map(([name, character]) => [character, name]),
);
const ANY_DRAWN = new RegExp(`(${Object.keys(DRAWN).join("|")})\uFE0F?`, "gu");

export function emoji(name) {
  const character = NAMES[name.split("::")[0]];
  return character ? glyph(character, name) : `:${name}:`;
}

function glyph(character, name) {
  const drawing = DRAWN[character];
  const said = {
    class: "emoji",
    role: "img",
    "aria-label": `${name.replaceAll("_", " ")}`,
    title: `:${name}:`,
  };
  if (!drawing) return el("span", said, character);
  const picture = svg("svg", { viewBox: "0 0 20 20", "aria-hidden": "true" });
  for (const [tag, attributes] of drawing) picture.append(svg(tag, attributes));
  // The character stays, unseen, so that selecting and copying keeps it.
  return el("span", said, picture, el("span", { class: "unseen" }, character));
}

// Splits text so that the emoji that we draw become drawings.
export function withEmoji(text) {
  const parts = [];
  let from = 0;
  for (const found of text.matchAll(ANY_DRAWN)) {
    parts.push(text.slice(from, found.index), glyph(found[1], BY_CHARACTER[found[1]]));
    from = found.index + found[0].length;
  }
  parts.push(text.slice(from));
  return parts.filter((part) => part !== "");
}
