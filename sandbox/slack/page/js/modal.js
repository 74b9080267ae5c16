// The modals that are open for the viewer: the topmost is shown, in one native dialog.

import { act } from "./api.js";
import { blockNodes } from "./blocks.js";
import { el, fill, keepingFocus } from "./dom.js";
import { Drafts } from "./drafts.js";
import { icon } from "./icons.js";
import { close as closeMenu } from "./menu.js";
import { plainText } from "./mrkdwn.js";
import { on, store } from "./store.js";

const drafts = new Map();
const problems = new Map();
let dialog = null;
let shown = "";
let waiting = "";

export function watchModals() {
  on("windows", show);
}

function show() {
  const view = store.windows.at(-1);
  const open = new Set(store.windows.map((window) => window.id));
  for (const kept of [drafts, problems]) {
    for (const id of kept.keys()) if (!open.has(id)) kept.delete(id);
  }
  if (!view) return remove();
  if (!dialog) make();
  const another = shown !== view.id;
  shown = view.id;
  if (another) waiting = "";
  closeMenu();
  keepingFocus(dialog, () => fill(dialog, form(view)));
  dialog.setAttribute("aria-label", view.title.text);
  if (another) focusFirst();
}

function make() {
  dialog = el("dialog", { class: "modal", "data-testid": "modal" });
  dialog.addEventListener("cancel", (event) => {
    event.preventDefault();
    leave(store.windows.at(-1));
  });
  document.body.append(dialog);
  dialog.showModal();
}

function remove() {
  shown = waiting = "";
  dialog?.close();
  dialog?.remove();
  dialog = null;
}

function focusFirst() {
  const field = dialog.querySelector(".modal-body :is(input, textarea, select)");
  (field ?? dialog.querySelector(".modal-foot .primary") ?? dialog.querySelector("button")).focus();
}

function form(view) {
  const deep = store.windows.length > 1;
  const busy = waiting === view.id;
  const node = el(
    "form",
    { class: "modal-form", noValidate: true, "aria-busy": busy ? "true" : null },
    el(
      "header",
      { class: "modal-head" },
      deep
        ? iconButton("back", "Back", () => leave(view))
        : el("img", { src: "/page/icon.svg", alt: "", class: "modal-icon" }),
      el("h2", {}, plainText(view.title.text)),
      iconButton("close", "Close", () => leave(view, true)),
    ),
    problems.get(view.id)?.banner
      ? el("div", { class: "banner", role: "alert" }, icon("alert"), problems.get(view.id).banner)
      : null,
    el("div", { class: "modal-body" }, blockNodes(view.blocks, actingIn(view))),
    el(
      "footer",
      { class: "modal-foot" },
      el(
        "button",
        { class: "button", type: "button", "data-key": "modal-cancel", onclick: () => leave(view) },
        view.close ? plainText(view.close.text) : view.submit ? "Cancel" : "Close",
      ),
      view.submit
        ? el(
            "button",
            {
              class: `button primary${busy ? " busy" : ""}`,
              type: "submit",
              disabled: busy,
              "data-key": "modal-submit",
            },
            el("span", {}, plainText(view.submit.text)),
          )
        : null,
    ),
  );
  node.addEventListener("submit", (event) => {
    event.preventDefault();
    submit(view);
  });
  return node;
}

const iconButton = (name, label, onclick) =>
  el(
    "button",
    {
      class: "ghost",
      type: "button",
      "aria-label": label,
      title: label,
      "data-key": `modal-${name}`,
      onclick,
    },
    icon(name),
  );

function actingIn(view) {
  if (!drafts.has(view.id)) drafts.set(view.id, new Drafts());
  const draft = drafts.get(view.id);
  return {
    key: view.id,
    values: {
      get: (...at) => draft.get(...at),
      set: (...at) => draft.set(...at),
      all: () => draft.all(view.blocks),
    },
    errors: problems.get(view.id)?.fields,
    act: (acted) => act("view-action", { view_id: view.id, ...acted }),
  };
}

async function submit(view) {
  if (waiting === view.id) return;
  waiting = view.id;
  problems.delete(view.id);
  show();
  const { answered, errors } = await act("submit", {
    view_id: view.id,
    values: drafts.get(view.id).all(view.blocks),
  });
  waiting = "";
  const still = store.windows.some((window) => window.id === view.id);
  if (!still) return;
  if (!answered)
    problems.set(view.id, { banner: "sgwatch did not answer. What you typed is kept; try again." });
  else if (Object.keys(errors).length) problems.set(view.id, { fields: errors });
  show();
  if (Object.keys(errors ?? {}).length) dialog?.querySelector("[aria-invalid]")?.focus();
}

// Closes this view, or all of them; the app hears of it if it asked to.
function leave(view, everything = false) {
  if (!view) return;
  store.windows = everything ? [] : store.windows.filter((window) => window.id !== view.id);
  show();
  act("close", { view_id: view.id, everything });
}
