/**
 * The chat's messages. Only a window of them is in the document: it grows at the end one scrolls to and is trimmed at
 * the other, a few rows at a time, so that each step fits into a frame.
 */

import { useEffect, useLayoutEffect, useMemo, useRef, useState } from "../vendor/hooks.js";
import { moveFocus } from "../controls/roving.js";
import { dayOf, instant, writtenDay } from "../core/clock.js";
import { html, useApp, useParts } from "../core/html.js";
import { compareIds } from "../core/state.js";
import { LocalRow } from "../messages/local.js";
import { Row } from "../messages/message.js";
import { StartOfChannel } from "./start.js";

const IN_DOCUMENT = 90;
const STEP = 10;
const NEAR = 1000; // pixels from an end, at which the window moves
const AT_END = 40; // pixels that count as being there
const JOINED_FOR = 7 * 60_000;
const SHOWN_FOR = 2000;
const moments = new WeakMap(); // when each message was sent, and on which day

/** Return all rows of a channel in order: messages, ephemeral ones, commands that wait and commands that failed. */
function rowsOf({ messages, ephemeral, waiting, failed, dismissed }) {
  const local = [...waiting.filter((item) => !item.message), ...failed].map((item) => ({ ...item, local: true }));
  if (!ephemeral.length && !local.length && !dismissed.size) return messages;
  const rows = new Map([...messages, ...ephemeral, ...local].map((row) => [row.id, row]));
  return [...rows.values()].filter((row) => !dismissed.has(row.id)).sort((one, other) => compareIds(one.id, other.id));
}

function momentOf(row) {
  if (!moments.has(row)) {
    const at = instant(row.timestamp);
    moments.set(row, { at, day: dayOf(at) });
  }
  return moments.get(row);
}

/** Whether a message continues the one before it, by the same author. */
function joins(message, before) {
  if (!before || before.local || message.type !== 0 || message.interaction_metadata?.name) return false;
  if (![0, 19, 20].includes(before.type) || ((message.flags ^ before.flags) & 64) !== 0) return false;
  if (message.author.id !== before.author.id || message.author.username !== before.author.username) return false;
  const [first, second] = [momentOf(before), momentOf(message)];
  return second.at - first.at < JOINED_FOR && first.day === second.day;
}

function newDay(row, before) {
  const { at, day } = momentOf(row);
  return before?.local || (before && momentOf(before).day === day) ? null : writtenDay(at);
}

function useRows() {
  const { messages, ephemeral, waiting, failed, dismissed } = useParts();
  return useMemo(() => rowsOf({ messages, ephemeral, waiting, failed, dismissed }), [messages, ephemeral, waiting,
    failed, dismissed]);
}

