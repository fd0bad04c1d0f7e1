/** What stands at the start of a channel: its name, and on a first visit what this page is. */

import { ChannelSign } from "../channels/channels.js";
import { html, useApp, useParts, useStore } from "../core/html.js";
import { useRoving } from "../controls/roving.js";

const TEXT = 0, DIRECT = 1;
const CHIPS = ["event create", "stats overview", "bet", "recommend"];

export function StartOfChannel() {
  const channel = useStore((state) => state.channels.find((one) => one.id === state.channel));
  if (!channel) return null;
  const what = { [TEXT]: "#", [DIRECT]: "your direct messages with " }[channel.type] ?? "";
  return html`<div class="start"><div class="start-name"><${ChannelSign} channel=${channel} />${" "}
    <bdi>${channel.name}</bdi></div>
    <p>This is the start of ${what}<bdi>${channel.name}</bdi>.</p></div>`;
}

/** The card that says what this is, with commands to begin with. */
export function StartCard() {
  const app = useApp();
  const { commands, cardHidden: hidden, me } = useParts();
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
