/** The column of the chat: the channel's head, its messages and the box. */

import { Composer } from "../composer/composer.js";
import { NoBot, NoGuild } from "../shell/banners.js";
import { isLocked } from "../channels/channels.js";
import { Name, html, useApp, useStore } from "../core/html.js";
import { Icon } from "../controls/icons.js";
import { Popup } from "../controls/popup.js";
import { channelName } from "./start.js";
import { Line, userName } from "../markdown/text.js";
import { useRef, useState } from "../vendor/hooks.js";
import { Messages } from "./window.js";

const FORUM = 15;
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
    ${channel?.type === FORUM ? null : html`<${Composer} />`}`;
}

function Head({ channel }) {
  const app = useApp();
  const membersShown = useStore((state) => state.membersShown);
  const drawer = useStore((state) => state.drawer);
  const sign = channel?.type === 1 ? "@" : "#";
  return html`<header class="chat-head"><h2>${channel ? html`<span
    aria-hidden="true">${sign} </span><${Name}>${channelName(channel)}</${Name}>` : "No channel"}</h2>
    <span class="topic">${channel?.topic ? html`<${Line}
      text=${channel.topic} />` : channel && isLocked(channel) ? renamesOf(channel) : null}</span>
    ${channel ? html`<${Pins} key=${channel.id} />` : null}
    <button type="button" title="Ctrl+K" aria-label="Go to…" onClick=${app.switcher}><${Icon} name="search" /></button>
    <button type="button" class="wide-only" aria-pressed=${String(drawer)} title="Ctrl+\`"
      onClick=${app.toggleDrawer}>API</button>
    <button type="button" class="wide-only" aria-pressed=${String(membersShown)} aria-label="Members" title="Members"
      onClick=${app.toggleMembers}><${Icon} name="people" /></button></header>`;
}

/** How often a counter may still be renamed. */
function renamesOf({ renames_left: left }) {
  return typeof left === "number" ? `${left} of 2 renames left in 10 minutes` : null;
}

/** The pinned messages of the channel. */
function Pins() {
  const app = useApp();
  const [found, setFound] = useState(null);
  const button = useRef(null);
  const toggle = async () => setFound(found ? null : (await app.ask("pins").catch(() => ({ messages: [] }))).messages);
  const close = () => {
    setFound(null);
    button.current?.focus();
  };
  return html`<button type="button" ref=${button} aria-label="Pinned messages" title="Pinned messages"
    aria-haspopup="dialog" aria-expanded=${String(Boolean(found))} onClick=${toggle}><${Icon} name="pin" /></button>
    ${found ? html`<${Popup} anchor=${button} onClose=${close} label="Pinned messages"><div
      class="list">${found.map((message) => html`
      <button type="button" key=${message.id}
        onClick=${() => { close(); app.show(message.id); }}><span><b><${Name}>${userName(message.author)}</${Name}></b>
        <${Line} plain text=${message.content.slice(0, 200) || "A message without text"} /></span></button>`)}</div>
      ${found.length ? null : html`<p class="nothing">Nothing is pinned here.</p>`}</${Popup}>` : null}`;
}

function Loading({ stopped }) {
  if (stopped) return html`<div class="empty"></div>`;
  return html`<div class="messages loading" role="status" aria-label="Loading">${[...Array(6).keys()].map((bar) => html`
    <div class="bars" key=${bar}><i></i><i></i></div>`)}</div>`;
}

/** A forum has no messages of its own: its posts. */
function Forum({ channel }) {
  const app = useApp();
  const all = useStore((state) => state.channels);
  const posts = all.filter((one) => one.parent_id === channel.id);
  return html`<div class="messages forum"><ul>${posts.map((post) => html`<li key=${post.id}><button type="button"
    class="thread-link" onClick=${() => app.look({ channel: post.id })}>
    <b><${Name}>${post.name}</${Name}></b> <span>${post.message_count ?? 0} messages ›</span></button></li>`)}</ul>
    ${posts.length ? null : html`<p class="nothing">There are no posts yet.</p>`}</div>`;
}
