// The box to write in: messages, replies, and /commands with their suggestions.

import { act } from "./api.js";
import { el, fill } from "./dom.js";
import { icon } from "./icons.js";
import { store } from "./store.js";
import { toast } from "./toasts.js";

const TALLEST = 180;

// ``thread()`` gives the thread's ts where this box writes replies.
export function composer({ channel, placeholder, thread = null, name }) {
  const hints = el("div", {
    class: "hints",
    id: `${name}-hints`,
    role: "listbox",
    "aria-label": "Commands",
    hidden: true,
  });
  const box = el("textarea", {
    class: "write",
    rows: 1,
    placeholder,
    "aria-label": placeholder,
    "aria-controls": hints.id,
    id: name,
    autocomplete: "off",
  });
  const send = el(
    "button",
    { class: "send", type: "submit", "aria-label": "Send", title: "Send", disabled: true },
    icon("send"),
  );
  const also = thread ? el("input", { type: "checkbox" }) : null;

  const grow = () => {
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight, TALLEST)}px`;
    send.disabled = box.value.trim() === "";
    suggest(hints, box, grow, thread);
  };
  const submit = async () => {
    const text = box.value.trim();
    if (!text) return;
    box.value = "";
    grow();
    const went = await say(text, channel(), thread?.(), also?.checked);
    if (!went && box.value === "") {
      box.value = text;
      grow();
    }
  };
  box.addEventListener("input", grow);
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      submit();
    } else if (event.key === "Tab" && !hints.hidden) {
      event.preventDefault();
      hints.firstChild.click();
    } else if (event.key === "Escape" && !hints.hidden) {
      hints.hidden = true;
    }
  });
  const form = el(
    "form",
    { class: "composer" },
    hints,
    el("div", { class: "write-box" }, box, send),
    also
      ? el(
          "label",
          { class: "option also" },
          also,
          el("span", {}, `Also send to #${store.channels.get(channel())?.name ?? ""}`),
        )
      : null,
  );
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  return form;
}

// Returns whether what was written went through.
async function say(text, channel, threadTs, broadcast) {
  if (!text.startsWith("/")) {
    const { answered } = await act("post", {
      channel,
      text,
      thread_ts: threadTs ?? null,
      broadcast: Boolean(broadcast),
    });
    return answered;
  }
  const [command, ...rest] = text.split(" ");
  if (threadTs) {
    toast(`${command} is not supported in threads. Sorry!`, "error");
    return false;
  }
  await act("command", { channel, command, text: rest.join(" ") });
  return true;
}

// Commands, and the shortcuts that can be used from anywhere.
function suggest(hints, box, grow, thread) {
  const typed = box.value;
  const offered =
    typed.startsWith("/") && !thread ? [...commands(box, grow), ...shortcuts(box, grow)] : [];
  const fitting = offered.filter(({ label }) => fits(label, typed));
  hints.hidden = fitting.length === 0;
  fill(
    hints,
    fitting.map(({ label, from, choose }) =>
      el(
        "button",
        { class: "menu-item", type: "button", role: "option", onclick: choose },
        el("strong", {}, label),
        el("span", { class: "faint" }, from),
      ),
    ),
  );
}

const fits = (label, typed) =>
  label !== typed &&
  label.toLowerCase().startsWith(label.startsWith("/") ? typed : typed.slice(1).toLowerCase());

function commands(box, grow) {
  const choose = (command) => () => {
    box.value = `${command} `;
    box.focus();
    grow();
  };
  return store.commands.map((command) => ({
    label: command,
    from: "sgwatch",
    choose: choose(command),
  }));
}

function shortcuts(box, grow) {
  const choose = (shortcut) => () => {
    box.value = "";
    grow();
    act("shortcut", { callback_id: shortcut.callback_id });
  };
  return store.shortcuts
    .filter((shortcut) => !shortcut.on_message)
    .map((shortcut) => ({ label: shortcut.title, from: "shortcut", choose: choose(shortcut) }));
}
