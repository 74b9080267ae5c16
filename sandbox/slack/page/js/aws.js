// What the security groups in AWS really look like, read every second while it is open.

import { read } from "./api.js";
import { el, fill } from "./dom.js";
import { icon } from "./icons.js";

const EVERY = 1000;
const KEY = "sandbox.aws";

let open = false;
let timer = null;
let last = "";
let before = new Map();

export function awsButton() {
  open = (localStorage.getItem(KEY) ?? (innerWidth > 1100 ? "open" : "closed")) === "open";
  const button = el(
    "button",
    { class: "ghost labelled", type: "button", id: "aws-toggle", "aria-controls": "aws" },
    icon("cloud"),
    el("span", {}, "AWS"),
  );
  const show = () => {
    document.getElementById("aws").hidden = !open;
    document.getElementById("app").classList.toggle("with-aws", open);
    button.setAttribute("aria-expanded", String(open));
    button.title = open ? "Hide what AWS looks like" : "Show what AWS looks like";
    clearTimeout(timer);
    if (open) poll();
  };
  const toggle = () => {
    open = !open;
    localStorage.setItem(KEY, open ? "open" : "closed");
    show();
  };
  button.addEventListener("click", toggle);
  fill(
    document.getElementById("aws"),
    el(
      "header",
      { class: "head" },
      el("h2", {}, "AWS, live"),
      el("p", { class: "topic" }, "security groups as they are now"),
      el(
        "button",
        { class: "ghost", type: "button", "aria-label": "Hide AWS", onclick: toggle },
        icon("close"),
      ),
    ),
    el("div", { class: "groups", tabIndex: 0 }),
  );
  show();
  return button;
}

async function poll() {
  clearTimeout(timer);
  const box = document.querySelector("#aws .groups");
  try {
    const { groups } = await read("/aws/groups");
    show(box, groups);
  } catch (error) {
    last = "";
    fill(box, el("p", { class: "error" }, `AWS does not answer: ${error.message}`));
  }
  if (open) timer = setTimeout(poll, EVERY);
}

function show(box, groups) {
  const now = JSON.stringify(groups);
  if (now === last) return;
  last = now;
  const none = el("p", { class: "faint" }, "No security groups yet.");
  fill(box, groups.length ? groups.map(group) : none);
  before = new Map(groups.map(({ id, rules }) => [id, rules]));
}

const isInbound = (rule) => ["in", "ingress", "inbound"].includes(rule.direction);
const isWorld = (rules) => rules.some((rule) => rule.world && isInbound(rule));
const keyOf = (rule) =>
  rule.rule_id || [rule.direction, rule.protocol, rule.ports, rule.peer].join();

function group({ id, name, rules }) {
  const known = before.get(id);
  const world = isWorld(rules);
  const closed = !world && known && isWorld(known);
  const missing = (rule, others) => !others.some((other) => keyOf(other) === keyOf(rule));
  const shown = rules.map((rule) => ruleNode(rule, known && missing(rule, known) ? "fresh" : ""));
  const gone = (known ?? []).filter((rule) => missing(rule, rules));
  const state = world ? " world" : closed ? " closed" : "";
  return el(
    "section",
    { class: `group${state}`, "data-group": id },
    el(
      "h3",
      {},
      el("span", {}, name || id),
      world ? el("span", { class: "badge danger" }, "open to the internet") : null,
      closed ? el("span", { class: "badge good" }, "closed again") : null,
    ),
    name ? el("p", { class: "faint mono" }, id) : null,
    rules.length ? null : el("p", { class: "faint" }, "No rules."),
    el(
      "ul",
      {},
      shown,
      gone.map((rule) => ruleNode(rule, "gone")),
    ),
  );
}

// ``news`` is "fresh" for a rule that was not there before, "gone" for one that was.
function ruleNode(rule, news) {
  const inbound = isInbound(rule);
  const loud = rule.world && inbound && news !== "gone";
  return el(
    "li",
    { class: ["rule", loud && "world", news].filter(Boolean).join(" "), title: rule.rule_id ?? "" },
    el("span", { class: "way" }, inbound ? "in" : "out"),
    el(
      "span",
      { class: "mono" },
      [...new Set([rule.protocol, rule.ports])].filter(Boolean).join(" "),
    ),
    el("span", { class: "peer mono" }, inbound ? "← " : "→ ", rule.peer),
    news === "gone" ? el("span", { class: "badge good" }, "gone") : null,
  );
}
