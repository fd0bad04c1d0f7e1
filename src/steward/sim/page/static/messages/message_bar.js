/** What can be done with a message: the bar that is shown over the row. */

import { useRef } from "../vendor/hooks.js";
import { html, useApp, useParts } from "../core/html.js";
import { lazy } from "../core/lazy.js";
import { Icon } from "../controls/icons.js";

const EmojiMenu = lazy(() => import("./message_menus.js"), "EmojiMenu");
const MessageMenu = lazy(() => import("./message_menus.js"), "MessageMenu");

export function Actions({ message, ephemeral, menu, setMenu }) {
  const app = useApp();
  const { me } = useParts();
  const bar = useRef(null);
  if (ephemeral || !me) return null;
  const own = message.author.id === me.id;
  const close = () => {
    setMenu(null);
    bar.current?.closest("[data-row]")?.focus();
  };
  const refused = me.refused ?? {};
  return html`<div class="actions-place"><div class="actions" ref=${bar} role="group" aria-label="Message actions">
    <${Action} label="Add reaction" icon="smile" refused=${refused.react}
      onClick=${() => setMenu(menu === "emoji" ? null : "emoji")} />
    <${Action} label="Reply" icon="reply" refused=${refused.say} onClick=${() => app.reply(message)} />
    ${own ? html`<${Action} label="Edit" icon="edit" onClick=${() => app.edit(message.id)} />` : null}
    <${Action} label="More" icon="more" onClick=${() => setMenu(menu === "more" ? null : "more")} />
    ${menu === "emoji" ? html`<${EmojiMenu} anchor=${bar} message=${message} onClose=${close} />` : null}
    ${menu === "more" ? html`<${MessageMenu} anchor=${bar} message=${message} onClose=${close} />` : null}
  </div></div>`;
}

function Action({ label, icon, refused, onClick }) {
  return html`<button type="button" aria-label=${label} title=${refused || label}
    aria-disabled=${Boolean(refused)}
    onClick=${refused ? undefined : onClick}><${Icon} name=${icon} /></button>`;
}
