// What the viewer does, sent as the person that they chose to be.

import { store } from "./store.js";
import { toast } from "./toasts.js";

async function ask(path, options) {
  const response = await fetch(path, options);
  const body = await response.json();
  if (!response.ok) throw new Error(body.error ?? response.statusText);
  return body;
}

export const read = (path) => ask(path);

export const send = (path, body = {}) =>
  ask(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });

// Returns how it went; {answered: false} if the app was silent or the workspace refused.
export async function act(what, body = {}) {
  try {
    return await send(`/person/${store.me}/${what}`, body);
  } catch (error) {
    toast(sentence(error.message), "error");
    return { answered: false, errors: {} };
  }
}

const SAID = {
  is_archived: "This channel is archived.",
  not_in_channel: "You are not in this channel.",
  thread_not_found: "That thread is gone.",
  message_not_found: "That message is gone.",
  not_found: "That window is already closed.",
};

const sentence = (error) => SAID[error] ?? error;
