/** The menus of the bar of time: jumps and faults. */

import { useState } from "../vendor/hooks.js";
import { Popup } from "../controls/popup.js";
import { html, useApp, useParts } from "../core/html.js";

const HOUR = 3_600_000;

export function Jumps({ anchor, onClose, onGo }) {
  const { clock } = useApp();
  const [given, setGiven] = useState(() => local(clock.now() + 24 * HOUR));
  const until = (milliseconds) => onGo({ until: new Date(milliseconds).toISOString() });
  const midnight = new Date(clock.now());
  midnight.setHours(24, 0, 0, 0);
  const submit = (event) => {
    event.preventDefault();
    const at = new Date(given).getTime();
    if (at > clock.now()) until(at);
  };
  return html`<${Popup} anchor=${anchor} onClose=${onClose} label="Jump to"><div class="list" role="group"
    aria-label="Jumps">
    <button type="button" onClick=${() => until(clock.now() + HOUR)}>In one hour</button>
    <button type="button" onClick=${() => until(midnight.getTime())}>Midnight</button>
    <button type="button" onClick=${() => until(clock.now() + 24 * HOUR)}>In one day</button>
    <button type="button" onClick=${() => until(clock.now() + 7 * 24 * HOUR)}>In one week</button></div>
    <form class="jump" onSubmit=${submit}><label>Date <input type="datetime-local" value=${given}
      onInput=${(event) => setGiven(event.target.value)} /></label>
    <button type="submit" class="button primary">Go</button></form></${Popup}>`;
}

/** Write an instant as the value of a `datetime-local` input. */
function local(milliseconds) {
  const date = new Date(milliseconds);
  return new Date(milliseconds - date.getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}

export function Faults({ anchor, onClose }) {
  const app = useApp();
  const { faults } = useParts();
  const inject = (fault) => {
    onClose();
    app.fault(fault);
  };
  return html`<${Popup} anchor=${anchor} onClose=${onClose} label="Faults"><div class="list" role="group"
    aria-label="Faults">${faults.length ? faults.map((fault) => html`
    <button type="button" key=${fault} onClick=${() => inject(fault)}><bdi>${fault}</bdi></button>`) : html`<p
      class="nothing">None are offered here.</p>`}</div></${Popup}>`;
}
