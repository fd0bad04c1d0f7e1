/** The chip that says as whom one acts, and the list to become another. */

import { useRef, useState } from "../vendor/hooks.js";
import { Popup } from "../controls/popup.js";
import { html, useApp, useParts } from "../core/html.js";
import { Icon } from "../controls/icons.js";
import { Avatar } from "../messages/parts.js";
import { useFoundMembers } from "./search.js";

const SHOWN = 30;

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
    ${open ? html`<${Popup} anchor=${chip} onClose=${close} label="Act as"><${People} onDone=${close} /></${Popup}>`
      : null}</div>`;
}

function People({ onDone }) {
  const app = useApp();
  const { me, members } = useParts();
  const [query, setQuery] = useState("");
  const found = useFoundMembers(query);
  const people = (found ?? members).filter((member) => !member.bot).slice(0, SHOWN);
  const become = (id) => {
    onDone();
    app.look({ me: id });
  };
  const meet = async () => {
    onDone();
    const name = await app.prompt({ title: "New member", label: "Name", value: query });
    if (!name) return;
    const result = await app.act("meet", { name });
    if (result?.me) app.look({ me: result.me.id ?? result.me });
  };
  return html`<input class="menu-search" aria-label="Search members" placeholder="Act as…" value=${query}
    onInput=${(event) => setQuery(event.target.value)} />
    <div class="list" role="group" aria-label="Members">${people.map((member) => html`<button type="button"
      key=${member.id} aria-pressed=${member.id === me?.id}
      onClick=${() => become(member.id)}><${Avatar} id=${member.id}
        name=${member.name} small /><span><bdi>${member.name}</bdi></span></button>`)}
      <button type="button" onClick=${meet}><${Icon} name="plus" /> New member…</button></div>`;
}
