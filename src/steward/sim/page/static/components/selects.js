/** Selects: of options, or of the members, roles and channels of the server. */

import { useId, useMemo, useRef, useState } from "../vendor/hooks.js";
import { html, useApp, useParts } from "../core/html.js";
import { lazy } from "../core/lazy.js";
import { useFoundMembers } from "../members/search.js";
import { Dots } from "../messages/parts.js";

export const STRINGS = 3;
export const KINDS = new Map([[5, ["user"]], [6, ["role"]], [7, ["user", "role"]], [8, ["channel"]]]);
const PLACEHOLDERS = new Map([[3, "Make a selection"], [5, "Select a user"], [6, "Select a role"],
  [7, "Select a user or role"], [8, "Select a channel"]]);
const SelectList = lazy(() => import("./select_list.js"), "SelectList");

/** Return the options of an entity select among what is known here: `{value, label, description, mention}`. */
export function entities(state, kinds, channelTypes) {
  const found = [];
  if (kinds.includes("user")) {
    for (const member of state.members) found.push({ value: member.id, label: member.name,
      description: member.username, mention: `<@${member.id}>` });
  }
  if (kinds.includes("role")) {
    for (const role of state.guild?.roles ?? []) {
      if (role.id !== state.guild.id) found.push({ value: role.id, label: `@${role.name}`, description: "Role",
        mention: `<@&${role.id}>` });
    }
  }
  if (kinds.includes("channel")) {
    for (const channel of state.channels) {
      if (!channelTypes?.length || channelTypes.includes(channel.type)) found.push({ value: channel.id,
        label: `#${channel.name}`, mention: `<#${channel.id}>` });
    }
  }
  return found;
}

/** Members, roles or channels that fit a text; the simulator finds members who are not listed here. */
export function useEntities(kinds, channelTypes, query) {
  const { store } = useApp();
  const { members } = useParts();
  const more = useFoundMembers(kinds.includes("user") ? query : "");
  return useMemo(() => {
    const wanted = query.toLowerCase();
    const state = { ...store.state, members: [...members, ...(more ?? [])] };
    const known = new Map(entities(state, kinds, channelTypes).map((option) => [option.value, option]));
    return [...known.values()].filter((option) =>
      `${option.label} ${option.description ?? ""}`.toLowerCase().includes(wanted));
  }, [members, more, query, kinds.join()]);
}

function defaults(item) {
  const chosen = (item.options ?? []).filter((option) => option.default).map((option) => option.value);
  return [...chosen, ...(item.default_values ?? []).map((value) => value.id)];
}

/**
 * A select: a button that opens a list.
 * @param {{item: object, busy?: boolean, value?: string[], onChoose: (values: string[]) => void, label?: string}} props
 *   with `value`, the chosen values are the caller's
 */
export function SelectMenu({ item, busy, value, onChoose, label }) {
  const { store } = useApp();
  const [open, setOpen] = useState(false);
  const button = useRef(null);
  const id = useId();
  const chosen = value ?? defaults(item);
  const known = new Map((item.type === STRINGS ? item.options : entities(store.state, KINDS.get(item.type),
    item.channel_types))
    .map((option) => [option.value, option]));
  const shown = chosen.map((one) => known.get(one)?.label ?? one);
  const placeholder = item.placeholder || PLACEHOLDERS.get(item.type);
  const words = shown.length ? shown.join(", ") : placeholder;
  const close = (values) => {
    setOpen(false);
    button.current?.focus();
    if (values) onChoose(values);
  };
  return html`<div class="select">
    <button type="button" class="select-button" ref=${button} disabled=${item.disabled || busy} aria-haspopup="listbox"
      aria-expanded=${open} aria-busy=${Boolean(busy)} aria-label=${label ? `${label}: ${words}`
        : shown.length ? `${placeholder}: ${words}` : words}
      onClick=${() => setOpen(!open)}>
      <span class=${shown.length ? "" : "placeholder"}><bdi>${words}</bdi></span>
      ${busy ? html`<${Dots} />` : html`<span aria-hidden="true">▾</span>`}</button>
    ${open ? html`<${SelectList} id=${id} item=${item} chosen=${chosen} anchor=${button} onClose=${close}
      label=${label ?? placeholder} />` : null}
  </div>`;
}
