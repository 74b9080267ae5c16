// Times as Slack says them.

const HOUR = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const DAY = 86_400_000;

export const moment = (ts) => new Date(Number(ts) * 1000);

export const clock = (date) => date.toLocaleTimeString([], HOUR);

export const full = (date) => date.toLocaleString([], { dateStyle: "full", timeStyle: "medium" });

const midnight = (date) => new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();

export const dayKey = (ts) => midnight(moment(ts));

export function dayName(date) {
  const past = Math.round((midnight(new Date()) - midnight(date)) / DAY);
  if (past === 0) return "Today";
  if (past === 1) return "Yesterday";
  return date.toLocaleDateString([], { weekday: "long", month: "long", day: "numeric" });
}

function ago(date) {
  const seconds = Math.max(0, (Date.now() - date) / 1000);
  if (seconds < 60) return "just now";
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ago`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h ago`;
  return `${Math.floor(seconds / 86_400)} days ago`;
}

const pretty = (date, rest) => {
  const name = dayName(date);
  return name === "Today" || name === "Yesterday" ? name.toLowerCase() : rest(date);
};
const long = (date) =>
  date.toLocaleDateString([], { weekday: "long", month: "long", day: "numeric", year: "numeric" });
const medium = (date) =>
  date.toLocaleDateString([], { month: "long", day: "numeric", year: "numeric" });
const short = (date) =>
  date.toLocaleDateString([], { month: "short", day: "numeric", year: "numeric" });

const WORDS = {
  date_num: (date) =>
    `${date.getFullYear()}-${String(date.getMonth() + 1).padStart(2, "0")}-${String(date.getDate()).padStart(2, "0")}`,
  date_slash: (date) => date.toLocaleDateString(),
  date: medium,
  date_short: short,
  date_long: long,
  date_pretty: (date) => pretty(date, medium),
  date_short_pretty: (date) => pretty(date, short),
  date_long_pretty: (date) => pretty(date, long),
  day_divider_pretty: (date) => pretty(date, long),
  time: clock,
  time_secs: (date) => date.toLocaleTimeString([], { ...HOUR, second: "2-digit" }),
  ago,
};

// Fills Slack's date format, e.g. "{date_short_pretty} at {time}".
export function formatted(seconds, format) {
  const date = new Date(Number(seconds) * 1000);
  return format.replaceAll(/\{(\w+)\}/g, (token, name) => WORDS[name]?.(date) ?? token);
}
