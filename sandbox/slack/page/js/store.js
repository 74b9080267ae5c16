// What the page knows: the workspace as the chosen person sees it. Parts of the page subscribe.

const readKey = (me) => `sandbox.read.${me}`;

export const store = {
  me: "",
  people: new Map(),
  groups: new Map(),
  channels: new Map(),
  commands: [],
  shortcuts: [],
  windows: [],
  home: null,
  place: { kind: "channel", id: "" },
  thread: null,
  online: false,
  reads: {},
};

const listeners = new Map();
const due = new Set();
const HIDDEN_WAIT = 250;

// Topics: sidebar, place, messages, windows, home, thread, online.
export function on(topics, listener) {
  for (const topic of topics.split(" ")) {
    if (!listeners.has(topic)) listeners.set(topic, []);
    listeners.get(topic).push(listener);
  }
}

// Listeners run once for all that happens within a frame, so that a storm of messages does not
// redraw for each. A hidden page gets no frames, hence the timer.
export function emit(...topics) {
  if (!due.size) {
    if (document.hidden) setTimeout(flush, HIDDEN_WAIT);
    else requestAnimationFrame(flush);
  }
  for (const topic of topics) due.add(topic);
}

export function flush() {
  const called = new Set([...due].flatMap((topic) => listeners.get(topic) ?? []));
  due.clear();
  for (const listener of called) listener();
}

export function loadWorkspace(facts) {
  store.people = new Map(facts.people.map((person) => [person.id, person]));
  store.people.set("USLACKBOT", {
    id: "USLACKBOT",
    name: "Slackbot",
    handle: "slackbot",
    color: "#7c7f86",
    is_bot: true,
    hint: "",
  });
  store.groups = new Map(facts.groups.map((group) => [group.id, group]));
  store.commands = facts.commands;
  store.shortcuts = facts.shortcuts;
}

export function become(person) {
  store.me = person;
  store.channels = new Map();
  store.windows = [];
  store.home = null;
  store.thread = null;
  store.reads = JSON.parse(localStorage.getItem(readKey(person)) ?? "{}");
}

const HEARD = {
  sight(told) {
    const known = store.channels;
    store.channels = new Map(told.channels.map((channel) => [channel.id, withMessages(channel)]));
    store.windows = told.windows;
    store.home = told.home;
    for (const channel of store.channels.values()) {
      // What was there before this person first looked is not news.
      if (!known.size && !(channel.id in store.reads)) store.reads[channel.id] = newest(channel);
    }
    if (store.place.id && !store.channels.has(store.place.id)) {
      const first = store.channels.keys().next().value;
      store.place =
        store.place.kind === "home" ? { kind: "home", id: "" } : { kind: "channel", id: first };
    }
    emit("sidebar", "place", "messages", "windows", "home", "thread");
  },
  message({ message, parent }) {
    const channel = store.channels.get(message.channel);
    if (!channel) return;
    channel.messages.set(message.ts, message);
    if (parent) channel.messages.set(parent.ts, parent);
    emit("messages", "sidebar");
  },
  gone({ channel, ts, parent }) {
    const messages = store.channels.get(channel)?.messages;
    messages?.delete(ts);
    if (parent) messages?.set(parent.ts, parent);
    emit("messages", "sidebar");
  },
  channel({ channel }) {
    const known = store.channels.get(channel.id);
    if (known) Object.assign(known, channel);
    emit("sidebar", "place");
  },
  windows({ windows }) {
    store.windows = windows;
    emit("windows");
  },
  home({ home }) {
    store.home = home;
    emit("home");
  },
};

export function hear(told) {
  HEARD[told.type]?.(told);
}

function withMessages(channel) {
  return {
    ...channel,
    messages: new Map(channel.messages.map((message) => [message.ts, message])),
  };
}

const byTime = (one, other) => (one.ts < other.ts ? -1 : 1);

const isReply = (message) => Boolean(message.thread_ts && message.thread_ts !== message.ts);

export function rootMessages(channel) {
  const shown = [...channel.messages.values()].filter(
    (message) => !isReply(message) || message.subtype === "thread_broadcast",
  );
  return shown.sort(byTime);
}

export function threadMessages(channel, ts) {
  const replies = [...channel.messages.values()].filter(
    (message) => isReply(message) && message.thread_ts === ts,
  );
  return replies.sort(byTime);
}

function newest(channel) {
  return rootMessages(channel).at(-1)?.ts ?? "0";
}

export function unread(channel) {
  const read = store.reads[channel.id] ?? "0";
  return rootMessages(channel).filter((message) => message.ts > read && message.user !== store.me)
    .length;
}

export function markRead(channel) {
  const last = newest(channel);
  if ((store.reads[channel.id] ?? "0") >= last) return;
  store.reads[channel.id] = last;
  localStorage.setItem(readKey(store.me), JSON.stringify(store.reads));
  emit("sidebar");
}

export function go(place) {
  store.place = place;
  store.thread = null;
  emit("place", "messages", "home", "sidebar", "thread");
}

export function openThread(channel, ts) {
  store.thread = { channel, ts };
  emit("thread");
}

export function closeThread() {
  store.thread = null;
  emit("thread");
}
