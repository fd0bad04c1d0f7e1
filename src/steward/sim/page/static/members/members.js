/** The column of members. */

import { useMemo, useState } from "../vendor/hooks.js";
import { roleColour } from "../controls/colour.js";
import { counted, html, memo, names, useApp, useParts } from "../core/html.js";
import { AppTag, Avatar } from "../messages/parts.js";
import { useFoundMembers } from "./search.js";
import { useRoving } from "../controls/roving.js";

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
