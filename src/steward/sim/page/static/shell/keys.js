/** The keys that work everywhere, as in Discord's client. */

const TYPED = /^\S$/u; // what is written, and no name of a key

/** @param {() => object[]} channelsInOrder the channels as they are shown */
export function listenToKeys(app, channelsInOrder) {
  const { store } = app;

  function step(list, current, by) {
    const at = list.findIndex((item) => item.id === current);
    return list.length ? list[(Math.max(at, 0) + by + list.length) % list.length] : null;
  }

  function channel(by, unreadOnly) {
    const shown = channelsInOrder();
    const { channel: current } = store.state;
    const list = unreadOnly ? shown.filter((one) => one.id === current || (one.unread !== null
      && one.unread !== undefined)) : shown;
    const next = step(list, current, by);
    if (next && next.id !== current) app.look({ channel: next.id });
  }

  function server(by) {
    const next = step(store.state.guilds, store.state.guild?.id, by);
    if (next) app.look({ guild: next.id, channel: null });
  }

  addEventListener("keydown", (event) => {
    const { key, altKey, ctrlKey, metaKey, shiftKey, target } = event;
    const by = { ArrowUp: -1, ArrowDown: 1 }[key];
    const control = ctrlKey || metaKey;
    const inDialog = target.closest?.(".menu") || document.querySelector("dialog[open]");
    if (inDialog && key === "Escape") return; // the browser closes it
    if (control && key.toLowerCase() === "k" && !shiftKey) app.switcher();
    else if (ctrlKey && (key === "`" || event.code === "Backquote")) app.toggleDrawer();
    else if (control && shiftKey && key.toLowerCase() === "a") app.openActAs(true);
    else if (altKey && control && by) server(by);
    else if (altKey && by) channel(by, shiftKey);
    else if (key === "Escape") leave(app, target);
    else {
      const writes = target.closest?.("input, textarea, select, [contenteditable]");
      if (!inDialog && !writes && !control && !altKey && TYPED.test(key)) document.getElementById("box")?.focus();
      return;
    }
    event.preventDefault();
  });
}

/** Esc: end what has begun, else go to the newest message and the box. */
function leave(app, target) {
  const { store } = app;
  if (store.state.replyTo) app.reply(null);
  else if (target.id === "box" || target === document.body) {
    store.set({ newFrom: null });
    app.present();
  }
  document.getElementById("box")?.focus();
}
