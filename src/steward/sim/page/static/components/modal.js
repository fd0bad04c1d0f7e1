/** A bot's modal: components 3 to 8, 10, 18, 19 and 21 to 23. What was typed stays if submitting fails. */

import { Unknown } from "./components.js";
import { Guarded, html, useApp } from "../core/html.js";
import { useDialog } from "../controls/popup.js";
import { Icon } from "../controls/icons.js";
import { readFile } from "../composer/options.js";
import { SelectMenu } from "./selects.js";
import { Text } from "../markdown/text.js";
import { useId, useLayoutEffect, useState } from "../vendor/hooks.js";

const ROW = 1, TEXT_INPUT = 4, TEXT = 10, LABEL = 18, UPLOAD = 19, RADIO = 21, CHECKBOXES = 22, CHECKBOX = 23;
const SELECTS = [3, 5, 6, 7, 8];
const LONGEST = 4000;

/** Return the fields of a modal: `{item, label, description}`. */
function fieldsOf(components) {
  return components.flatMap((part) => {
    if (part.type === LABEL) return [{ item: part.component, label: part.label, description: part.description }];
    if (part.type === ROW) return part.components.map((item) => ({ item,
      label: item.label ?? item.placeholder ?? "" }));
    return [];
  });
}

/** Return the value of a field that nobody has touched. */
function untouched(item) {
  const chosen = (item.options ?? []).filter((option) => option.default).map((option) => option.value);
  if (item.type === TEXT_INPUT) return item.value ?? "";
  if (item.type === CHECKBOX) return Boolean(item.default);
  if (item.type === RADIO) return chosen[0] ?? null;
  return [...chosen, ...(item.default_values ?? []).map((value) => value.id)];
}

/** Return why a value cannot be sent, or null. */
function wrong(item, value) {
  const required = item.required ?? item.type !== CHECKBOX;
  if (item.type === CHECKBOX) return null;
  if (value === null || value.length === 0) return required ? "This field is required." : null;
  if (item.type === TEXT_INPUT) {
    const length = [...value].length;
    if (length < (item.min_length ?? 0)) return `At least ${item.min_length} characters.`;
    return length > (item.max_length ?? LONGEST) ? `At most ${item.max_length ?? LONGEST} characters.` : null;
  }
  if (Array.isArray(value)) {
    const least = item.min_values ?? 1;
    if (value.length < least) return `Choose at least ${least}.`;
    const most = item.max_values ?? (item.type === CHECKBOXES ? item.options.length : 1);
    if (value.length > most) return `Choose at most ${most}.`;
  }
  return null;
}

export function Modal({ modal, onClose }) {
  const app = useApp();
  const dialog = useDialog();
  const fields = fieldsOf(modal.components);
  const [values, setValues] = useState(() => new Map(fields.map(({ item }) => [item.custom_id, untouched(item)])));
  const [errors, setErrors] = useState(new Map());
  const [failed, setFailed] = useState("");
  const [busy, setBusy] = useState(false);
  const id = useId();
  useLayoutEffect(() => dialog.current.querySelector(".modal-fields :is(input, textarea, button)")?.focus(), []);
  // Not by their custom ids, one of which may be "title".
  const idOf = (item) => `${id}-${fields.findIndex((field) => field.item === item)}`;
  const put = (item, value) => {
    setValues((before) => new Map(before).set(item.custom_id, value));
    setErrors((before) => new Map([...before].filter(([key]) => key !== item.custom_id)));
  };
  const submit = async (event) => {
    event.preventDefault();
    if (busy) return;
    const found = new Map();
    for (const { item } of fields) {
      const words = wrong(item, values.get(item.custom_id));
      if (words) found.set(item.custom_id, words);
    }
    setErrors(found);
    if (found.size) {
      document.getElementById(idOf(fields.find(({ item }) => found.has(item.custom_id)).item))?.focus();
      return;
    }
    setBusy(true);
    setFailed("");
    // Object.fromEntries defines its properties, so a custom id such as "__proto__" does no harm.
    const error = await app.submit(modal, Object.fromEntries(values));
    setBusy(false);
    if (error) setFailed(error);
  };
  return html`<dialog class="modal" ref=${dialog} aria-labelledby=${`${id}title`}
    onCancel=${(event) => { event.preventDefault(); onClose(); }}>
    <form onSubmit=${submit} novalidate>
      <header><h2 id=${`${id}title`}><bdi>${modal.title}</bdi></h2>
        <button type="button" class="close" aria-label="Close" onClick=${onClose}>✕</button></header>
      <p class="modal-notice">This form will be submitted to <b><bdi>${modal.bot ?? "the bot"}</bdi></b>.</p>
      ${failed ? html`<div class="failure" role="alert"><${Icon} name="warning" /> <bdi>${failed}</bdi></div>`
        : null}
      <div class="modal-fields">${modal.components.map((part, place) => html`<${Guarded} key=${place} data=${part}
        what="A component">
        ${part.type === TEXT ? html`<${Text}
          text=${part.content} />` : part.type === LABEL || part.type === ROW ? fieldsOf([part]).map((field) => html`
          <${Field} key=${field.item.custom_id} id=${idOf(field.item)} ...${field}
            value=${values.get(field.item.custom_id)}
            error=${errors.get(field.item.custom_id)} onPut=${(value) => put(field.item, value)} />`) : html`<${Unknown}
              item=${part} />`}</${Guarded}>`)}</div>
      <footer><button type="button" class="button secondary" onClick=${onClose}>Cancel</button>
        <button type="submit" class="button primary" aria-disabled=${busy}
          aria-busy=${busy}>${busy ? "Submitting…" : "Submit"}</button></footer>
    </form></dialog>`;
}

