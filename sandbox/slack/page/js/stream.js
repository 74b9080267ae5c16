// A list of messages that stays in step with what is known: nodes whose message did not change
// stay as they are, with their focus and their open menus.

import { el, keepingFocus } from "./dom.js";
import { messageNode } from "./message.js";
import { dayKey, dayName, moment } from "./time.js";

const COMPACT_SECONDS = 300;
const NEAR_END = 120;
const PAGE = 150;

export class Stream {
  constructor(box, options = {}) {
    this.box = box;
    this.options = options;
    this.nodes = new Map();
    this.messages = [];
    this.shown = PAGE;
    this.stuck = true;
    box.addEventListener("scroll", () => {
      this.stuck = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR_END;
    });
  }

  clear() {
    this.nodes.clear();
    this.box.replaceChildren();
    this.shown = PAGE;
    this.stuck = true;
  }

  sync(messages) {
    this.messages = messages;
    keepingFocus(this.box, () => this.rebuild(messages));
    if (this.stuck) this.box.scrollTop = this.box.scrollHeight;
  }

  rebuild(messages) {
    const wanted = this.rows(messages.slice(-this.shown));
    if (messages.length > this.shown) wanted.unshift(this.earlierRow());
    const keys = new Set(wanted.map((row) => row.key));
    for (const [key, { node }] of this.nodes) {
      if (keys.has(key)) continue;
      node.remove();
      this.nodes.delete(key);
    }
    let previous = null;
    for (const row of wanted) {
      const known = this.nodes.get(row.key);
      let node = known?.node;
      if (!known || known.message !== row.message || known.compact !== row.compact) {
        node = row.build();
        if (known) known.node.replaceWith(node);
        this.nodes.set(row.key, { node, message: row.message, compact: row.compact });
      }
      const place = previous ? previous.nextSibling : this.box.firstChild;
      if (place !== node) this.box.insertBefore(node, place);
      previous = node;
    }
  }

  rows(messages) {
    const rows = [];
    let before = null;
    for (const message of messages) {
      const newDay = !before || dayKey(before.ts) !== dayKey(message.ts);
      if (newDay && this.options.days) rows.push(dayRow(message));
      const compact = !newDay && sitsUnder(message, before);
      const { options } = this;
      rows.push({
        key: message.ts,
        message,
        compact,
        build: () => messageNode(message, { ...options, compact }),
      });
      before = message;
    }
    if (this.options.inThread && messages.length > 1)
      rows.splice(1, 0, countRow(messages.length - 1));
    return rows;
  }

  earlierRow() {
    const build = () =>
      el(
        "button",
        { class: "earlier link", type: "button", onclick: () => this.earlier() },
        "Show earlier messages",
      );
    return { key: "earlier", message: "earlier", compact: false, build };
  }

  // Shows more of the past without moving what is in view.
  earlier() {
    const fromEnd = this.box.scrollHeight - this.box.scrollTop;
    this.shown += PAGE;
    this.stuck = false;
    this.rebuild(this.messages);
    this.box.scrollTop = this.box.scrollHeight - fromEnd;
  }

  // Brings a message into view and marks it for a moment.
  reveal(ts) {
    while (!this.nodes.has(ts) && this.shown < this.messages.length) this.earlier();
    const node = this.nodes.get(ts)?.node;
    if (!node) return false;
    this.stuck = false;
    node.scrollIntoView({ block: "center" });
    node.classList.add("revealed");
    return true;
  }
}

function dayRow(message) {
  const key = `day-${dayKey(message.ts)}`;
  const name = dayName(moment(message.ts));
  return {
    key,
    message: name,
    compact: false,
    build: () => el("div", { class: "day", role: "separator" }, el("span", {}, name)),
  };
}

function countRow(count) {
  const said = count === 1 ? "1 reply" : `${count} replies`;
  return {
    key: "count",
    message: said,
    compact: false,
    build: () => el("div", { class: "reply-count" }, said),
  };
}

function sitsUnder(message, before) {
  const close = Number(message.ts) - Number(before.ts) < COMPACT_SECONDS;
  const plain = !message.only_for && !before.only_for && !message.subtype && !before.subtype;
  return (
    plain &&
    close &&
    message.user === before.user &&
    !before.reply_count &&
    !message.blocks &&
    !before.blocks
  );
}
