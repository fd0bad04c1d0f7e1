/** The column of servers; direct messages are the first. */

import { initials } from "../controls/colour.js";
import { Icon } from "../controls/icons.js";
import { useRoving } from "../controls/roving.js";
import { html, memo, names, useApp, useParts, useStore } from "../core/html.js";
import { Badge, toldUnread } from "./unread.js";

export function Rail() {
  const app = useApp();
  const { guilds, unread } = useParts();
  const current = useStore((state) => state.guild?.id ?? (state.me ? null : undefined)); // null: direct messages
  return html`<nav class="rail" aria-label="Servers" ...${useRoving()}><ul>
    <${Server} id=${null} name="Direct messages" letters="@" current=${current === null}
      unread=${unread.direct} />
    ${guilds.map(({ id, name }) => html`<${Server} key=${id} id=${id} name=${name} letters=${initials(name)}
      current=${id === current} unread=${unread[id]} />`)}
    <li class="server"><button type="button" data-stop class="server-icon" title="Create a server"
      aria-label="Create a server" onClick=${app.createServer}><${Icon} name="plus" /></button></li></ul></nav>`;
}

const Server = memo(({ id, name, letters, current, unread }) => {
  const app = useApp();
  return html`<li class=${names("server", unread !== undefined && "unread")}><button type="button" data-stop
    class="server-icon" aria-current=${current} title=${name} aria-label=${`${name}${toldUnread(unread)}`}
    onClick=${() => app.look({ guild: id, channel: null })}><span class="letters" data-letters=${letters}></span>
    <${Badge} mentions=${unread} /></button></li>`;
});
