/** The list to become another member. */

import { useState } from "../vendor/hooks.js";
import { Popup } from "../controls/popup.js";
import { html, useApp, useParts } from "../core/html.js";
import { Icon } from "../controls/icons.js";
import { Avatar } from "../messages/parts.js";
import { useFoundMembers } from "./search.js";

const SHOWN = 30;

export function People({ anchor, onClose }) {
  const app = useApp();
  const { me, members } = useParts();
  const [query, setQuery] = useState("");
  const found = useFoundMembers(query);
  const people = (found ?? members).filter((member) => !member.bot).slice(0, SHOWN);
  const become = (id) => {
    onClose();
    app.look({ me: id });
  };
  const meet = async () => {
    onClose();
    const name = await app.prompt({ title: "New member", label: "Name", value: query });
    if (!name) return;
    const result = await app.act("meet", { name });
    if (result?.me) app.look({ me: result.me.id ?? result.me });
  };
  return html`<${Popup} anchor=${anchor} onClose=${onClose} label="Act as"><input class="menu-search" aria-label="Search members" placeholder="Act as…" value=${query}
    onInput=${(event) => setQuery(event.target.value)} />
    <div class="list" role="group" aria-label="Members">${people.map((member) => html`<button type="button"
      key=${member.id} aria-pressed=${member.id === me?.id}
      onClick=${() => become(member.id)}><${Avatar} id=${member.id}
        name=${member.name} small /><span><bdi>${member.name}</bdi></span></button>`)}
      <button type="button" onClick=${meet}><${Icon} name="plus" /> New member…</button></div></${Popup}>`;
}
