/** What is drawn over the page: dialogs, each loaded on first use, and what went wrong just now. */

import { html, useApp, useParts } from "../core/html.js";
import { lazy } from "../core/lazy.js";

const Modal = lazy(() => import("../components/modal.js"), "Modal");
const Profile = lazy(() => import("../members/profile.js"), "Profile");
const Prompt = lazy(() => import("./dialogs.js"), "Prompt");
const Switcher = lazy(() => import("./dialogs.js"), "Switcher");

export function Overlays() {
  const app = useApp();
  const { modal, profile, dialog, toast } = useParts();
  const answer = (text = null) => {
    app.closeDialog();
    dialog.resolve(text);
  };
  return html`
    ${modal ? html`<${Modal} key=${modal.id} modal=${modal} onClose=${app.closeModal} />` : null}
    ${profile ? html`<${Profile} key=${profile.id} member=${profile} onClose=${() => app.profile(null)} />` : null}
    ${dialog?.kind === "prompt" ? html`<${Prompt} ...${dialog} onClose=${answer} />` : null}
    ${dialog?.kind === "switcher" ? html`<${Switcher} onClose=${app.closeDialog} />` : null}
    <div class="toasts" role="status">${toast ? html`<div class="toast"
      key=${toast.number}><bdi>${toast.words}</bdi></div>` : null}</div>`;
}
