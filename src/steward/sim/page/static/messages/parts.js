/** Small parts that messages and other columns share. */

import { avatarColour, initials } from "../controls/colour.js";
import { Icon } from "../controls/icons.js";
import { html, names, useApp } from "../core/html.js";

export function Avatar({ id, name, small, onClick }) {
  return html`<span class=${names("avatar", small && "small", onClick && "pressable")} onClick=${onClick}
    style=${{ background: avatarColour(id) }} data-letters=${initials(name, 1)} aria-hidden="true"></span>`;
}

export function AppTag() {
  return html`<span class="app-tag">APP</span>`;
}

/** Three dots that breathe while something is awaited. */
export function Dots() {
  return html`<span class="dots" aria-hidden="true"><i></i><i></i><i></i></span>`;
}

/** The foot of what nobody else sees. */
export function OnlyYou({ id, children }) {
  const app = useApp();
  return html`<div class="only-you"><${Icon} name="eye" /> Only you can see this • <button type="button" class="as-link"
    onClick=${() => app.dismiss(id)}>Dismiss message</button>${children}</div>`;
}