export function Messages() {
  const app = useApp();
  const rows = useRows();
  const { older, newer, newFrom, channel, going, present: asked, shown: wanted } = useParts();
  const [end, setEnd] = useState(null); // the id of the last row in the document; null follows the newest
  const [active, setActive] = useState(null);
  const [away, setAway] = useState(false);
  const scroller = useRef(null);
  const list = useRef(null);
  const follows = useRef(true);
  const top = useRef(0);
  const direction = useRef(0);
  const kept = useRef(null);

  const place = end === null ? -1 : rows.findLastIndex((row) => compareIds(row.id, end) <= 0);
  const stop = place < 0 ? rows.length : place + 1;
  const start = Math.max(0, stop - IN_DOCUMENT);
  const shown = rows.slice(start, stop);
  const current = shown.some((row) => row.id === active) ? active : shown.at(-1)?.id;

  const endAt = (index) => setEnd(rows[Math.min(index, rows.length - 1)]?.id ?? null);
  const below = (box) => box.scrollHeight - box.scrollTop - box.clientHeight;
  /** Note what is in view, to have it stay there whatever is drawn above it. */
  const keep = (box) => {
    top.current = box.scrollTop;
    kept.current = firstVisible(box, list.current);
  };
  /** Move the window on, or ask for more, if one is near the end towards which one scrolls. */
  const extend = (box) => {
    const near = direction.current === 0 ? AT_END : NEAR;
    if (direction.current <= 0 && box.scrollTop < near && (start > 0 || older)) {
      if (start > 0 || end === null) endAt(start > 0 ? Math.max(stop - STEP, IN_DOCUMENT) - 1 : stop - 1);
      if (start === 0) app.older();
    } else if (direction.current >= 0 && below(box) < near) {
      if (stop < rows.length) endAt(stop + STEP - 1);
      else if (newer) app.newer();
      else if (end !== null) setEnd(null);
    }
  };
  const follow = (following) => {
    follows.current = following;
    setAway(!following);
    app.follow(following);
  };
  const present = () => {
    setEnd(null);
    follow(true);
    scroller.current.scrollTop = scroller.current.scrollHeight;
  };

  useLayoutEffect(present, [channel, asked]);
  useLayoutEffect(() => {
    if (!wanted) return;
    follow(false);
    endAt(rows.findIndex((row) => row.id === wanted.id) + IN_DOCUMENT / 2);
    kept.current = { id: wanted.id, top: null };
    direction.current = 0;
  }, [wanted]);
  useLayoutEffect(() => {
    const box = scroller.current;
    if (follows.current && end === null) box.scrollTop = box.scrollHeight;
    else if (kept.current) {
      const row = rowOf(list.current, kept.current.id);
      if (row && kept.current.top === null) pointOut(row);
      else if (row) box.scrollTop += row.getBoundingClientRect().top - kept.current.top;
    }
    keep(box);
    if (!follows.current) extend(box);
  }, [rows, end, older, newFrom, wanted]);

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
    const moved = box.scrollTop - top.current;
    // Only going up ends following: the end also comes to lie further below when a picture loads.
    if (below(box) < AT_END) follow(end === null && !newer);
    else if (moved < -1) follow(false);
    keep(box);
    if (moved === 0) return; // it was this page that scrolled
    direction.current = Math.sign(moved);
    extend(box);
  };

  /** Arrow keys go from message to message. */
  const press = (event) => {
    if (!event.target.hasAttribute("data-row") || event.altKey || event.ctrlKey) return;
    moveFocus(event, event.target, list.current.querySelectorAll("[data-row]"));
  };

  return html`<div class="messages" ref=${scroller} onScroll=${scrolled} data-window=${shown.length}>
    <div class="spring"></div>
    ${start === 0 && !older && !going ? html`<${StartOfChannel} />` : null}
    ${start === 0 && older ? html`<div class="bars" role="img"
      aria-label="Older messages are loading"><i></i><i></i></div>` : null}
    <div role="log" aria-label="Messages" aria-live="off"><ol ref=${list}
      onKeyDown=${press}>${shown.map((row, at) => {
      const before = at > 0 ? shown[at - 1] : rows[start - 1];
      if (row.local) return html`<${LocalRow} key=${row.id} item=${row} />`;
      const day = newDay(row, before);
      const drawn = html`<${Row} key=${row.id} message=${row} joined=${joins(row, before) && row.id !== newFrom}
        active=${row.id === current} onActive=${setActive} fresh=${row.id === newFrom} />`;
      return day ? [html`<li class="day" key=${`day ${row.id}`}><span>${day}</span></li>`, drawn] : drawn;
    })}</ol></div>
    ${away || end !== null ? html`<button type="button" class="present"
      onClick=${app.present}>Jump to present ↓</button>` : null}
  </div>`;
}

function rowOf(list, id) {
  return list.querySelector(`[data-id="${CSS.escape(id)}"]`);
}

/** Scroll to a row, and mark it for a moment. */
function pointOut(row) {
  row.scrollIntoView({ block: "center" });
  row.classList.add("shown");
  setTimeout(() => row.classList.remove("shown"), SHOWN_FOR);
  row.focus({ preventScroll: true });
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
  const row = [low, low + 1, low + 2].map((at) => rows[at]).find((one) => one?.dataset.id);
  return row ? { id: row.dataset.id, top: row.getBoundingClientRect().top } : null;
}
