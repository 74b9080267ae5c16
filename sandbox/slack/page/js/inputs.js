// Inputs: the fields of modals, and the menus and pickers that also stand in messages.

import { el } from "./dom.js";
import { plainText, textObject } from "./mrkdwn.js";
import { store } from "./store.js";

// Where the first value of each kind is, and what makes its control.
export const FIELDS = {
  plain_text_input: { first: (e) => e.initial_value ?? "", make: textField },
  number_input: {
    first: (e) => e.initial_value ?? "",
    make: (e, o) => lineField(e, o, { inputMode: "decimal" }),
  },
  email_text_input: {
    first: (e) => e.initial_value ?? "",
    make: (e, o) => lineField(e, o, { type: "email" }),
  },
  url_text_input: {
    first: (e) => e.initial_value ?? "",
    make: (e, o) => lineField(e, o, { type: "url" }),
  },
  datepicker: {
    first: (e) => e.initial_date ?? "",
    make: (e, o) => lineField(e, o, { type: "date" }),
  },
  timepicker: {
    first: (e) => e.initial_time ?? "",
    make: (e, o) => lineField(e, o, { type: "time" }),
  },
  datetimepicker: { first: (e) => e.initial_date_time ?? "", make: momentField },
  static_select: { first: (e) => e.initial_option?.value ?? "", make: selectField },
  users_select: { first: (e) => e.initial_user ?? "", make: selectField },
  channels_select: { first: (e) => e.initial_channel ?? "", make: selectField },
  radio_buttons: {
    first: (e) => e.initial_option?.value ?? "",
    make: (e, o) => choices(e, o, "radio"),
  },
  checkboxes: {
    first: (e) => values(e.initial_options),
    make: (e, o) => choices(e, o, "checkbox"),
  },
  multi_static_select: {
    first: (e) => values(e.initial_options),
    make: (e, o) => choices(e, o, "checkbox", "boxed"),
  },
  multi_users_select: {
    first: (e) => e.initial_users ?? [],
    make: (e, o) => choices(e, o, "checkbox", "boxed"),
  },
};

const values = (options) => (options ?? []).map((option) => option.value);

export const firstValue = (element) => FIELDS[element.type]?.first(element) ?? "";

// A control; ``changed(value, node)`` is called once something was chosen, ``typed`` at each key.
export function control(element, options) {
  const value = options.value ?? firstValue(element);
  return FIELDS[element.type].make(element, {
    changed: () => {},
    typed: () => {},
    ...options,
    value,
  });
}

export function inputBlock(block, acting) {
  const { element } = block;
  const id = `${acting.key}/${block.block_id}/${element.action_id}`;
  const error = acting.errors?.[block.block_id];
  const listed = [
    "radio_buttons",
    "checkboxes",
    "multi_static_select",
    "multi_users_select",
  ].includes(element.type);
  const node = control(element, {
    key: id,
    label: block.label.text,
    value: acting.values.get(block, element),
    typed: (value) => acting.values.set(block, element, value),
    changed: (value) => {
      acting.values.set(block, element, value);
      if (block.dispatch_action)
        acting.act({
          action_id: element.action_id,
          block_id: block.block_id,
          value,
          values: acting.values.all(),
        });
    },
  });
  if (error) {
    node.setAttribute("aria-invalid", "true");
    node.setAttribute("aria-describedby", `${id}-error`);
  }
  const label = [
    plainText(block.label.text),
    block.optional ? el("span", { class: "faint" }, " (optional)") : null,
  ];
  return el(
    listed ? "fieldset" : "div",
    { class: `input${error ? " wrong" : ""}` },
    listed
      ? el("legend", { class: "label" }, label)
      : el("label", { class: "label", htmlFor: id }, label),
    node,
    error ? el("p", { class: "error", id: `${id}-error`, role: "alert" }, error) : null,
    block.hint ? el("p", { class: "hint" }, plainText(block.hint.text)) : null,
  );
}

const common = (element, { key, label }) => ({
  id: key,
  "data-key": key,
  "aria-label": label,
  placeholder: element.placeholder?.text ?? null,
});

function textField(element, options) {
  if (!element.multiline) return lineField(element, options, {});
  const node = el("textarea", {
    class: "field-box",
    rows: 4,
    maxLength: element.max_length ?? 3000,
    ...common(element, options),
  });
  return wired(node, options);
}

function lineField(element, options, more) {
  const limit =
    element.type === "plain_text_input" ? { maxLength: element.max_length ?? 3000 } : {};
  const node = el("input", {
    class: "field-box",
    type: "text",
    autocomplete: "off",
    ...common(element, options),
    ...limit,
    ...more,
  });
  return wired(node, options);
}

function momentField(element, options) {
  const local = (seconds) =>
    new Date(seconds * 1000 - new Date(seconds * 1000).getTimezoneOffset() * 60_000)
      .toISOString()
      .slice(0, 16);
  const node = el("input", {
    class: "field-box",
    type: "datetime-local",
    ...common(element, options),
  });
  node.value = options.value ? local(Number(options.value)) : "";
  node.addEventListener("change", () =>
    options.changed(node.value ? Math.floor(new Date(node.value) / 1000) : "", node),
  );
  return node;
}

function wired(node, options) {
  node.value = options.value;
  node.addEventListener("input", () => options.typed(node.value));
  node.addEventListener("change", () => options.changed(node.value, node));
  return node;
}

function selectField(element, options) {
  const blank = el("option", { value: "" }, element.placeholder?.text ?? "Choose…");
  const groups = element.option_groups?.map((group) =>
    el("optgroup", { label: group.label.text }, group.options.map(optionNode)),
  );
  const node = el(
    "select",
    { class: "field-box select", ...common(element, options) },
    blank,
    groups ?? offered(element).map(optionNode),
  );
  node.value = options.value;
  node.addEventListener("change", () => options.changed(node.value, node));
  return node;
}

const optionNode = (option) => el("option", { value: option.value }, option.text.text);

const named = (value, text) => ({ value, text: { type: "plain_text", text } });

function offered(element) {
  if (element.type.endsWith("users_select"))
    return [...store.people.values()]
      .filter((person) => !person.is_bot)
      .map((person) => named(person.id, person.name));
  if (element.type === "channels_select")
    return [...store.channels.values()]
      .filter((channel) => !channel.direct)
      .map((channel) => named(channel.id, `#${channel.name}`));
  return element.options ?? (element.option_groups ?? []).flatMap((group) => group.options);
}

function choices(element, options, type, look = "") {
  const several = type === "checkbox";
  const held = new Set(several ? options.value : [options.value]);
  const box = el("div", {
    class: `choices ${look}`,
    id: options.key,
    role: several ? "group" : "radiogroup",
    "aria-label": options.label,
  });
  const read = () => [...box.querySelectorAll("input:checked")].map((input) => input.value);
  for (const option of offered(element)) {
    const key = `${options.key}/${option.value}`;
    const input = el("input", {
      type,
      name: options.key,
      value: option.value,
      checked: held.has(option.value),
      "data-key": key,
    });
    input.addEventListener("change", () =>
      options.changed(several ? read() : (read()[0] ?? ""), box),
    );
    const description = option.description
      ? el("span", { class: "faint" }, textObject(option.description))
      : null;
    box.append(
      el("label", { class: "option" }, input, el("span", {}, textObject(option.text), description)),
    );
  }
  return box;
}
