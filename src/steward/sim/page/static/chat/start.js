/** What stands at the start of a channel: its name, and on a first visit what this page is. */

import { Name, html, useApp, useStore } from "../core/html.js";
import { useRoving } from "../controls/roving.js";

const CHIPS = ["event create", "stats overview", "bet", "recommend"];

export function StartOfChannel() {
  const channel = useStore((state) => state.channels.find((one) => one.id === state.channel));
  if (!channel) return null;
  const name = channelName(channel);
  const what = channel.type === 1 ? "your direct messages with " : "#";
  return html`<div class="start"><div
    class="start-name">${channel.type === 1 ? "" : "#"}<${Name}>${name}</${Name}></div>
    <p>This is the start of ${what}<${Name}>${name}</${Name}>.</p></div>`;
}

/** The name of a channel; of direct messages, whom they are with. */
export function channelName(channel) {
  if (channel.name) return channel.name;
  return (channel.recipients ?? []).map((user) => user.global_name || user.username).join(", ") || "Direct messages";
}

/** The card that says what this is, with commands to begin with. */
export function StartCard() {
  const app = useApp();
  const commands = useStore((state) => state.commands);
  const hidden = useStore((state) => state.cardHidden);
  const me = useStore((state) => state.me);
  if (hidden || !me) return null;
  return html`<${Card} commands=${commands} hide=${app.hideCard} type=${app.type} />`;
}

function Card({ commands, hide, type }) {
  const roving = useRoving({ across: true });
  const known = new Set(commands.map((command) => command.name));
  const chips = CHIPS.filter((chip) => known.has(chip.split(" ")[0]));
  return html`<section class="start-card" aria-label="About this page">
    <p><b>This Discord is simulated.</b> Nothing leaves this machine.${chips.length ? " Try:" : ""}</p>
    <div class="chips" role="group" aria-label="Commands to begin with" ...${roving}>${chips.map((chip) => html`<button
      type="button" key=${chip} data-stop class="chip" onClick=${() => type(`/${chip}`)}>/${chip}</button>`)}</div>
    <button type="button" class="close" aria-label="Hide this card" onClick=${hide}>✕</button></section>`;
}
