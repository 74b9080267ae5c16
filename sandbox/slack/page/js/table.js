// table blocks: the first row is the head.

import { el } from "./dom.js";
import { withEmoji } from "./emoji.js";
import { richText } from "./richtext.js";

export function table(block) {
  const [head, ...rows] = block.rows;
  const cell = (tag) => (content, column) => {
    const setting = block.column_settings?.[column] ?? {};
    const node = el(
      tag,
      { class: setting.is_wrapped ? "wrapped" : "" },
      content.type === "raw_text" ? withEmoji(content.text) : richText(content),
    );
    if (setting.align) node.style.textAlign = setting.align;
    return node;
  };
  return el(
    "div",
    { class: "table-box", tabIndex: 0, role: "region", "aria-label": "Table" },
    el(
      "table",
      {},
      el("thead", {}, el("tr", {}, head.map(cell("th")))),
      el(
        "tbody",
        {},
        rows.map((row) => el("tr", {}, row.map(cell("td")))),
      ),
    ),
  );
}
