/** The chip that says as whom one acts. */

import { useRef } from "../vendor/hooks.js";
import { html, useApp, useParts } from "../core/html.js";
import { lazy } from "../core/lazy.js";
import { Avatar } from "../messages/parts.js";

const People = lazy(() => import("./people.js"), "People");

export function ActAs() {
  const { me, actAsOpen: open } = useParts();
  const app = useApp();
  const chip = useRef(null);
  const close = () => {
    app.openActAs(false);
    chip.current?.focus();
  };
  return html`<div class="act-as"><button type="button" class="chip" ref=${chip} aria-haspopup="dialog"
    aria-expanded=${Boolean(open)}
      aria-label=${`Acting as ${me.name}; change`} title="Act as (Ctrl+Shift+A)" onClick=${() => app.openActAs(!open)}>
      <${Avatar} id=${me.id} name=${me.name} small /><span
        class="chip-name"><bdi>${me.name}</bdi></span></button>
    ${open ? html`<${People} anchor=${chip} onClose=${close} />` : null}</div>`;
}
