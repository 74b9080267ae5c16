// The middle of the page: a channel with its messages, or the App Home.

import { act } from "./api.js";
import { composer } from "./composer.js";
import { el, fill, keepingFocus } from "./dom.js";
import { homeNode } from "./home.js";
import { icon } from "./icons.js";
import { avatar } from "./people.js";
import { emit, flush, go, markRead, on, rootMessages, store } from "./store.js";
import { Stream } from "./stream.js";

const box = el("div", {
  class: "stream",
  id: "stream",
  role: "log",
  tabIndex: 0,
  "aria-label": "Messages",
});
const stream = new Stream(box, { days: true });
const homeBox = el("div", { class: "home-box", id: "home" });
let drawn = "";

const current = () => store.channels.get(store.place.id);
const isHome = () => store.place.kind === "home" && store.place.tab !== "messages";

export function watchPane() {
  on("place", draw);
  on("messages", refresh);
  on("home", () => isHome() && drawHome());
  document.addEventListener("visibilitychange", refresh);
}

function draw() {
  const main = document.getElementById("main");
  const channel = current();
  const key = JSON.stringify([store.me, store.place, channel?.archived]);
  if (!isHome() && !channel) return;
  if (drawn === key) {
    main.querySelector(".head").replaceWith(head());
  } else {
    drawn = key;
    stream.clear();
    if (isHome()) fill(main, head(), tabs(), homeBox);
    else fill(main, head(), store.place.kind === "home" ? tabs() : null, box, foot(channel));
  }
  if (!isHome()) return refresh();
  drawHome();
  act("home");
}

function drawHome() {
  keepingFocus(homeBox, () => fill(homeBox, homeNode()));
}

function refresh() {
  const channel = current();
  if (!channel || isHome()) return;
  const messages = rootMessages(channel);
  stream.sync(messages);
  box.classList.toggle("quiet", messages.length === 0);
  if (document.visibilityState === "visible") markRead(channel);
}

function head() {
  const channel = current();
  const home = store.place.kind === "home";
  const title = home
    ? [el("span", { class: "head-app" }, avatar("U0SGWATCH", "small")), "sgwatch"]
    : [icon("hash"), channel?.name ?? ""];
  return el(
    "header",
    { class: "head" },
    el(
      "button",
      {
        class: "ghost drawer",
        type: "button",
        "aria-label": "Channels",
        onclick: () => document.getElementById("app").classList.toggle("drawn"),
      },
      icon("menu"),
    ),
    el("h1", {}, title),
    home
      ? el("span", { class: "badge" }, "APP")
      : el("p", { class: "topic", title: channel?.topic ?? "" }, channel?.topic ?? ""),
    home ? null : el("span", { class: "members", title: "Members" }, faces(channel)),
  );
}

function faces(channel) {
  const people = (channel?.members ?? []).filter((id) => store.people.has(id));
  return [
    people.slice(0, 5).map((id) => avatar(id, "tiny")),
    el("span", {}, String(people.length)),
  ];
}

function tabs() {
  const messages = store.place.tab === "messages";
  const tab = (label, on, place) =>
    el(
      "button",
      {
        class: `tab${on ? " on" : ""}`,
        type: "button",
        role: "tab",
        "aria-selected": String(on),
        onclick: () => go(place),
      },
      label,
    );
  const direct = [...store.channels.values()].find((channel) => channel.direct);
  return el(
    "div",
    { class: "tabs", role: "tablist", "aria-label": "sgwatch" },
    tab("Home", !messages, { kind: "home", id: "" }),
    tab("Messages", messages, { kind: "home", tab: "messages", id: direct?.id ?? "" }),
  );
}

function foot(channel) {
  if (channel.archived)
    return el("p", { class: "archived" }, icon("lock"), "This channel is archived.");
  const to = channel.direct ? "sgwatch" : `#${channel.name}`;
  return composer({
    channel: () => channel.id,
    placeholder: `Message ${to}, or type / for commands`,
    name: "composer",
  });
}

// Follows a link to a message: shows its channel, and its thread if it is a reply.
export function reveal(channel, ts, threadTs) {
  go({ kind: "channel", id: channel });
  if (threadTs) {
    store.thread = { channel, ts: threadTs };
    emit("thread");
  }
  flush();
  stream.reveal(threadTs ?? ts);
}
