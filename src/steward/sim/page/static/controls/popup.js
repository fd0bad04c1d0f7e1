/** Boxes in the top layer, beside the button that opens them. */

import { useLayoutEffect, useRef } from "../vendor/hooks.js";
import { html } from "../core/html.js";
import { moveFocus } from "./roving.js";

/** A small box beside what opened it; Esc closes it. */
export function Popup({ anchor, onClose, label, children }) {
  const box = useRef(null);
  useAnchored(box, anchor, onClose);
  const press = (event) => {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      onClose();
      return;
    }
    if (!event.key.startsWith("Arrow")) return; // Home and End move within an input
    event.stopPropagation();
    moveFocus(event, document.activeElement, box.current.querySelectorAll("button:not(:disabled), input"));
  };
  return html`<div class="menu popup" popover="manual" ref=${box} role="dialog" aria-label=${label}
    onKeyDown=${press}>${children}</div>`;
}

/** Show a box in the top layer beside its button, and close it on a click elsewhere. */
export function useAnchored(box, anchor, close) {
  useLayoutEffect(() => {
    const element = box.current;
    element.showPopover();
    const place = anchor.current.getBoundingClientRect();
    const size = element.getBoundingClientRect();
    const below = innerHeight - place.bottom > size.height + 8 || place.top < size.height;
    const top = below ? Math.min(place.bottom + 4, innerHeight - size.height - 8) : place.top - size.height - 4;
    Object.assign(element.style, { left: `${Math.max(8, Math.min(place.left, innerWidth - size.width - 8))}px`,
      top: `${Math.max(8, top)}px` });
    (element.querySelector("input, button, [tabindex]") ?? element).focus();
    const outside = (event) => {
      if (!element.contains(event.target) && !anchor.current?.contains(event.target)) close();
    };
    document.addEventListener("pointerdown", outside, true);
    return () => document.removeEventListener("pointerdown", outside, true);
  }, []);
}

/** Show a dialog while it is drawn; afterwards the focus is where it was, or in the box. */
export function useDialog() {
  const dialog = useRef(null);
  useLayoutEffect(() => {
    const before = document.activeElement;
    dialog.current.showModal();
    return () => setTimeout(() => {
      if (document.activeElement !== document.body) return;
      (before?.isConnected && before !== document.body ? before : document.getElementById("box"))?.focus();
    });
  }, []);
  return dialog;
}
