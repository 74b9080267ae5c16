// Files in a message: a picture is shown; a card downloads it, and any other file.

import { el } from "./dom.js";
import { icon } from "./icons.js";

export function files(message) {
  return (message.files ?? []).flatMap((file) => [
    picture(file),
    el(
      "a",
      { class: "file", href: new URL(file.url_private_download).pathname, download: file.name },
      icon("file"),
      el(
        "span",
        {},
        el("strong", {}, file.title),
        el("span", { class: "faint" }, `${file.filetype.toUpperCase()} · ${size(file.size)}`),
      ),
    ),
  ]);
}

function picture(file) {
  if (!file.mimetype.startsWith("image/")) return null;
  const src = new URL(file.url_private).pathname;
  return el("img", { class: "shared", src, alt: file.alt_txt || file.title });
}

function size(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  return bytes < 1e6 ? `${Math.round(bytes / 1000)} KB` : `${(bytes / 1e6).toFixed(1)} MB`;
}
