// Emoji on messages.

import { act } from "./api.js";
import { el } from "./dom.js";
import { PICKABLE, emoji } from "./emoji.js";
import { icon } from "./icons.js";
import { menu } from "./menu.js";
import { nameOf } from "./people.js";
import { store } from "./store.js";

const words = (name) => name.replaceAll("_", " ");

export function reactionRow(message) {
  if (!message.reactions?.length) return null;
  const more = el(
    "button",
    {
      class: "reaction add",
      type: "button",
      "aria-label": "Add a reaction",
      title: "Add a reaction",
      "data-key": `react-${message.ts}`,
    },
    icon("smile"),
  );
  more.addEventListener("click", () => pickEmoji(more, message));
  return el(
    "div",
    { class: "reactions" },
    message.reactions.map((reaction) => chip(message, reaction)),
    more,
  );
}

function chip(message, { name, users, count }) {
  const mine = users.includes(store.me);
  const who = users.map(nameOf).join(", ");
  return el(
    "button",
    {
      class: `reaction${mine ? " mine" : ""}`,
      type: "button",
      title: `${who} reacted with :${name}:`,
      "aria-pressed": String(mine),
      "aria-label": `${words(name)}, ${count}, from ${who}`,
      "data-key": `${name}-${message.ts}`,
      onclick: () => react(message, name, mine),
    },
    emoji(name),
    el("span", {}, String(count)),
  );
}

const react = (message, name, remove) =>
  act("react", { channel: message.channel, ts: message.ts, name, remove });

export function pickEmoji(anchor, message) {
  const mine = (name) =>
    message.reactions?.some(
      (reaction) => reaction.name === name && reaction.users.includes(store.me),
    ) ?? false;
  const entries = PICKABLE.map((name) => ({
    label: words(name),
    content: emoji(name),
    choose: () => react(message, name, mine(name)),
  }));
  menu(anchor, entries, "Choose an emoji", "grid");
}
