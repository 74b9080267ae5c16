// One message: who, when, what, and what one may do with it.

import { act } from "./api.js";
import { attachments } from "./attachments.js";
import { blockNodes } from "./blocks.js";
import { el } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { files } from "./files.js";
import { icon } from "./icons.js";
import { menu } from "./menu.js";
import { mrkdwn, unescape } from "./mrkdwn.js";
import { avatar, nameOf } from "./people.js";
import { pickEmoji, reactionRow } from "./reactions.js";
import { openThread, store } from "./store.js";
import { clock, dayName, full, moment } from "./time.js";
import { toast } from "./toasts.js";

export function messageNode(message, { compact = false, inThread = false } = {}) {
  const classes = [
    "message",
    compact && "compact",
    message.only_for && "private",
    message.subtype === "tombstone" && "grave",
  ];
  const label = `${nameOf(message.user)} at ${clock(moment(message.ts))}`;
  return el(
    "article",
    { class: classes.filter(Boolean).join(" "), "data-ts": message.ts, "aria-label": label },
    message.only_for ? privateNote(message) : null,
    message.subtype === "thread_broadcast" ? broadcastNote(message, inThread) : null,
    el("div", { class: "gutter" }, compact ? stamp(message) : avatar(message.user)),
    el(
      "div",
      { class: "body" },
      compact ? null : heading(message),
      content(message),
      reactionRow(message),
      message.reply_count && !inThread ? threadLink(message) : null,
    ),
    message.only_for || message.subtype === "tombstone" ? null : toolbar(message, inThread),
  );
}

function heading(message) {
  const person = store.people.get(message.user);
  return el(
    "div",
    { class: "heading" },
    el("span", { class: "name" }, nameOf(message.user)),
    person?.is_bot ? el("span", { class: "badge" }, "APP") : null,
    stamp(message),
  );
}

function stamp(message) {
  const when = moment(message.ts);
  return el(
    "time",
    { class: "stamp", dateTime: when.toISOString(), title: full(when) },
    clock(when),
  );
}

function content(message) {
  // Slack marks edits of text only, not those of blocks.
  const edited =
    message.edited && !message.blocks?.length ? el("span", { class: "edited" }, "(edited)") : null;
  if (message.blocks?.length) {
    return el(
      "div",
      { class: "content" },
      blockNodes(message.blocks, actingIn(message)),
      attachments(message, actingIn(message)),
      files(message),
    );
  }
  return el(
    "div",
    { class: "content" },
    message.text || edited ? el("div", { class: "text" }, mrkdwn(message.text), edited) : null,
    attachments(message, actingIn(message)),
    files(message),
  );
}

// How the elements of this message tell the app that they were used.
function actingIn(message) {
  return {
    key: message.ts,
    act: (acted) => act("click", { channel: message.channel, ts: message.ts, ...acted }),
  };
}

function privateNote(message) {
  return el(
    "div",
    { class: "note" },
    icon("eye"),
    el("span", {}, "Only visible to you"),
    el(
      "button",
      {
        class: "link",
        type: "button",
        onclick: () => act("dismiss", { channel: message.channel, ts: message.ts }),
      },
      "Dismiss",
    ),
  );
}

function broadcastNote(message, inThread) {
  const parent = store.channels.get(message.channel)?.messages.get(message.thread_ts);
  if (inThread)
    return el("div", { class: "note" }, icon("hash"), el("span", {}, "Also sent to the channel"));
  return el(
    "div",
    { class: "note" },
    icon("reply"),
    el("span", {}, "replied to a thread: "),
    el(
      "button",
      {
        class: "link",
        type: "button",
        onclick: () => openThread(message.channel, message.thread_ts),
      },
      firstLine(parent?.text),
    ),
  );
}

const firstLine = (text = "open") =>
  withEmoji(
    unescape(
      text
        .split("\n")[0]
        .replaceAll(/[*_~`]/g, "")
        .slice(0, 70),
    ),
  );

function threadLink(message) {
  const when = moment(message.latest_reply);
  const replies = message.reply_count === 1 ? "1 reply" : `${message.reply_count} replies`;
  return el(
    "button",
    {
      class: "thread-link",
      type: "button",
      "data-key": `thread-${message.ts}`,
      onclick: () => openThread(message.channel, message.ts),
    },
    message.reply_users.slice(0, 3).map((user) => avatar(user, "tiny")),
    el("strong", {}, replies),
    el("span", { class: "faint" }, `Last reply ${dayName(when).toLowerCase()} at ${clock(when)}`),
  );
}

function toolbar(message, inThread) {
  const tool = (name, label, does) => {
    const button = el(
      "button",
      {
        class: "ghost",
        type: "button",
        title: label,
        "aria-label": label,
        "data-key": `${name}-${message.ts}`,
      },
      icon(name),
    );
    button.addEventListener("click", () => does(button));
    return button;
  };
  return el(
    "div",
    { class: "toolbar", role: "group", "aria-label": "What to do with this message" },
    tool("smile", "Add a reaction", (button) => pickEmoji(button, message)),
    inThread
      ? null
      : tool("reply", "Reply in a thread", () =>
          openThread(message.channel, message.thread_ts ?? message.ts),
        ),
    tool("link", "Copy the link", () => copyLink(message)),
    onMessages().length
      ? tool("more", "More actions", (button) =>
          menu(
            button,
            onMessages().map((shortcut) => entry(shortcut, message)),
            "More actions",
          ),
        )
      : null,
  );
}

const onMessages = () => store.shortcuts.filter((shortcut) => shortcut.on_message);

const entry = (shortcut, message) => ({
  label: shortcut.title,
  choose: () =>
    act("shortcut", {
      callback_id: shortcut.callback_id,
      channel: message.channel,
      ts: message.ts,
    }),
});

async function copyLink(message) {
  const link = `${location.origin}/archives/${message.channel}/p${message.ts.replace(".", "")}`;
  try {
    await navigator.clipboard.writeText(link);
    toast("Link copied.", "good");
  } catch {
    toast(link, "info", "The link");
  }
}
