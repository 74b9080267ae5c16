// Faces and names, and the menu that chooses who the viewer is.

import { el, fill } from "./dom.js";
import { icon } from "./icons.js";
import { menu } from "./menu.js";
import { store } from "./store.js";

export function avatar(id, size = "") {
  const person = store.people.get(id);
  const initials = (person?.name ?? "?")
    .split(" ")
    .map((word) => word[0])
    .join("")
    .slice(0, 2);
  const face = el("span", { class: `avatar ${size}`, "aria-hidden": "true" });
  face.style.setProperty("--face", person?.color ?? "#7c7f86");
  if (person?.handle === "sgwatch")
    return fill(face, el("img", { src: "/page/icon.svg", alt: "" }));
  return fill(face, initials.toUpperCase());
}

export const nameOf = (id) => store.people.get(id)?.name ?? id;

export function personSwitch(choose) {
  const me = store.people.get(store.me);
  const button = el(
    "button",
    {
      class: "me",
      type: "button",
      "aria-haspopup": "menu",
      "data-key": "me",
      id: "me",
      "aria-label": `You are ${me.name}, ${me.hint}. Choose another person`,
    },
    avatar(me.id, "small"),
    el(
      "span",
      { class: "me-words" },
      el("span", { class: "me-name" }, el("span", { class: "me-are" }, "You are: "), me.name),
      el("span", { class: "me-hint" }, me.hint),
    ),
    icon("down"),
  );
  button.addEventListener("click", () =>
    menu(
      button,
      humans().map((person) => entry(person, choose)),
      "Who you are",
    ),
  );
  return button;
}

const humans = () => [...store.people.values()].filter((person) => !person.is_bot);

function entry(person, choose) {
  const groups = [...store.groups.values()].filter((group) => group.users.includes(person.id));
  const membership = groups.map((group) => `@${group.handle}`).join(", ") || "no user group";
  return {
    label: person.name,
    checked: person.id === store.me,
    content: [
      avatar(person.id),
      el(
        "span",
        { class: "choice" },
        el("strong", {}, person.name),
        el("span", {}, person.hint),
        el("span", { class: "faint" }, `${person.title} · ${membership}`),
      ),
    ],
    choose: () => choose(person.id),
  };
}
