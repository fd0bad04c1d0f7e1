/** Lists of options under an input: the focus stays in the input, whose keys move through the list. */

import { useLayoutEffect, useRef } from "../vendor/hooks.js";
import { html, names } from "../core/html.js";

/**
 * @param {{id: string, label: string, items: {value: any, label: string, description?: string}[], active: number,
 *   onPick: (item: object) => void, chosen?: any[], draw?: (item: object) => any}} props `chosen`: the values, where
 *   several can be chosen; `draw` draws more than a label and a description
 */
export function Listbox({ id, label, items, active, onPick, onHover, chosen, draw = plain }) {
  const list = useRef(null);
  useLayoutEffect(() => list.current.querySelector(".active")?.scrollIntoView({ block: "nearest" }), [active, items]);
  return html`<ul id=${id} ref=${list} role="listbox" aria-label=${label}
    aria-multiselectable=${chosen && "true"}>${items.map((item, place) => html`<li key=${String(item.value)}
    id=${`${id}-${place}`} role="option"
    aria-selected=${chosen ? chosen.includes(item.value) : place === active}
    aria-disabled=${item.refused && "true"}
    class=${names("option", place === active && "active", item.refused && "refused", item.unread && "unread")}
    onPointerMove=${onHover && (() => onHover(place))} onPointerDown=${(event) => event.preventDefault()}
    onClick=${() => onPick(item)}>${draw(item)}</li>`)}</ul>`;
}

function plain({ label, description }) {
  return html`<span><bdi>${label}</bdi></span>${description
    ? html`<small><bdi>${description}</bdi></small>` : null}`;
}

/** Return the properties of the input of a list. */
export function combobox(id, items, active) {
  const open = Boolean(items?.length);
  return { role: "combobox", "aria-autocomplete": "list", "aria-expanded": open, autocomplete: "off",
    "aria-controls": open ? id : undefined, "aria-activedescendant": items?.[active] ? `${id}-${active}` : undefined };
}

/** Return the place that an arrow key leads to, null for other keys and in an empty list. */
export function stepped(key, active, items) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[key];
  return step && items?.length ? (active + step + items.length) % items.length : null;
}
