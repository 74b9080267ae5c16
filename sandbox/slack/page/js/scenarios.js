// Scenarios: buttons that make something happen in AWS, and how it went.

import { send } from "./api.js";
import { el } from "./dom.js";
import { icon } from "./icons.js";
import { emit } from "./store.js";
import { toast } from "./toasts.js";

let scenarios = [];
const playing = new Set();

export function loadScenarios(listed) {
  scenarios = listed;
}

export function scenarioList() {
  if (!scenarios.length) return null;
  return el(
    "section",
    { class: "scenarios" },
    el("h2", {}, "Play a scenario"),
    scenarios.map((scenario) =>
      el(
        "button",
        {
          class: `scenario${playing.has(scenario.name) ? " busy" : ""}`,
          type: "button",
          disabled: playing.has(scenario.name),
          "data-key": `scenario-${scenario.name}`,
          onclick: () => play(scenario),
        },
        el("span", { class: "scenario-icon" }, icon("play")),
        el(
          "span",
          { class: "scenario-words" },
          el("strong", {}, scenario.title),
          el("span", {}, scenario.description),
        ),
      ),
    ),
  );
}

async function play(scenario) {
  try {
    await send(`/scenarios/${encodeURIComponent(scenario.name)}`);
  } catch (error) {
    toast(error.message, "error", scenario.title);
  }
}

// Told by the server, so that every open page knows.
export function hearScenario({ name, title, state, detail }) {
  if (state === "playing") playing.add(name);
  else playing.delete(name);
  if (state === "played") toast(detail, "good", `${title}: played`);
  if (state === "failed") toast(detail, "error", `${title}: failed`);
  emit("sidebar");
}
