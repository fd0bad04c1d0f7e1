/** The picker of slash commands: how one is drawn in the list, then the options of the chosen one as pills. */

import { useEffect, useId, useLayoutEffect, useRef, useState } from "../vendor/hooks.js";
import { Listbox, combobox, stepped } from "../controls/listbox.js";
import { html, names, useApp } from "../core/html.js";
import * as options from "./options.js";
import { useEntities } from "../components/selects.js";

const MORE = "+"; // stands for the input that adds an optional option; no option has such a name
const PATIENCE = 150; // milliseconds without a key before autocompletion is asked for

export function drawCommand({ path, refused, description, bot }) {
  return html`<span class="command-name">/<bdi>${path}</bdi></span>
    <span class="command-says"><bdi>${refused ?? description}</bdi></span>
    <span class="command-bot"><bdi>${bot}</bdi></span>`;
}

/** What is offered for the option that is being filled in: `{value, label, description}`, or null for no list. */
function useSuggestions(command, option, fields) {
  const app = useApp();
  const [completed, setCompleted] = useState({ items: null, error: null });
  const text = option ? fields.get(option.name)?.text ?? "" : "";
  const kinds = option ? options.ENTITY_KINDS.get(option.type) ?? [] : [];
  const found = useEntities(kinds, option?.channel_types, kinds.length ? text.replace(/^[@#]/, "") : "");
  const asked = Boolean(option?.autocomplete);
  const picked = option ? fields.get(option.name)?.value !== undefined : false;
  useEffect(() => {
    setCompleted({ items: null, error: null });
    if (!asked || picked) return undefined;
    let current = true;
    const timer = setTimeout(() => {
      const given = filledIn(command, fields, option.name);
      given[option.name] = text;
      app.complete(command.path, given).then(
        ({ choices = [] }) => current && setCompleted({ items: choices.map(({ name, value }) => ({ value,
          label: name })), error: null }),
        (error) => current && setCompleted({ items: null, error: error.message }),
      );
    }, PATIENCE);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [option?.name, text, asked, picked]);
  if (!option || picked) return { items: null, error: null };
  if (asked) return completed;
  if (kinds.length) return { items: found.slice(0, 25), error: null };
  const choices = options.choicesOf(option, text);
  return { items: choices?.map(({ name, value }) => ({ value, label: name })) ?? null, error: null };
}

/** Return the values of the options that are filled in rightly, but one. */
function filledIn(command, fields, except) {
  const given = {};
  for (const option of command.options) {
    const { value } = option.name === except ? {} : options.valueOf(option, fields.get(option.name));
    if (value !== undefined) given[option.name] = value;
  }
  return given;
}

/**
 * The options of a command.
 * @param {{command: object, fields: Map<string, object>, onRun: (values: object, fields: Map) => void, onCancel: () =>
   void}} props
 */
export function Pills({ command, fields: first, onRun, onCancel }) {
  const [fields, setFields] = useState(first ?? new Map());
  const required = command.options.filter((option) => option.required);
  const shown = command.options.filter((option) => option.required || fields.has(option.name));
  const hidden = command.options.filter((option) => !shown.includes(option));
  const [focus, setFocus] = useState(required[0]?.name ?? MORE);
  const [active, setActive] = useState(required.length ? 0 : -1);
  const [closed, setClosed] = useState(false);
  const [errors, setErrors] = useState(new Map());
  const box = useRef(null);
  const id = useId();
  const option = shown.find((one) => one.name === focus);
  const { items, error: failed } = useSuggestions(command, option, fields);
  const filter = fields.get(MORE)?.text ?? "";
  const offered = focus === MORE ? hidden.filter((one) => one.name.includes(filter)).map((one) => ({ value: one.name,
    label: one.name, description: one.description })) : items;
  const list = closed ? null : offered;

  useLayoutEffect(() => {
    const input = [...box.current.querySelectorAll("input")].find((one) => one.dataset.option === focus);
    (input ?? box.current).focus();
  }, [focus, shown.length]);

  const go = (name) => {
    setFocus(name);
    setActive(name === MORE ? -1 : 0);
    setClosed(false);
  };
  const put = (name, field) => {
    const next = new Map(fields);
    if (field === null) next.delete(name);
    else next.set(name, field);
    setFields(next);
    setErrors(new Map([...errors].filter(([key]) => key !== name)));
    setClosed(false);
    return next;
  };
  const after = (name, now = fields) => {
    const order = [...command.options.filter((one) => one.required || now.has(one.name)).map((one) => one.name), MORE];
    return order.slice(order.indexOf(name) + 1).find((one) => one === MORE || !now.get(one)?.text) ?? MORE;
  };
  const pick = (item) => {
    if (focus === MORE) {
      const next = new Map(fields).set(item.value, { text: "" });
      next.delete(MORE);
      setFields(next);
      go(item.value);
    } else go(after(focus, put(focus, { text: item.label, value: item.value })));
  };
  const run = () => {
    const wrong = new Map();
    for (const one of shown) {
      const { error } = options.valueOf(one, fields.get(one.name));
      if (error) wrong.set(one.name, error);
    }
    setErrors(wrong);
    if (wrong.size) go([...wrong.keys()][0]);
    else onRun(filledIn(command, fields, null), fields);
  };
  const choose = async (event) => {
    const [file] = event.target.files;
    if (file) go(after(focus, put(event.target.dataset.option, { text: file.name,
      value: await options.readFile(file) })));
  };

  const press = (event) => {
    event.stopPropagation();
    const at = [...shown.map((one) => one.name), ...(hidden.length ? [MORE] : [])];
    const place = at.indexOf(focus);
    const next = stepped(event.key, active, list);
    if (event.key === "Escape") {
      if (list?.length && focus !== MORE) setClosed(true);
      else onCancel();
    } else if (next !== null) setActive(next);
    else if (event.key === "Tab" && !event.shiftKey && list?.[active] && focus !== MORE) pick(list[active]);
    else if (event.key === "Tab") {
      const other = at[place + (event.shiftKey ? -1 : 1)];
      if (other === undefined) return;
      go(other);
    } else if (event.key === "Enter") {
      if (list?.[active]) pick(list[active]);
      else run();
    } else if (event.key === "Backspace" && event.target.value === "") {
      if (option && !option.required) put(focus, null);
      if (place <= 0) onCancel();
      else go(at[place - 1]);
    } else return;
    event.preventDefault();
  };

  const field = (one) => {
    const error = errors.get(one.name);
    const { text = "" } = fields.get(one.name) ?? {};
    const isFile = one.type === options.ATTACHMENT;
    return html`<span key=${one.name} class=${names("pill", one.name === focus && "focused", error && "wrong")}>
      <label for=${`${id}-${one.name}`}><bdi>${one.name}</bdi></label>
      ${isFile ? html`<input id=${`${id}-${one.name}`} type="file" data-option=${one.name}
        onFocus=${() => focus === one.name || go(one.name)} onChange=${choose} />`
        : html`<input id=${`${id}-${one.name}`} data-option=${one.name}
          ...${combobox(`${id}list`, one.name === focus ? list : null, active)} aria-invalid=${Boolean(error)}
          aria-describedby=${error ? `${id}e-${one.name}` : undefined} aria-required=${Boolean(one.required)}
          spellcheck="false" size=${Math.max(6, Math.min(40, text.length + 1))} value=${text}
          onFocus=${() => focus === one.name || go(one.name)}
          onInput=${(event) => { put(one.name, { text: event.target.value }); setActive(0); }} />`}
      ${error ? html`<span class="pill-error" id=${`${id}e-${one.name}`} role="alert">${error}</span>` : null}</span>`;
  };

  return html`<div class="pills" ref=${box} tabindex="-1" role="group" aria-label=${`/${command.path}`}
    onKeyDown=${press}>
    ${list?.length || failed || (option && !closed) ? html`<div class="picker">
      <p class="picker-head">${option
        ? html`<b><bdi>${option.name}</bdi></b> <bdi>${option.description}</bdi>`
        : html`<b>Optional</b> Enter runs the command`}
        ${failed ? html` <span class="failure">${failed}</span>` : null}</p>
      ${list?.length ? html`<${Listbox} id=${`${id}list`} label=${option ? option.name : "Optional options"}
        items=${list} active=${active} onPick=${pick} />` : null}</div>` : null}
    <span class="command-name">/<bdi>${command.path}</bdi></span>
    ${shown.map(field)}
    ${hidden.length ? html`<input class="more" data-option=${MORE}
      ...${combobox(`${id}list`, focus === MORE ? list : null, active)} placeholder=${`+${hidden.length} optional`}
      aria-label=${`Add one of ${hidden.length} optional options, or press Enter to run`} value=${filter}
      onFocus=${() => focus === MORE || go(MORE)}
      onInput=${(event) => { put(MORE, { text: event.target.value }); setActive(0); }} />` : null}
    <button type="button" class="button primary run" onClick=${run}>Run</button>
  </div>`;
}
