/** Marks of what is unread: a number of mentions, 0 without any, nothing where all was read. */

import { html } from "../core/html.js";

/** What a screen reader adds to the name of a channel or a server. */
export function toldUnread(mentions) {
  if (!mentions) return mentions === 0 ? ", unread" : "";
  return `, ${mentions} mention${mentions === 1 ? "" : "s"}`;
}

export function Badge({ mentions }) {
  return mentions ? html`<span class="badge" aria-hidden="true">${mentions > 99 ? "99+" : mentions}</span>` : null;
}
