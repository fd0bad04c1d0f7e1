/** The list of a select that is open. */

import { useRef, useState } from "../vendor/hooks.js";
import { Listbox, combobox, stepped } from "../controls/listbox.js";
import { useAnchored } from "../controls/popup.js";
import { html } from "../core/html.js";
import { KINDS, STRINGS, useEntities } from "./selects.js";

const SHOWN = 50;

export function SelectList({ id, item, chosen, anchor, onClose, label }) {
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
