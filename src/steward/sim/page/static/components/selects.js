/** The menu of a select: options, or the members, roles and channels of the server. */

import { useId, useMemo, useRef, useState } from "../vendor/hooks.js";
import { Listbox, combobox, stepped } from "../controls/listbox.js";
import { useAnchored } from "../controls/popup.js";
import { html, useApp, useParts } from "../core/html.js";
import { useFoundMembers } from "../members/search.js";
import { Dots } from "../messages/parts.js";

const STRINGS = 3;
const KINDS = new Map([[5, ["user"]], [6, ["role"]], [7, ["user", "role"]], [8, ["channel"]]]);
const PLACEHOLDERS = new Map([[3, "Make a selection"], [5, "Select a user"], [6, "Select a role"],
  [7, "Select a user or role"], [8, "Select a channel"]]);
const SHOWN = 50;

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
    ${open ? html`<${Menu} id=${id} item=${item} chosen=${chosen} anchor=${button} onClose=${close}
      label=${label ?? placeholder} />` : null}
  </div>`;
}

function Menu({ id, item, chosen, anchor, onClose, label }) {
  const [values, setValues] = useState(chosen);
  const [query, setQuery] = useState("");
  const [active, setActive] = useState(0);
  const box = useRef(null);
  const kinds = KINDS.get(item.type) ?? [];
  const found = useEntities(kinds, item.channel_types, query);
  const all = item.type === STRINGS ? item.options.filter((option) =>
    option.label.toLowerCase().includes(query.toLowerCase())) : found;
  const options = all.slice(0, SHOWN);
  const least = item.min_values ?? 1;
  const most = Math.min(item.max_values ?? 1, item.type === STRINGS ? item.options.length : 25);
  const several = most > 1 || least === 0;
  useAnchored(box, anchor, () => onClose(null));
  const toggle = (option) => {
    if (!several) return onClose([option.value]);
    const left = values.includes(option.value) ? values.filter((one) => one !== option.value)
      : most === 1 ? [option.value] : [...values, option.value].slice(0, most);
    return setValues(left);
  };
  const press = (event) => {
    const next = stepped(event.key, active, options);
    if (next !== null) setActive(next);
    else if (event.key === "Enter" && options[active]) toggle(options[active]);
    else if (event.key === "Escape" || event.key === "Tab") onClose(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const type = (event) => {
    setQuery(event.target.value);
    setActive(0);
  };
  const draw = (option) => html`${several ? html`<span class="tick"
    aria-hidden="true">${values.includes(option.value) ? "☑" : "☐"}</span>` : null}
    <span><bdi>${option.emoji?.name ? `${option.emoji.name} ` : ""}${option.label}</bdi>
    ${option.description ? html`<small><bdi>${option.description}</bdi></small>` : null}</span>`;
  return html`<div class="menu" popover="manual" ref=${box} onKeyDown=${press}>
    <input class="menu-search" ...${combobox(id, options, active)} aria-label=${`Search: ${label}`} placeholder="Search"
      value=${query} onInput=${type} />
    <${Listbox} id=${id} label=${label} items=${options} active=${active} chosen=${values} onPick=${toggle}
      draw=${draw} />
    ${options.length ? null : html`<p class="nothing">Nothing fits.</p>`}
    ${several ? html`<button type="button" class="button primary"
      disabled=${values.length < least || values.length > most}
      onClick=${() => onClose(values)}>Done</button>` : null}
  </div>`;
}
