/**
 * The chat's messages. Only a window of them is in the document: it grows at the end one scrolls to and is trimmed at
 * the other.
 */

import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "../vendor/hooks.js";
import { dayOf, instant, writtenDay } from "../core/clock.js";
import { html, useApp, useStore } from "../core/html.js";
import { LocalRow, Row } from "../messages/message.js";
import { StartOfChannel } from "./start.js";
import { compareIds } from "../core/state.js";

export const IN_DOCUMENT = 120;
const STEP = 40;
const NEAR = 400; // pixels from an end, at which the window moves
const AT_END = 40;
const JOINED_FOR = 7 * 60_000;

/** Return all rows of a channel in order: messages, ephemeral ones, commands that wait and commands that failed. */
function rowsOf({ messages, own, waiting, failed, dismissed }) {
  const lonely = waiting.filter((item) => !item.message);
  if (!own.length && !lonely.length && !failed.length && !dismissed.size) return messages;
  const rows = new Map(messages.map((message) => [message.id, message]));
  for (const message of own) rows.set(message.id, message);
  for (const item of lonely) rows.set(item.id, { ...item, local: true });
  for (const item of failed) rows.set(item.id, { ...item, local: true });
  return [...rows.values()].filter((row) => !dismissed.has(row.id)).sort((one, other) => compareIds(one.id, other.id));
}

/** Whether a message continues the one before it, by the same author. */
function joins(message, before) {
  if (!before || before.local || message.local) return false;
  if (message.type !== 0 || message.interaction_metadata?.name || ![0, 19, 20].includes(before.type)) return false;
  if (message.author.id !== before.author.id || message.author.username !== before.author.username) return false;
  if (((message.flags ^ before.flags) & 64) !== 0) return false;
  const [first, second] = [instant(before.timestamp), instant(message.timestamp)];
  return second - first < JOINED_FOR && dayOf(first) === dayOf(second);
}

function useRows() {
  const messages = useStore((state) => state.messages);
  const own = useStore((state) => state.own);
  const waiting = useStore((state) => state.waiting);
  const failed = useStore((state) => state.failed);
  const dismissed = useStore((state) => state.dismissed);
  return useMemo(() => rowsOf({ messages, own, waiting, failed, dismissed }), [messages, own, waiting, failed,
    dismissed]);
}

export function Messages() {
  const app = useApp();
  const rows = useRows();
  const older = useStore((state) => state.older);
  const newFrom = useStore((state) => state.newFrom);
  const channel = useStore((state) => state.channel);
  const going = useStore((state) => state.going);
  const asked = useStore((state) => state.present);
  const [end, setEnd] = useState(null); // the id of the last row in the document; null follows the newest
  const [active, setActive] = useState(null);
  const [away, setAway] = useState(false);
  const scroller = useRef(null);
  const list = useRef(null);
  const follows = useRef(true);
  const top = useRef(0);
  const kept = useRef(null);

  const place = end === null ? -1 : rows.findLastIndex((row) => compareIds(row.id, end) <= 0);
  const stop = place < 0 ? rows.length : place + 1;
  const start = Math.max(0, stop - IN_DOCUMENT);
  const shown = rows.slice(start, stop);
  const current = shown.some((row) => row.id === active) ? active : shown.at(-1)?.id;

  const back = () => setEnd(rows[Math.max(stop - STEP, Math.min(IN_DOCUMENT, stop)) - 1].id);

  useLayoutEffect(() => {
    setEnd(null);
    setAway(false);
    follows.current = true;
  }, [channel]);

  useLayoutEffect(() => {
    const box = scroller.current;
    if (follows.current && end === null) box.scrollTop = box.scrollHeight;
    else if (kept.current) {
      const row = list.current.querySelector(`[data-id="${kept.current.id}"]`);
      if (row) box.scrollTop += row.getBoundingClientRect().top - kept.current.top;
    }
    kept.current = firstVisible(box, list.current);
    if (!follows.current && box.scrollTop < NEAR && start > 0) back();
  }, [rows, end, older, newFrom]);

  useEffect(() => {
    const watch = new ResizeObserver(() => {
      if (follows.current) scroller.current.scrollTop = scroller.current.scrollHeight;
    });
    watch.observe(list.current);
    watch.observe(scroller.current);
    return () => watch.disconnect();
  }, []);

  const scrolled = () => {
    const box = scroller.current;
    const below = box.scrollHeight - box.scrollTop - box.clientHeight;
    // Only going up ends following: the end also comes to lie further below when a picture loads.
    if (below < AT_END) follows.current = end === null;
    else if (box.scrollTop < top.current - 1) follows.current = false;
    top.current = box.scrollTop;
    kept.current = firstVisible(box, list.current);
    app.follow(follows.current);
    if (away === follows.current) setAway(!follows.current);
    if (box.scrollTop < NEAR) {
      if (start > 0) back();
      else if (older) app.older();
    } else if (below < NEAR && end !== null) {
      const next = stop + STEP;
      setEnd(next >= rows.length ? null : rows[next - 1].id);
    }
  };
  const present = () => {
    follows.current = true;
    setEnd(null);
    setAway(false);
    scroller.current.scrollTop = scroller.current.scrollHeight;
    app.follow(true);
  };
  useLayoutEffect(present, [asked]);
  const press = (event) => moveFocus(event, list.current);

  return html`<div class="messages" ref=${scroller} onScroll=${scrolled} data-window=${shown.length}>
    <div class="spring"></div>
    ${start === 0 && !older && !going ? html`<${StartOfChannel} />` : null}
    ${start === 0 && older ? html`<div class="bars" role="img"
      aria-label="Older messages are loading"><i></i><i></i></div>` : null}
    <div role="log" aria-label="Messages" aria-live="off"><ol ref=${list} onKeyDown=${press}>${shown.map((row, at) => {
      const before = at > 0 ? shown[at - 1] : rows[start - 1];
      if (row.local) return html`<${LocalRow} key=${row.id} item=${row} />`;
      const day = newDay(row, before);
      const drawn = html`<${Row} key=${row.id} message=${row} joined=${joins(row, before) && row.id !== newFrom}
        active=${row.id === current}
        onActive=${setActive} fresh=${row.id === newFrom} />`;
      return day ? [html`<li class="day" key=${`day ${row.id}`}><span>${day}</span></li>`, drawn] : drawn;
    })}</ol></div>
    ${away || end !== null ? html`<button type="button" class="present" onClick=${present}>Jump to present ↓</button>`
      : null}
  </div>`;
}

function newDay(row, before) {
  const at = instant(row.timestamp);
  if (before?.local || (before && dayOf(instant(before.timestamp)) === dayOf(at))) return null;
  return writtenDay(at);
}

/** Return the first row that is in view, and where its top is. */
function firstVisible(box, list) {
  const top = box.getBoundingClientRect().top;
  const rows = list.children;
  let [low, high] = [0, rows.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle].getBoundingClientRect().bottom > top) high = middle;
    else low = middle + 1;
  }
  const row = [...Array(3).keys()].map((more) => rows[low + more]).find((one) => one?.dataset.id);
  return row ? { id: row.dataset.id, top: row.getBoundingClientRect().top } : null;
}

/** Arrow keys go from message to message. */
function moveFocus(event, list) {
  const row = event.target.closest("[data-row]");
  if (!row || event.target !== row || event.altKey || event.ctrlKey) return;
  const rows = [...list.querySelectorAll("[data-row]")];
  const at = rows.indexOf(row);
  const next = { ArrowUp: rows[at - 1], ArrowDown: rows[at + 1], Home: rows[0], End: rows.at(-1) }[event.key];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
