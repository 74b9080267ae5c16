// Names of people, groups and channels in running text, and links.

import { el } from "./dom.js";
import { go, store } from "./store.js";

export function mention(id) {
  const person = store.people.get(id.split("|")[0]);
  const mine = id === store.me ? " mine" : "";
  return el(
    "span",
    { class: `mention${mine}`, title: person?.title || null },
    `@${person?.name ?? id}`,
  );
}

export function usergroup(id, label) {
  const group = store.groups.get(id);
  const mine = group?.users.includes(store.me) ? " mine" : "";
  return el(
    "span",
    { class: `mention${mine}`, title: group?.name ?? null },
    `@${group?.handle ?? label?.replace(/^@/, "") ?? id}`,
  );
}

export function channelLink(id, label) {
  const channel = store.channels.get(id);
  if (!channel) return el("span", { class: "mention" }, `#${label ?? id}`);
  return el(
    "button",
    { class: "mention channel", type: "button", onclick: () => go({ kind: "channel", id }) },
    `#${channel.name}`,
  );
}

// Only addresses that a click may safely follow become links.
export function safeLink(url, words) {
  if (!/^(https?:\/\/|mailto:)/i.test(url)) return el("span", {}, words);
  return el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, words);
}
