/** The simulated clock, and how Discord writes instants. */

import { useEffect, useState } from "../vendor/hooks.js";
import { useApp } from "./html.js";

const TICK = 500;
const MEASURED = 3000; // milliseconds over which the real speed is measured
const LAST_INSTANT = 8.64e15;
const DAY = 86_400_000;
const STYLES = new Map([
  ["t", { timeStyle: "short" }], ["T", { timeStyle: "medium" }],
  ["d", { dateStyle: "short" }], ["D", { dateStyle: "long" }],
  ["f", { dateStyle: "long", timeStyle: "short" }], ["F", { dateStyle: "full", timeStyle: "short" }],
  ["s", { dateStyle: "short", timeStyle: "short" }], ["S", { dateStyle: "short", timeStyle: "medium" }],
  ["clock", { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }],
  ["zone", { timeZoneName: "short" }],
]);
const UNITS = [
  ["year", 31_557_600], ["month", 2_629_800], ["day", 86_400], ["hour", 3600], ["minute", 60], ["second", 1],
];
const formats = new Map();

/** Return milliseconds since 1970 of an instant: ISO text, seconds or milliseconds. */
export function instant(given) {
  if (typeof given === "number") return given < 1e11 ? given * 1000 : given;
  return given ? Date.parse(given) : NaN;
}

export class Clock {
  constructor() {
    this._now = Date.now();
    this._at = performance.now();
    this._speed = 1;
    this._seen = [];
  }

  /** @param {{now: string | number, speed: number | null}} time */
  set(time) {
    const at = performance.now();
    const now = instant(time.now);
    if (time.speed !== this._speed) this._seen = [];
    Object.assign(this, { _now: now, _at: at, _speed: time.speed });
    this._seen = [...this._seen.filter((seen) => at - seen.at < MEASURED), { at, now }];
  }

  /** Milliseconds since 1970. */
  now() {
    return this._now + (performance.now() - this._at) * (this._speed ?? 0);
  }

  /** How fast it really goes; null until that is known. */
  get pace() {
    const [first] = this._seen;
    const last = this._seen.at(-1);
    return first && last.at - first.at > 1000 ? (last.now - first.now) / (last.at - first.at) : null;
  }
}

/** The simulated time in milliseconds; draws again twice a second. */
export function useNow() {
  const { clock } = useApp();
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((count) => count + 1), TICK);
    return () => clearInterval(timer);
  }, []);
  return clock.now();
}

/** Return the format of one of Discord's styles, or of `clock` or `zone`; making one takes long. */
function format(style) {
  if (!formats.has(style)) formats.set(style, new Intl.DateTimeFormat(undefined, STYLES.get(style) ?? STYLES.get("f")));
  return formats.get(style);
}

export function isInstant(milliseconds) {
  return Number.isFinite(milliseconds) && Math.abs(milliseconds) <= LAST_INSTANT;
}

/** Write an instant in one of Discord's styles but `R`. */
export function written(milliseconds, style) {
  return isInstant(milliseconds) ? format(style).format(milliseconds) : "Invalid date";
}

/** Write when something was sent: today the time alone, "Yesterday at …", before that with the date. */
export function writtenSent(milliseconds, now) {
  const day = dayOf(milliseconds);
  if (day === dayOf(now)) return written(milliseconds, "t");
  return day === dayOf(now - DAY) ? `Yesterday at ${written(milliseconds, "t")}` : written(milliseconds, "s");
}

export function writtenDay(milliseconds) {
  return written(milliseconds, "D");
}

export function writtenClock(milliseconds) {
  return format("clock").format(milliseconds);
}

/** The day as a key to compare days by, in the browser's zone. */
export function dayOf(milliseconds) {
  return new Date(milliseconds).toDateString();
}

/** The browser's zone at an instant, such as "CET". */
export function zone(milliseconds) {
  const parts = format("zone").formatToParts(milliseconds);
  return parts.find((part) => part.type === "timeZoneName")?.value ?? "";
}

/** Write an instant relative to another: "in 5 minutes". */
export function relative(milliseconds, now) {
  const seconds = Math.round((milliseconds - now) / 1000);
  const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length) ?? UNITS.at(-1);
  return new Intl.RelativeTimeFormat(undefined, { numeric: "always" }).format(Math.trunc(seconds / size), unit);
}
