// The right pane: a message and the replies to it.

import { composer } from "./composer.js";
import { el, fill } from "./dom.js";
import { icon } from "./icons.js";
import { closeThread, on, store, threadMessages } from "./store.js";
import { Stream } from "./stream.js";

const box = el("div", { class: "stream", role: "log", tabIndex: 0, "aria-label": "Replies" });
const stream = new Stream(box, { inThread: true });
let drawn = "";

export function watchThread() {
  on("thread", draw);
  on("messages", refresh);
}

function draw() {
  const pane = document.getElementById("thread");
  const { thread } = store;
  pane.hidden = !thread;
  document.getElementById("app").classList.toggle("with-thread", Boolean(thread));
  if (!thread) {
    drawn = "";
    return;
  }
  const key = JSON.stringify([store.me, thread]);
  if (drawn !== key) {
    drawn = key;
    stream.clear();
    const channel = store.channels.get(thread.channel);
    fill(
      pane,
      el(
        "header",
        { class: "head" },
        el("h2", {}, "Thread"),
        el("p", { class: "topic" }, channel?.direct ? "sgwatch" : `#${channel?.name ?? ""}`),
        el(
          "button",
          {
            class: "ghost",
            type: "button",
            "aria-label": "Close the thread",
            title: "Close",
            onclick: closeThread,
          },
          icon("close"),
        ),
      ),
      box,
      composer({
        channel: () => thread.channel,
        placeholder: "Reply…",
        thread: () => thread.ts,
        name: "reply",
      }),
    );
    document.getElementById("reply").focus({ preventScroll: true });
  }
  refresh();
}

function refresh() {
  const channel = store.thread && store.channels.get(store.thread.channel);
  if (!channel) return;
  const parent = channel.messages.get(store.thread.ts);
  stream.sync([...(parent ? [parent] : []), ...threadMessages(channel, store.thread.ts)]);
}
