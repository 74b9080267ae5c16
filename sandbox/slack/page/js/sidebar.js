// The left side: channels with what is unread, the app, and scenarios to play.

import { el, fill, keepingFocus } from "./dom.js";
import { icon } from "./icons.js";
import { avatar } from "./people.js";
import { scenarioList } from "./scenarios.js";
import { go, on, store, unread } from "./store.js";

export function watchSidebar() {
  on("sidebar", draw);
}

export function draw() {
  const bar = document.getElementById("sidebar");
  keepingFocus(bar, () => fill(bar, channels(), apps(), scenarioList()));
  const waiting = [...store.channels.values()].reduce((sum, channel) => sum + unread(channel), 0);
  const place =
    store.place.kind === "home" ? "sgwatch" : (store.channels.get(store.place.id)?.name ?? "");
  document.title = `${waiting ? `(${waiting}) ` : ""}${place} · Example Corp`;
}

function visit(place) {
  document.getElementById("app").classList.remove("drawn");
  go(place);
}

function channels() {
  const shown = [...store.channels.values()].filter((channel) => !channel.direct);
  return el(
    "section",
    {},
    el("h2", {}, "Channels"),
    el(
      "ul",
      {},
      shown.map((channel) => el("li", {}, channelEntry(channel))),
    ),
  );
}

function channelEntry(channel) {
  const count = unread(channel);
  const here = store.place.kind === "channel" && store.place.id === channel.id;
  return el(
    "button",
    {
      class: `place${here ? " here" : ""}${count ? " news" : ""}`,
      type: "button",
      "aria-current": here ? "page" : null,
      "data-key": channel.id,
      onclick: () => visit({ kind: "channel", id: channel.id }),
    },
    icon(channel.archived ? "lock" : "hash"),
    el("span", {}, channel.name),
    count ? el("span", { class: "count", "aria-label": `${count} unread` }, String(count)) : null,
  );
}

function apps() {
  const direct = [...store.channels.values()].find((channel) => channel.direct);
  const count = direct ? unread(direct) : 0;
  const here = store.place.kind === "home";
  return el(
    "section",
    {},
    el("h2", {}, "Apps"),
    el(
      "button",
      {
        class: `place${here ? " here" : ""}${count ? " news" : ""}`,
        type: "button",
        "aria-current": here ? "page" : null,
        "data-key": "app-home",
        onclick: () =>
          visit(
            count ? { kind: "home", tab: "messages", id: direct.id } : { kind: "home", id: "" },
          ),
      },
      avatar("U0SGWATCH", "tiny"),
      el("span", {}, "sgwatch"),
      count ? el("span", { class: "count", "aria-label": `${count} unread` }, String(count)) : null,
    ),
  );
}
