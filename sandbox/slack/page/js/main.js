// Starts the page: who the viewer is, what they see, and the parts that show it.

import { read } from "./api.js";
import { awsButton } from "./aws.js";
import { el, fill, keepingFocus } from "./dom.js";
import { icon } from "./icons.js";
import { connect } from "./live.js";
import { watchModals } from "./modal.js";
import { reveal, watchPane } from "./pane.js";
import { personSwitch } from "./people.js";
import { hearScenario, loadScenarios } from "./scenarios.js";
import { watchSidebar } from "./sidebar.js";
import { become, closeThread, emit, loadWorkspace, on, store } from "./store.js";
import { applyTheme, themeButton } from "./theme.js";
import { watchThread } from "./thread.js";
import { toast } from "./toasts.js";

const KEY = "sandbox.me";
const FIRST = "U0ROSA";

async function start() {
  applyTheme();
  const [facts, panels] = await Promise.all([read("/person/workspace"), read("/panels")]);
  loadWorkspace(facts);
  loadScenarios(panels.scenarios);
  store.place = { kind: "channel", id: facts.channels[0].id };
  watchSidebar();
  watchPane();
  watchThread();
  watchModals();
  on("online", () => document.getElementById("app").classList.toggle("offline", !store.online));
  const tools = [panels.aws ? awsButton() : null, themeButton()];
  choose(chosen(), tools);
  document.getElementById("main").addEventListener("pointerdown", ({ target }) => {
    if (!target.closest(".drawer")) document.getElementById("app").classList.remove("drawn");
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && store.thread && !document.querySelector("dialog[open]"))
      closeThread();
  });
}

function chosen() {
  const asked =
    new URLSearchParams(location.search).get("as") ?? localStorage.getItem(KEY) ?? FIRST;
  const person = [...store.people.values()].find(
    ({ id, handle, is_bot }) => !is_bot && [id, handle].includes(asked),
  );
  return person?.id ?? FIRST;
}

function choose(person, tools) {
  localStorage.setItem(KEY, person);
  become(person);
  const again = (next) => choose(next, tools);
  const top = document.getElementById("top");
  keepingFocus(top, () =>
    fill(top, brand(), el("div", { class: "top-tools" }, tools, personSwitch(again))),
  );
  emit("windows", "thread", "sidebar");
  let linked = linkedMessage();
  connect(person, (told) => {
    if (told.type === "notice") toast(told.text, told.tone);
    if (told.type === "scenario") hearScenario(told);
    if (told.type === "sight" && linked) {
      reveal(...linked);
      linked = null;
    }
  });
}

function brand() {
  return el(
    "div",
    { class: "brand" },
    el("span", { class: "brand-mark", "aria-hidden": "true" }, "EC"),
    el("span", { class: "brand-name" }, "Example Corp"),
    el("span", { class: "brand-kind" }, "sandbox"),
    el("span", { class: "offline-note", role: "status" }, icon("alert"), "Reconnecting…"),
  );
}

function linkedMessage() {
  const link = location.pathname.match(/^\/archives\/(\w+)\/p(\d{10})(\d{6})$/);
  if (!link) return null;
  const threadTs = new URLSearchParams(location.search).get("thread_ts");
  history.replaceState(null, "", "/");
  return [link[1], `${link[2]}.${link[3]}`, threadTs];
}

start();
