/** What can be done with a message: the bar that is shown over the row. */

import { useRef, useState } from "../vendor/hooks.js";
import { html, useApp, useParts } from "../core/html.js";
import { Icon } from "../controls/icons.js";
import { Popup } from "../controls/popup.js";

const ON_MESSAGE = 3;
const QUICK = ["👍", "❤️", "😂", "🎉", "😮", "😢", "✅", "❌", "👀", "🔥"];

export function Actions({ message, ephemeral, menu, setMenu }) {
  const app = useApp();
  const { me, commands } = useParts();
  const bar = useRef(null);
  if (ephemeral || !me) return null;
  const own = message.author.id === me.id;
  const close = () => {
    setMenu(null);
    bar.current?.closest("[data-row]")?.focus();
  };
  const act = (action, fields) => {
    app.act(action, { message: message.id, ...fields });
    close();
  };
  const thread = async () => {
    setMenu(null);
    const name = await app.prompt({ title: "Create a thread", label: "Name of the thread" });
    if (name) app.act("thread", { message: message.id, name });
  };
  const others = commands.filter((command) => command.type === ON_MESSAGE);
  const refused = me.refused ?? {};
  return html`<div class="actions-place"><div class="actions" ref=${bar} role="group" aria-label="Message actions">
    <${Action} label="Add reaction" icon="smile" refused=${refused.react}
      onClick=${() => setMenu(menu === "emoji" ? null : "emoji")} />
    <${Action} label="Reply" icon="reply" refused=${refused.say} onClick=${() => app.reply(message)} />
    ${own ? html`<${Action} label="Edit" icon="edit" onClick=${() => app.edit(message.id)} />` : null}
    <${Action} label="More" icon="more" onClick=${() => setMenu(menu === "more" ? null : "more")} />
    ${menu === "emoji" ? html`<${Popup} anchor=${bar} onClose=${close} label="Reactions"><${Emoji}
      onPick=${(emoji) => act("react", { emoji })} /></${Popup}>` : null}
    ${menu === "more" ? html`<${Popup} anchor=${bar} onClose=${close} label="Message"><div class="list" role="group"
      aria-label="Message">
      <button type="button"
        onClick=${() => act(message.pinned ? "unpin" : "pin")}>${message.pinned ? "Unpin" : "Pin"}</button>
      <button type="button" onClick=${thread}>Create thread</button>
      <button type="button" onClick=${() => { navigator.clipboard?.writeText(message.id); close(); }}>Copy id</button>
      ${others.map((command) => html`<button type="button" key=${command.id} disabled=${Boolean(command.refused)}
        title=${command.refused ?? ""}
        onClick=${() => { close(); app.use(command, { message: message.id }); }}>
        <bdi>${command.name}</bdi> <small><bdi>${command.bot}</bdi></small></button>`)}
      <button type="button" class="bad" onClick=${() => act("delete")}>Delete</button></div></${Popup}>` : null}
  </div></div>`;
}

function Action({ label, icon, refused, onClick }) {
  return html`<button type="button" aria-label=${label} title=${refused || label}
    aria-disabled=${Boolean(refused)}
    onClick=${refused ? undefined : onClick}><${Icon} name=${icon} /></button>`;
}

function Emoji({ onPick }) {
  const [typed, setTyped] = useState("");
  const { guild } = useParts();
  const submit = (event) => {
    event.preventDefault();
    if (typed.trim()) onPick(typed.trim());
  };
  return html`<form class="emoji" onSubmit=${submit}>
    <div>${QUICK.map((sign) => html`<button type="button" key=${sign} aria-label=${`React with ${sign}`}
      onClick=${() => onPick(sign)}>${sign}</button>`)}</div>
    ${guild?.emojis?.length ? html`<div>${guild.emojis.slice(0, 20).map((emoji) => html`<button type="button"
      key=${emoji.id}
      onClick=${() => onPick(`${emoji.name}:${emoji.id}`)}>:${emoji.name}:</button>`)}</div>` : null}
    <input aria-label="Another emoji" placeholder="Another emoji" value=${typed}
      onInput=${(event) => setTyped(event.target.value)} /></form>`;
}
