// The App Home: what the app published for the viewer, and the direct conversation with it.

import { act } from "./api.js";
import { blockNodes } from "./blocks.js";
import { el } from "./dom.js";
import { Drafts } from "./drafts.js";
import { store } from "./store.js";

let draft = new Drafts();
let drawn = "";

export function homeNode() {
  const { home } = store;
  if (!home) {
    return el(
      "div",
      { class: "empty" },
      el("img", { src: "/page/icon.svg", alt: "" }),
      el("h3", {}, "sgwatch has no home yet"),
      el("p", {}, "It shows one as soon as the app has started and answered."),
    );
  }
  if (drawn !== home.id) {
    draft = new Drafts();
    drawn = home.id;
  }
  const acting = {
    key: home.id,
    values: {
      get: (...at) => draft.get(...at),
      set: (...at) => draft.set(...at),
      all: () => draft.all(home.blocks),
    },
    act: (acted) => act("view-action", { view_id: home.id, ...acted }),
  };
  return el("div", { class: "home" }, blockNodes(home.blocks, acting));
}
