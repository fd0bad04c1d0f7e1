/** One tab stop for a column: the arrow keys move within it. */

import { useLayoutEffect, useRef } from "../vendor/hooks.js";

const STOPS = "[data-stop]";

/**
 * Return the properties of the element whose `[data-stop]` are one tab stop.
 * @param {{across?: boolean}} [how] across: the arrows to the left and right move, too
 */
export function useRoving({ across = false } = {}) {
  const column = useRef(null);
  const last = useRef(null);
  useLayoutEffect(() => {
    const stops = [...column.current.querySelectorAll(STOPS)];
    const current = stops.find((stop) => stop === last.current) ?? stops.find((stop) =>
      stop.getAttribute("aria-current") === "true") ?? stops[0];
    for (const stop of stops) {
      const wanted = stop === current ? 0 : -1;
      if (stop.tabIndex !== wanted) stop.tabIndex = wanted; // writing is what takes long
    }
  });
  const onFocusIn = (event) => {
    const stop = event.target.closest(STOPS);
    if (!stop) return;
    for (const other of column.current.querySelectorAll(STOPS)) other.tabIndex = other === stop ? 0 : -1;
    last.current = stop;
  };
  const onKeyDown = (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey || !event.target.closest(STOPS)) return;
    moveFocus(event, event.target.closest(STOPS), column.current.querySelectorAll(STOPS), across);
  };
  return { ref: column, onFocusIn, onKeyDown };
}

/**
 * Move the focus from one of several elements to another if an arrow key, Home or End says so.
 * @param {KeyboardEvent} event
 * @param {Element} from one of them; if it is none, the first is next
 * @param {Iterable<Element>} all in their order
 * @param {boolean} [across] the arrows to the left and right move, too
 */
export function moveFocus(event, from, all, across = false) {
  const stops = [...all];
  const at = stops.indexOf(from);
  const [before, after] = [stops[at - 1], stops[at + 1]];
  const sideways = across ? { ArrowRight: after, ArrowLeft: before } : {};
  const next = { ArrowDown: after, ArrowUp: before, Home: stops[0], End: stops.at(-1), ...sideways }[event.key];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
