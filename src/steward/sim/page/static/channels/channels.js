/** The column of channels. */

import { useEffect, useMemo, useRef, useState } from "../vendor/hooks.js";
import { html, memo, names, useApp, useParts, useStore } from "../core/html.js";
import { Icon } from "../controls/icons.js";
import { useRoving } from "../controls/roving.js";
import { compareIds } from "../core/state.js";
import { Badge, toldUnread } from "./unread.js";

const CATEGORY = 4;
const VOICE = [2, 13];
const THREADS = [10, 11, 12];
const CONNECT = 1n << 20n; // permission
const NOBODY = [];
const FLASH = 1000; // milliseconds
const DIRECT = 1;
const ICONS = new Map([[2, "voice"], [5, "news"], [10, "thread"], [11, "thread"], [12, "thread"], [13, "stage"],
  [15, "forum"]]);

/** Whether nobody may join a voice channel, as is usual for one whose name is a counter. */
export function isLocked(channel) {
  const everyone = channel.permission_overwrites?.find((one) => one.id === channel.guild_id);
  return VOICE.includes(channel.type) && everyone !== undefined && (BigInt(everyone.deny) & CONNECT) !== 0n;
}

/** What stands before the name of a channel. */
export function ChannelSign({ channel }) {
  const icon = isLocked(channel) ? "lock" : ICONS.get(channel.type);
  return html`<span class="sign" aria-hidden="true">${icon ? html`<${Icon} name=${icon} />`
    : channel.type === DIRECT ? "@" : "#"}</span>`;
}

/** Return the channels as they are shown: `{category, channels}`, those without a category first. */
export function arranged(channels) {
  const known = new Map(channels.map((channel) => [channel.id, channel]));
  const order = (one, other) => Number(VOICE.includes(one.type)) - Number(VOICE.includes(other.type))
    || (one.position ?? 0) - (other.position ?? 0) || compareIds(one.id, other.id);
  const threads = channels.filter((channel) => THREADS.includes(channel.type) && !channel.thread_metadata?.archived);
  const plain = channels.filter((channel) => channel.type !== CATEGORY && !THREADS.includes(channel.type));
  const within = (id) => plain.filter((channel) => (known.get(channel.parent_id)?.id ?? null) === id).sort(order)
    .flatMap((channel) => [channel, ...threads.filter((thread) => thread.parent_id === channel.id).sort(order)]);
  const categories = channels.filter((channel) => channel.type === CATEGORY).sort((one, other) =>
    one.position - other.position || compareIds(one.id, other.id));
  return [{ category: null, channels: within(null) }, ...categories.map((category) => ({ category,
    channels: within(category.id) }))];
}

/** Return the channels that can be opened, in the order in which they are shown. */
export function openable(channels) {
  return arranged(channels).flatMap((group) => group.channels);
}

export function Channels() {
  const { guild, channels, channel: current, me } = useParts();
  const name = guild?.name ?? (me ? "Direct messages" : ""); // nothing before the first view
  const [folded, setFolded] = useState(new Set());
  const roving = useRoving();
  const groups = useMemo(() => arranged(channels), [channels]);
  const fold = (id) => setFolded((before) => new Set(before.has(id) ? [...before].filter((one) => one !== id)
    : [...before, id]));
  return html`<nav class="channels" aria-label="Channels" ...${roving}>
    ${name ? html`<h2 class="column-head"><bdi>${name}</bdi></h2>` : html`<div class="column-head"></div>`}
    <div class="scroll">${guild ? null : html`<${NewDirect} />`}
    ${groups.map(({ category, channels: inside }) => html`<section key=${category?.id ?? "none"}>
      ${category ? html`<h3><button type="button" data-stop class="category"
        aria-expanded=${!folded.has(category.id)} onClick=${() => fold(category.id)}>
        <span aria-hidden="true">${folded.has(category.id) ? "▸" : "▾"}</span> <bdi>${category.name}</bdi>
        </button></h3>` : null}
      <ul>${inside.filter((channel) => !folded.has(category?.id) || channel.id === current || channel.unread !== null
        && channel.unread !== undefined)
        .map((channel) => html`<${Channel} key=${channel.id} channel=${channel}
          current=${channel.id === current} />`)}</ul></section>`)}</div>
    ${me?.voice ? html`<${Connected} id=${me.voice} />` : null}
  </nav>`;
}

const Channel = memo(({ channel, current }) => {
  const app = useApp();
  const flash = useFlash(channel.name);
  const { unread = null } = channel;
  const locked = isLocked(channel);
  const open = () => app.openChannel(channel, { locked });
  const said = `${channel.name}${toldUnread(unread)}${locked ? ", nobody may join" : ""}`;
  return html`<li
    class=${names("channel", unread !== null && "unread", flash && "flash", THREADS.includes(channel.type)
    && "thread")}>
    <button type="button" data-stop aria-current=${current} aria-label=${said}
      title=${locked ? `${channel.name}: a counter, nobody may join` : undefined}
      onClick=${open}><${ChannelSign} channel=${channel} /><span class="cut"><bdi>${channel.name}</bdi></span>
      <${Badge} mentions=${unread} /></button>
    ${VOICE.includes(channel.type) ? html`<${Listeners} id=${channel.id} />` : null}</li>`;
});

/** Who is in a voice channel. */
function Listeners({ id }) {
  const { members } = useParts();
  const here = members.filter((member) => member.voice === id);
  if (!here.length) return null;
  return html`<ul class="listeners" aria-label="In the channel">${here.map((member) => html`<li key=${member.id}
    class="cut"><bdi>${member.name}</bdi></li>`)}</ul>`;
}

/** Whether a value has changed within the last second. */
function useFlash(value) {
  const before = useRef(value);
  const [flash, setFlash] = useState(false);
  useEffect(() => {
    if (before.current === value) return undefined;
    before.current = value;
    setFlash(true);
    const timer = setTimeout(() => setFlash(false), FLASH);
    return () => clearTimeout(timer);
  }, [value]);
  return flash;
}

function NewDirect() {
  const app = useApp();
  const bots = useStore((state) => (state.me ? state.bots : NOBODY));
  return bots.map((bot) => html`<button type="button" key=${bot.id} data-stop class="write-to"
    onClick=${() => app.writeTo(bot.id)}>
    Message <bdi>${bot.name}</bdi></button>`);
}

function Connected({ id }) {
  const app = useApp();
  const name = useStore((state) => state.channels.find((channel) => channel.id === id)?.name);
  return html`<div class="connected"><span>Voice connected${name ? html` · <bdi>${name}</bdi>` : null}</span>
    <button type="button" data-stop class="button secondary" onClick=${app.leaveVoice}>Leave</button></div>`;
}
