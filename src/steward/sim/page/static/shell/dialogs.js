/** Small dialogs: a question for one line of text, and the switcher. */

import { useId, useLayoutEffect, useMemo, useRef, useState } from "../vendor/hooks.js";
import { ChannelSign, openable } from "../channels/channels.js";
import { Listbox, combobox, stepped } from "../controls/listbox.js";
import { html, useApp, useParts } from "../core/html.js";
import { useDialog } from "../controls/popup.js";

const SHOWN = 12;

export function Prompt({ title, label, value = "", onClose }) {
  const dialog = useDialog();
  const input = useRef(null);
  useLayoutEffect(() => input.current.select(), []);
  const submit = (event) => {
    event.preventDefault();
    onClose(input.current.value.trim() || null);
  };
  return html`<dialog class="modal small" ref=${dialog} aria-label=${title}
    onCancel=${(event) => { event.preventDefault(); onClose(null); }}>
    <form onSubmit=${submit}><header><h2>${title}</h2></header>
      <div class="field"><label>${label} <input ref=${input} defaultValue=${value}
        maxlength="100" required /></label></div>
      <footer><button type="button" class="button secondary" onClick=${() => onClose(null)}>Cancel</button><button
        type="submit" class="button primary">OK</button></footer>
    </form></dialog>`;
}

/** Ctrl+K: channels, servers and direct messages by a part of their names. */
export function Switcher({ onClose }) {
  const app = useApp();
  const { channels, guilds } = useParts();
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);
  const dialog = useDialog();
  const id = useId();
  const all = useMemo(() => [
    ...openable(channels).map((channel) => ({ value: channel.id, label: channel.name, channel,
      unread: typeof channel.unread === "number", go: () => app.look({ channel: channel.id }) })),
    ...guilds.map((guild) => ({ value: guild.id, label: guild.name, go: () => app.look({ guild: guild.id,
      channel: null }) })),
    { value: "direct", label: "@ Direct messages", go: () => app.look({ guild: null, channel: null }) },
  ], [channels, guilds]);
  const fits = all.filter((item) => item.label.toLowerCase().includes(query.toLowerCase())).slice(0, SHOWN);
  const go = (item) => {
    onClose();
    item?.go();
    setTimeout(() => document.getElementById("box")?.focus());
  };
  const press = (event) => {
    const next = stepped(event.key, active, fits);
    if (next !== null) setActive(next);
    else if (event.key === "Enter") go(fits[active]);
    else return;
    event.preventDefault();
  };
  const outside = (event) => event.target === dialog.current && onClose();
  return html`<dialog class="modal small switcher" ref=${dialog} aria-label="Go to"
    onCancel=${(event) => { event.preventDefault(); onClose(); }} onClick=${outside}>
    <input ...${combobox(id, fits, active)} aria-label="Where to?" placeholder="Where to?" value=${query}
      onKeyDown=${press} onInput=${(event) => { setQuery(event.target.value); setActive(0); }} />
    <${Listbox} id=${id} label="Places" items=${fits} active=${active} onPick=${go} draw=${drawPlace} />
    ${fits.length ? null : html`<p class="nothing">Nothing fits.</p>`}</dialog>`;
}

function drawPlace({ label, channel }) {
  return html`${channel ? html`<${ChannelSign} channel=${channel} />` : null}<span><bdi>${label}</bdi></span>`;
}
