/** Rows that are no messages: a command that waits for the bot, or to which it did not respond. */

import { html, useApp, useParts, useStore } from "../core/html.js";
import { Icon } from "../controls/icons.js";
import { Avatar, Dots, OnlyYou } from "./parts.js";

const COMMAND = 2;

export function LocalRow({ item }) {
  const app = useApp();
  const { me } = useParts();
  const slash = useStore((state) => state.commands.some((command) => command.type === 1
    && command.name === item.name.split(" ")[0]));
  if (!me) return null;
  const name = item.error ? item.name : item.kind === COMMAND ? `${slash ? "/" : ""}${item.name}` : "";
  return html`<li class="message local" data-id=${item.id} tabindex="-1">
    <div class="sides"><${Avatar} id=${me.id} name=${me.name} /><div class="body">
      <div class="head"><b><bdi>${me.name}</bdi></b></div>
      ${name ? html`<div class="plain"><span class="mention"><bdi>${name}</bdi></span></div>` : null}
      ${item.error ? html`<div class="failure" role="alert"><${Icon}
        name="warning" /> <bdi>${item.error}</bdi></div>
        <${OnlyYou} id=${item.id}>${item.again ? html` • <button type="button" class="as-link"
          onClick=${() => app.again(item)}>Try again</button>` : null}</${OnlyYou}>`
        : html`<div class="thinking"><${Dots} /> ${name ? "Sending command…" : "Waiting for the bot…"}</div>`}
    </div></div></li>`;
}
