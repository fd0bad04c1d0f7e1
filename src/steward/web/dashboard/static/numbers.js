/** The numbers of tiles and charts: how each is called and written. */

/** @typedef {{key: string, title: string, write: (value: number) => string}} Shown */

const one = (value) => value.toLocaleString("en", { maximumFractionDigits: 1 });

/** @type {Shown[]} */
export const NUMBERS = [
  { key: "memory", title: "Memory", write: (value) => `${one(value)} MiB` },
  { key: "cpu", title: "CPU", write: (value) => `${one(value * 100)} %` },
  { key: "latency", title: "Latency", write: (value) => `${Math.round(value * 1000)} ms` },
  { key: "hits", title: "Cache hits", write: (value) => `${one(value * 100)} %` },
  { key: "queries", title: "Database queries", write: (value) => `${one(value)}/s` },
  { key: "requests", title: "Requests to Discord", write: (value) => `${one(value)}/min` },
];

/**
 * Say how a number changed on the hour before.
 * @param {number | null} now @param {number | null | undefined} before @returns {string}
 */
export function change(now, before) {
  if (now === null || before === null || before === undefined) return "";
  if (before === 0) return now === 0 ? "as the hour before" : "";
  const share = (now - before) / before;
  if (Math.abs(share) < 0.01) return "as the hour before";
  return `${share > 0 ? "+" : "\u2212"}${Math.round(Math.abs(share) * 100)} % on the hour before`;
}

/** @param {number} seconds since 1970 @returns {string} */
export function clockTime(seconds) {
  return new Date(seconds * 1000).toLocaleString("en-GB", { weekday: "short", hour: "2-digit", minute: "2-digit" });
}

/** @param {number} seconds @returns {string} */
export function span(seconds) {
  const units = [["day", 86400], ["hour", 3600], ["minute", 60], ["second", 1]];
  const [name, size] = units.find(([, size]) => seconds >= size) ?? units[3];
  const many = Math.floor(seconds / size);
  return `${many} ${name}${many === 1 ? "" : "s"}`;
}
