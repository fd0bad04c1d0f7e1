/** The menus of the bar over a message: reactions, and what else can be done. */

import { useState } from "../vendor/hooks.js";
import { Popup } from "../controls/popup.js";
import { html, useApp, useParts } from "../core/html.js";

const ON_MESSAGE = 3;
const QUICK = ["👍", "❤️", "😂", "🎉", "😮", "😢", "✅", "❌", "👀", "🔥"];

export function EmojiMenu({ anchor, message, onClose }) {
  const app = useApp();
  const [typed, setTyped] = useState("");
  const { guild } = useParts();
  const pick = (emoji) => {
    app.act("react", { message: message.id, emoji });
    onClose();
  };
  const submit = (event) => {
    event.preventDefault();
    if (typed.trim()) pick(typed.trim());
  };
  return html`<${Popup} anchor=${anchor} onClose=${onClose} label="Reactions"><form class="emoji"
    onSubmit=${submit}>
    <div>${QUICK.map((sign) => html`<button type="button" key=${sign} aria-label=${`React with ${sign}`}
      onClick=${() => pick(sign)}>${sign}</button>`)}</div>
    ${guild?.emojis?.length ? html`<div>${guild.emojis.slice(0, 20).map((emoji) => html`<button type="button"
      key=${emoji.id}
      onClick=${() => pick(`${emoji.name}:${emoji.id}`)}>:${emoji.name}:</button>`)}</div>` : null}
    <input aria-label="Another emoji" placeholder="Another emoji" value=${typed}
      onInput=${(event) => setTyped(event.target.value)} /></form></${Popup}>`;
}

export function MessageMenu({ anchor, message, onClose }) {
  const app = useApp();
  const { commands } = useParts();
  const others = commands.filter((command) => command.type === ON_MESSAGE);
  const act = (action) => {
    app.act(action, { message: message.id });
    onClose();
  };
  const thread = async () => {
    onClose();
    const name = await app.prompt({ title: "Create a thread", label: "Name of the thread" });
    if (name) app.act("thread", { message: message.id, name });
  };
  return html`<${Popup} anchor=${anchor} onClose=${onClose} label="Message"><div class="list" role="group"
    aria-label="Message">
    <button type="button"
      onClick=${() => act(message.pinned ? "unpin" : "pin")}>${message.pinned ? "Unpin" : "Pin"}</button>
    <button type="button" onClick=${thread}>Create thread</button>
    <button type="button" onClick=${() => { navigator.clipboard?.writeText(message.id); onClose(); }}>Copy id</button>
    ${others.map((command) => html`<button type="button" key=${command.id} disabled=${Boolean(command.refused)}
      title=${command.refused ?? ""}
      onClick=${() => { onClose(); app.use(command, { message: message.id }); }}>
      <bdi>${command.name}</bdi> <small><bdi>${command.bot}</bdi></small></button>`)}
    <button type="button" class="bad" onClick=${() => act("delete")}>Delete</button></div></${Popup}>`;
}
