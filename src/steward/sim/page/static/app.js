/** The page: its state, what it can do, and its columns. */

import { render } from "./vendor/preact.js";
import { useEffect } from "./vendor/hooks.js";
import { Channels, openable } from "./channels/channels.js";
import { Rail } from "./channels/rail.js";
import { Badge, toldUnread } from "./channels/unread.js";
import { Chat } from "./chat/chat.js";
import { actions } from "./core/actions.js";
import { Clock } from "./core/clock.js";
import { Connection } from "./core/connection.js";
import { AppContext, html, names, useApp, useParts, useStore } from "./core/html.js";
import { lazy, loadWhenIdle } from "./core/lazy.js";
import { Store, changed, viewed } from "./core/state.js";
import { Members } from "./members/members.js";
import { Banners } from "./shell/banners.js";
import { listenToKeys } from "./shell/keys.js";
import { Overlays } from "./shell/overlays.js";
import { TimeBar } from "./shell/timebar.js";

const TABS = [["channels", "Channels"], ["chat", "Chat"], ["people", "People"], ["api", "API"]];
const Log = lazy(() => import("./log/log.js"), "Log", LogToCome);
const SWEEP = 1000; // milliseconds between looks at who has stopped typing

function start() {
  const store = new Store();
  const clock = new Clock();
  const connection = new Connection({
    opened: () => {
      connection.tell("look", app.place());
      if (store.state.showGateway) connection.tell("gateway", { on: true });
    },
    lost: (wait) => store.set({ link: "closed", retryAt: Date.now() + wait, clicks: new Map(), going: null }),
    received: (message) => receive(app, message),
  });
  const app = { store, clock, ...actions(store, connection) };
  app.restore();
  connection.open(); // first: it connects while the page is drawn
  listenToKeys(app, () => openable(store.state.channels));
  render(html`<${AppContext.Provider} value=${app}><${Page} /></${AppContext.Provider}>`,
    document.getElementById("app"));
  setInterval(() => {
    const typing = store.state.typing.filter((one) => one.until > Date.now());
    if (typing.length < store.state.typing.length) store.set({ typing });
  }, SWEEP);
}

function receive(app, message) {
  const { store, clock } = app;
  if (message.time) clock.set({ ...store.state.time, ...message.time });
  if (message.op === "view") {
    store.set(viewed(store.state, message));
    app.arrived();
    document.documentElement.dataset.ready = "";
    loadWhenIdle();
  } else if (message.op === "failed") app.toast(message.error);
  else store.set(changed(store.state, message));
  if (store.state.following && document.hasFocus()) app.markRead();
}

function Page() {
  const { tab, drawer, membersShown, link } = useParts();
  const guild = useStore((state) => state.guild?.name);
  useEffect(() => {
    document.title = guild ? `${guild} · Simulated Discord` : "Simulated Discord";
  }, [guild]);
  return html`<div class=${names("page", `tab-${tab}`, link, drawer && "with-log")}>
    <${TimeBar} />
    <${Banners} />
    <main class="main">
      <div class="columns">
        <${Rail} /><${Channels} />
        <section class="chat" aria-label="Chat"><${Chat} /></section>
        ${membersShown ? html`<${Members} />` : null}
      </div>
      ${drawer ? html`<${link === "loading" ? LogToCome : Log} />` : null}
    </main>
    <${Tabs} tab=${tab} />
    <${Overlays} />
  </div>`;
}

/** The place of the log until it is loaded, which is after the first view. */
function LogToCome({ missing }) {
  return html`<section class="log" aria-label="API requests"><p class="nothing">${missing ?? "Loading…"}</p></section>`;
}

function Tabs({ tab }) {
  const { store } = useApp();
  const { unread } = useParts();
  const mentions = Object.values(unread).reduce((sum, more) => (sum ?? 0) + more, undefined);
  const show = (name) => store.set({ tab: name, membersShown: true, drawer: true });
  return html`<nav class="tabs" aria-label="Parts of the page">${TABS.map(([name, words]) => {
    const mark = name === "channels" ? mentions : undefined;
    return html`<button type="button" key=${name} class=${names(mark === 0 && "unread")} aria-current=${tab === name}
      aria-label=${words + toldUnread(mark)} onClick=${() => show(name)}>${words} <${Badge} mentions=${mark} /></button>`;
  })}</nav>`;
}

start();
