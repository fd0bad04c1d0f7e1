/** The profile of a member as a dialog. */

import { css } from "../controls/colour.js";
import { html, useApp, useParts, useStore } from "../core/html.js";
import { useDialog } from "../controls/popup.js";
import { Avatar } from "../messages/parts.js";

const ON_USER = 2;

export function Profile({ member, onClose: close }) {
  const app = useApp();
  const roles = useStore((state) => state.guild?.roles ?? []);
  const { commands, me } = useParts();
  const dialog = useDialog();
  const own = roles.filter((role) => member.roles?.includes(role.id)).sort((one, other) =>
    other.position - one.position);
  const others = commands.filter((command) => command.type === ON_USER);
  const become = () => {
    close();
    app.look({ me: member.id });
  };
  const use = (command) => {
    close();
    app.use(command, { user: member.id });
  };
  const outside = (event) => event.target === dialog.current && close();
  return html`<dialog class="profile" ref=${dialog} aria-label=${`Profile of ${member.name}`} onClose=${close}
    onClick=${outside}>
    <header><${Avatar} id=${member.id} name=${member.name} /><div><h2><bdi>${member.name}</bdi></h2>
      <small><bdi>${member.username}</bdi> · ${member.status ?? "offline"}</small></div>
      <button type="button" class="close" aria-label="Close" onClick=${close}>✕</button></header>
    ${own.length ? html`<ul class="roles" aria-label="Roles">${own.map((role) => html`<li key=${role.id}><i
      style=${{ background: css(role.color || 0x99aab5) }}></i><bdi>${role.name}</bdi></li>`)}</ul>` : html`<p
      class="nothing">No roles.</p>`}
    <div class="buttons">
      ${member.bot ? html`<button type="button" class="button primary"
        onClick=${() => { close(); app.writeTo(member.id); }}>Message</button>`
        : html`<button type="button" class="button primary" disabled=${member.id === me?.id}
          onClick=${become}>${member.id === me?.id ? "You act as this member" : "Act as"}</button>`}
      ${others.map((command) => html`<button type="button" class="button secondary" key=${command.id}
        disabled=${Boolean(command.refused)} title=${command.refused ?? command.bot}
        onClick=${() => use(command)}><bdi>${command.name}</bdi></button>`)}
    </div>
    <small class="id">${member.id}</small></dialog>`;
}
