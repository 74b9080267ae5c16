// The websocket that tells what changes. It comes back by itself.

import { emit, hear, store } from "./store.js";

let socket = null;
let generation = 0;

export function connect(person, also) {
  generation += 1;
  const mine = generation;
  socket?.close();
  let wait = 200;

  const dial = () => {
    if (mine !== generation) return;
    socket = new WebSocket(`ws://${location.host}/live?person=${encodeURIComponent(person)}`);
    socket.addEventListener("message", ({ data }) => {
      if (mine !== generation) return;
      const told = JSON.parse(data);
      if (told.type === "sight") setOnline(true);
      wait = 200;
      hear(told);
      also(told);
    });
    socket.addEventListener("close", () => {
      if (mine !== generation) return;
      setOnline(false);
      setTimeout(dial, wait);
      wait = Math.min(wait * 2, 3000);
    });
  };
  dial();
}

function setOnline(online) {
  if (store.online === online) return;
  store.online = online;
  emit("online");
}
