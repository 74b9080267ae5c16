// The confirmation dialogs that elements may ask for.

import { el } from "./dom.js";
import { plainText, textObject } from "./mrkdwn.js";

export function confirmed(confirm) {
  if (!confirm) return Promise.resolve(true);
  return new Promise((resolve) => {
    const answer = (yes) => () => {
      dialog.close();
      dialog.remove();
      resolve(yes);
    };
    const title = el("h2", { id: "confirm-title" }, plainText(confirm.title.text));
    const dialog = el(
      "dialog",
      { class: "modal confirm", "aria-labelledby": "confirm-title" },
      el("header", { class: "modal-head" }, title),
      el("div", { class: "modal-body text" }, textObject(confirm.text)),
      el(
        "footer",
        { class: "modal-foot" },
        el(
          "button",
          { class: "button", type: "button", onclick: answer(false) },
          confirm.deny ? plainText(confirm.deny.text) : "Cancel",
        ),
        el(
          "button",
          {
            class: `button ${confirm.style === "danger" ? "danger" : "primary"}`,
            type: "button",
            autofocus: true,
            onclick: answer(true),
          },
          confirm.confirm ? plainText(confirm.confirm.text) : "Yes",
        ),
      ),
    );
    dialog.addEventListener("cancel", (event) => {
      event.preventDefault();
      answer(false)();
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
