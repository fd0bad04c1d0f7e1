/** Names that are completed in the box: members and roles after "@", channels after "#". */

import { useMemo } from "../vendor/hooks.js";
import { useEntities } from "../components/selects.js";

const SHOWN = 10;
const BEGUN = /(?:^|\s)(([@#])([^\s@#]{0,32}))$/;
const KINDS = new Map([["@", ["user", "role"]], ["#", ["channel"]]]);
const CHANNELS = [0, 2, 5, 10, 11, 12, 13, 15]; // no categories

/**
 * What completes the name before the caret: `{start, items}`, or null.
 * An item is `{value, name, description, mention}`: the name as it is written, and what is sent in its place.
 */
export function useMentions(text, caret) {
  const begun = BEGUN.exec(text.slice(0, caret));
  const [, all = "", sign = "@", query = ""] = begun ?? [];
  const found = useEntities(begun ? KINDS.get(sign) : [], CHANNELS, query);
  return useMemo(() => {
    const wanted = query.toLowerCase();
    const items = found.map((one) => ({ ...one, label: one.label.startsWith(sign) ? one.label : sign + one.label }));
    const first = (item) => Number(!item.label.toLowerCase().startsWith(sign + wanted));
    items.sort((one, other) => first(one) - first(other));
    return begun && items.length ? { start: caret - all.length, items: items.slice(0, SHOWN) } : null;
  }, [found, caret, all]);
}

/**
 * Return a text with the mentions of those names that were picked from the list.
 * @param {Map<string, string>} picked mentions by name
 */
export function withMentions(text, picked) {
  const names = [...picked.keys()].sort((one, other) => other.length - one.length); // "@ann" begins as "@anna" does
  let written = "";
  for (let at = 0; at < text.length;) {
    const name = names.find((one) => text.startsWith(one, at)) ?? text[at];
    written += picked.get(name) ?? name;
    at += name.length;
  }
  return written;
}
