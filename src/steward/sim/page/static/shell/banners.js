/** What is told when something is missing: no server, no bot, a bot that has gone, no simulator. */

import { useEffect, useRef, useState } from "../vendor/hooks.js";
import { html, useApp, useParts, useStore } from "../core/html.js";

const SECOND = 1000;

function useSeconds() {
  const [, tick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => tick((count) => count + 1), SECOND);
    return () => clearInterval(timer);
  }, []);
  return Date.now();
}

export function Banners() {
  const { link, bots } = useParts();
  return html`<div class="banners">${link === "closed" ? html`<${Stopped} />`
    : bots.map((bot) => html`<${BotGone} key=${bot.id} bot=${bot} />`)}</div>`;
}

function Stopped() {
  const { retryAt } = useParts();
  const left = Math.max(0, Math.ceil((retryAt - useSeconds()) / SECOND));
  return html`<div class="banner bad"
    role="alert"><b>The simulator has stopped.</b> Start it again, with <code>make demo</code> or
    ${" "}<code>steward sim</code>.
    <span aria-live="off">${left ? ` Next try in ${left} s.` : " Trying…"}</span></div>`;
}

/** A bot that was connected and is no longer; since when is known if this page saw it. */
function BotGone({ bot }) {
  const lostAt = useRef(null);
  const was = useRef(bot.connected);
  const now = useSeconds();
  if (bot.connected) lostAt.current = null;
  else if (was.current) lostAt.current = now;
  was.current = bot.connected;
  if (bot.connected || !bot.logged_in) return null;
  const seconds = lostAt.current && Math.round((now - lostAt.current) / SECOND);
  return html`<div class="banner warn" role="status"><b><bdi>${bot.name}</bdi> lost its connection</b><span
    aria-live="off">${seconds === null ? "." : ` ${seconds} s ago.`}</span></div>`;
}

/** How to point a bot here, while none has logged in. */
export function NoBot() {
  const { bots } = useParts();
  const closed = useStore((state) => state.link !== "open");
  if (closed || bots.some((bot) => bot.logged_in)) return null;
  return html`<section class="no-bot" aria-label="No bot"><p><b>No bot has logged in.</b> Point one here:</p>
    ${bots.map((bot) => html`<${Environment} key=${bot.id} bot=${bot} />`)}</section>`;
}

function Environment({ bot }) {
  const app = useApp();
  const text = Object.entries(bot.env).map(([name, value]) => `${name}=${value}`).join("\n");
  const copy = async () => {
    await navigator.clipboard.writeText(text).then(() => app.toast("Copied."), () =>
      app.toast("The browser refused to copy."));
  };
  return html`<div class="env"><pre tabindex="0" aria-label=${`Environment for ${bot.name}`} role="region">${text}</pre>
    <button type="button" class="button secondary" onClick=${copy}>Copy</button></div>`;
}

export function NoGuild() {
  const app = useApp();
  return html`<div class="empty"><h2>There is no server yet.</h2>
    <button type="button" class="button primary" onClick=${app.createServer}>Create a server</button>
    <p>Or in Python: <code>sim.add_guild("Penguins")</code></p></div><${NoBot} />`;
}
