/** The column of members, and a member's profile. */

import { useMemo, useState } from "../vendor/hooks.js";
import { css, roleColour } from "../controls/colour.js";
import { counted, html, memo, names, useApp, useParts, useStore } from "../core/html.js";
import { useDialog } from "../controls/popup.js";
import { AppTag, Avatar } from "../messages/parts.js";
import { useFoundMembers } from "./search.js";
import { useRoving } from "../controls/roving.js";

const ON_USER = 2;
const OFFLINE = "offline";

/** Return the members as they are shown: `{id, name, members}` by hoisted role, then online and offline. */
export function grouped(members, roles) {
  const hoisted = roles.filter((role) => role.hoist).sort((one, other) => other.position - one.position);
  const groups = new Map([...hoisted, { id: "online", name: "Online" }, { id: OFFLINE, name: "Offline" }]
    .map(({ id, name }) => [id, { id, name, members: [] }]));
  for (const member of members) {
    const here = (member.status ?? OFFLINE) !== OFFLINE;
    const role = here ? hoisted.find((one) => member.roles.includes(one.id)) : null;
    groups.get(role?.id ?? (here ? "online" : OFFLINE)).members.push(member);
  }
  return [...groups.values()].filter((group) => group.members.length)
    .map((group) => ({ ...group, members: group.members.sort((one, other) => one.name.localeCompare(other.name)) }));
}

/** Return how many are in a group, of whom only those who have acted are listed. */
function sizeOf(group, groups, { member_count: all, online_count: online }) {
  const listed = group.members.length;
  const here = groups.reduce((sum, one) => sum + (one.id === OFFLINE ? 0 : one.members.length), 0);
  if (group.id === OFFLINE) return Math.max(listed, all - Math.max(online, here));
  const hoisted = groups.filter((one) => one.id !== "online" && one.id !== OFFLINE);
  return group.id !== "online" ? listed
    : Math.max(listed, hoisted.reduce((left, one) => left - one.members.length, online));
}

export function Members() {
  const { members, guild, me } = useParts();
  const [query, setQuery] = useState("");
  const found = useFoundMembers(query);
  const roving = useRoving();
  const groups = useMemo(() => grouped(found ?? members, guild?.roles ?? []), [found, members, guild]);
  if (!guild) return html`<section class="members" aria-label="Members" ...${roving}>${me ? html`<p
    class="nothing">These are direct messages: nobody else is here.</p>` : null}</section>`;
  return html`<section class="members" aria-label="Members" ...${roving}>
    <h2 class="hidden-head">Members</h2>
    <div class="member-search"><input data-stop aria-label="Search members" placeholder="Search members" value=${query}
      onInput=${(event) => setQuery(event.target.value)} /></div>
    <div class="scroll">${groups.map((group) => html`<section key=${group.id}>
      <h3><bdi>${group.name}</bdi> — ${(found ? group.members.length : sizeOf(group, groups, guild))
        .toLocaleString()}</h3>
      <ul>${group.members.map((member) => html`<${Person} key=${member.id} member=${member} roles=${guild.roles}
        current=${member.id === me?.id} />`)}</ul></section>`)}
      ${guild.member_count > members.length && !query ? html`<p
        class="nothing">${counted(guild.member_count, "member")}. Search finds those who are not listed.</p>` : null}
      ${found && !found.length ? html`<p class="nothing">Nobody has such a name.</p>` : null}
    </div></section>`;
}

const Person = memo(({ member, roles, current }) => {
  const app = useApp();
  const away = (member.status ?? OFFLINE) === OFFLINE;
  return html`<li><button type="button" data-stop class=${names("person", away && "away")}
    aria-current=${current} onClick=${() => app.profile(member.id, member)}>
    <span class="face"><${Avatar} id=${member.id} name=${member.name} small /><i
      class="status ${member.status ?? OFFLINE}" title=${member.status ?? OFFLINE}></i></span>
    <span class="cut" ...${away ? {} : roleColour(member, roles)}><bdi>${member.name}</bdi></span>
    ${member.bot ? html`<${AppTag} />` : null}</button></li>`;
});

/** The profile of a member as a dialog. */
export function ProfileHost() {
  const { profile } = useParts();
  return profile ? html`<${Profile} key=${profile.id} member=${profile} />` : null;
}

function Profile({ member }) {
  const app = useApp();
  const roles = useStore((state) => state.guild?.roles ?? []);
  const { commands, me } = useParts();
  const dialog = useDialog();
  const close = () => app.profile(null);
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
      <small><bdi>${member.username}</bdi> · ${member.status ?? OFFLINE}</small></div>
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