function Field({ id, item, label, description, value, error, onPut }) {
  const required = item.required ?? item.type !== CHECKBOX;
  const said = [description ? `${id}d` : "", error ? `${id}e` : ""].filter(Boolean).join(" ") || undefined;
  const grouped = item.type === RADIO || item.type === CHECKBOXES;
  const title = html`<bdi>${label}</bdi>${required ? html`<span class="required" aria-hidden="true"> *</span>`
    : null}`;
  const control = html`<${Control} id=${id} item=${item} label=${label} value=${value} said=${said}
    wrong=${Boolean(error)} required=${required} onPut=${onPut} />`;
  const more = html`${description ? html`<small id=${`${id}d`}><bdi>${description}</bdi></small>` : null}`;
  const why = error ? html`<div class="field-error" id=${`${id}e`} role="alert">${error}</div>` : null;
  if (grouped) return html`<fieldset class="field"
    aria-describedby=${said}><legend>${title}</legend>${more}${control}${why}</fieldset>`;
  return html`<div class="field"><label for=${id}>${title}</label>${more}${control}${why}</div>`;
}

function Control({ id, item, label, value, said, wrong: bad, required, onPut }) {
  const about = { id, "aria-describedby": said, "aria-invalid": bad, "aria-required": required };
  if (SELECTS.includes(item.type)) return html`<${SelectMenu} item=${item} label=${label} value=${value}
    onChoose=${onPut} />`;
  switch (item.type) {
    case TEXT_INPUT: {
      const given = { ...about, placeholder: item.placeholder ?? "", maxlength: item.max_length ?? LONGEST, value,
        onInput: (event) => onPut(event.target.value) };
      return item.style === 2 ? html`<textarea rows="4" ...${given}></textarea>` : html`<input autocomplete="off"
        ...${given} />`;
    }
    case UPLOAD: return html`<input type="file" ...${about} multiple=${(item.max_values ?? 1) > 1}
      onChange=${async (event) => onPut(await Promise.all([...event.target.files].map(readFile)))} />
      ${value.length ? html`<small>${value.map((file) => file.name).join(", ")}</small>` : null}`;
    case RADIO: return item.options.map((option) => html`<label class="choice" key=${option.value}><input type="radio"
      name=${id} id=${option === item.options[0] ? id : undefined}
      checked=${value === option.value} onChange=${() => onPut(option.value)} /><${Option}
        option=${option} /></label>`);
    case CHECKBOXES: return item.options.map((option) => html`<label class="choice" key=${option.value}><input
      type="checkbox" id=${option === item.options[0] ? id : undefined}
      checked=${value.includes(option.value)}
        onChange=${(event) => onPut(toggled(value, option.value, event.target.checked))} />
      <${Option} option=${option} /></label>`);
    case CHECKBOX: return html`<input type="checkbox" ...${about} checked=${value}
      onChange=${(event) => onPut(event.target.checked)} />`;
    default: return html`<${Unknown} item=${item} />`;
  }
}

/** Return the values without one, or with it last. */
function toggled(values, value, added) {
  const left = values.filter((one) => one !== value);
  return added ? [...left, value] : left;
}

function Option({ option }) {
  return html`<span><bdi>${option.label}</bdi>${option.description
    ? html`<small><bdi>${option.description}</bdi></small>` : null}</span>`;
}
