/** The column of the chat: the channel's head, its messages and the box. */

import { instant, useNow, written } from "../core/clock.js";
import { Composer } from "../composer/composer.js";
import { NoBot, NoGuild } from "../shell/banners.js";
import { ChannelSign, isLocked } from "../channels/channels.js";
import { html, useApp, useParts, useStore } from "../core/html.js";
import { Icon } from "../controls/icons.js";
import { Forum, Pins, Threads } from "./found.js";
import { Line } from "../markdown/text.js";
import { Messages } from "./window.js";

const FORUM = 15;
const WITH_THREADS = [0, 5];
const NO_DIRECT = "No direct messages yet: write to a bot at the left.";
const NO_CHANNEL = "There is no channel that this member can see.";

export function Chat() {
  const ready = useStore((state) => state.time !== null);
  const guilds = useStore((state) => state.guilds.length);
  const channel = useStore((state) => state.channels.find((one) => one.id === state.channel));
  const slow = useStore((state) => Boolean(state.going && state.slow));
  const direct = useStore((state) => state.guild === null);
  const lost = useStore((state) => state.link === "closed");
  if (!ready) return html`<${Loading} stopped=${lost} />`;
  if (!guilds) return html`<${NoGuild} />`;
  return html`<${Head} channel=${channel} />
    <${NoBot} />
    ${slow ? html`<${Loading} />` : channel?.type === FORUM ? html`<${Forum} channel=${channel} />`
      : channel ? html`<${Messages} />` : html`<div class="empty"><p>${direct ? NO_DIRECT : NO_CHANNEL}</p></div>`}
    <${Composer} hidden=${channel?.type === FORUM} />`;
}

function Head({ channel }) {
  const app = useApp();
  const { membersShown, drawer } = useParts();
  return html`<header class="chat-head"><div class="chat-title"><h2>${channel
    ? html`<${ChannelSign} channel=${channel} /> <bdi>${channel.name}</bdi>` : "No channel"}</h2>
    <span class="topic">${channel?.topic ? html`<${Line} text=${channel.topic} />`
      : channel?.renames && isLocked(channel) ? html`<${Renames} ...${channel.renames} />` : null}</span></div>
    ${channel ? html`<${Pins} key=${channel.id} />` : null}
    ${WITH_THREADS.includes(channel?.type) ? html`<${Threads} key=${`threads ${channel.id}`} channel=${channel} />`
      : null}
    <button type="button" title="Ctrl+K" aria-label="Go to…" onClick=${app.switcher}><${Icon} name="search" /></button>
    <button type="button" class="wide-only" aria-pressed=${drawer} title="Ctrl+\`"
      onClick=${app.toggleDrawer}>API</button>
    <button type="button" class="wide-only" aria-pressed=${membersShown} aria-label="Members" title="Members"
      onClick=${app.toggleMembers}><${Icon} name="people" /></button></header>`;
}

/** How often a counter may still be renamed, which Discord tells no bot. */
function Renames({ left, of, back }) {
  const now = useNow();
  const again = back === null || instant(back) <= now;
  return again ? `${of} of ${of} renames left` : `${left} of ${of} renames left, next ${written(instant(back), "t")}`;
}

function Loading({ stopped }) {
  if (stopped) return html`<div class="empty"></div>`;
  return html`<div class="messages loading" role="status" aria-label="Loading">${[...Array(6).keys()].map((bar) => html`
    <div class="bars" key=${bar}><i></i><i></i></div>`)}</div>`;
}
