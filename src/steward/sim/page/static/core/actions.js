/** What the parts of the page can do, as one object: `useApp()` returns it. */

import { compareIds, grown } from "./state.js";

const PLACE = "place"; // the key in the session's storage
const THEME = "theme";
const CARD = "card hidden";
const VOICE = [2, 13];
const FORUM = 15;
const SLOW = 300; // milliseconds after which a place that is being opened shows grey bars
const TOAST = 6000;

/** @param {import("./connection.js").Connection} connection */
export function actions(store, connection) {
  let number = 0;
  let fetching = false;
  let kept = null; // where this tab was before it was loaded again
  let wanted = null; // the message to show once its channel is here

  /** Where to be; of what is not given, where this tab is. */
  function place(to = {}) {
    const { guild, channel, me } = store.state;
    const here = !me && kept ? kept : { guild: guild?.id ?? null, channel, me: me?.id ?? null,
      direct: Boolean(me) && !guild };
    return { ...here, ...("guild" in to ? { direct: to.guild === null } : {}), ...to };
  }

  /** Return a function that says whether the tab is still where it is now: an answer may come later. */
  function staying() {
    const { channel, me } = store.state;
    return () => store.state.channel === channel && store.state.me?.id === me?.id;
  }

  function toast(words) {
    const toasted = { words, number: number += 1 };
    store.set({ toast: toasted });
    setTimeout(() => store.state.toast === toasted && store.set({ toast: null }), TOAST);
  }

  const ask = (op, fields) => connection.ask(op, fields);
  const perform = (action, fields) => ask("act", { do: action, ...fields });

  /** Do something as the member; what goes wrong is told at the foot of the page. Returns null if it did. */
  async function act(action, fields = {}, { quiet = false } = {}) {
    try {
      return await perform(action, fields);
    } catch (error) {
      if (!quiet) toast(error.message);
      return null;
    }
  }

  /**
   * Have a bot do something; open the modal it answers with, or tell what went wrong.
   * @param {(error: Error) => void} failed told if the tab is still there
   */
  async function interaction(action, fields, name, bot, failed) {
    const here = staying();
    try {
      const { modal } = await perform(action, fields);
      if (modal && here()) store.set({ modal: { ...modal, bot } });
      else if (modal) toast(`${name} answered with a form, but you had left the channel.`);
    } catch (error) {
      if (here()) failed(error);
      else toast(`${name}: ${error.message}`);
    }
  }

  /** Return an id that sorts after all messages that are there. */
  function idAtEnd() {
    const last = store.state.messages.at(-1)?.id ?? "0";
    const newest = store.state.ephemeral.reduce((most, one) => (compareIds(one.id, most) > 0 ? one.id : most), last);
    return String(BigInt(newest) + BigInt(number += 1));
  }

  /** Show that a command failed, in place of the row that says it waits. */
  function failed(name, error, again) {
    const known = new Set(store.state.failed.map((item) => item.id));
    const path = name.replace("/", "");
    const waits = store.state.waiting.find((item) => !item.message && item.name === path && !known.has(item.id));
    const item = { id: waits?.id ?? idAtEnd(), name, error: error.message, again };
    store.set({ failed: [...store.state.failed, item] });
  }

  function setClick(key, value) {
    const clicks = new Map(store.state.clicks);
    if (value === null) clicks.delete(key);
    else clicks.set(key, value);
    store.set({ clicks });
  }

  /** Fetch messages beyond one end of those that are here. */
  async function fetchMore(op, asked, end) {
    const { messages, channel } = store.state;
    if (fetching || !messages.length) return;
    fetching = true;
    const edge = end === "oldest" ? 0 : -1;
    const { id } = messages.at(edge);
    try {
      const found = await ask(op, asked(id));
      const { state } = store;
      if (state.channel === channel && state.messages.at(edge)?.id === id) store.set(grown(state, found, end));
    } catch {
      // The next scroll asks again.
    } finally {
      fetching = false;
    }
  }

  const all = {
    act, ask, place, toast,
    setTime: (fields) => ask("time", fields).catch((error) => toast(error.message)),

    // Places

    look(to) {
      const going = {};
      setTimeout(() => store.state.going === going && store.set({ slow: true }), SLOW);
      store.set({ going, slow: false, tab: to.channel ? "chat" : store.state.tab });
      all.follow(true);
      connection.tell("look", place(to));
    },
    openChannel(channel, { locked = false } = {}) {
      if (VOICE.includes(channel.type) && !locked) act("join_voice", { channel: channel.id }, { quiet: true });
      if (channel.type !== FORUM || channel.id !== store.state.channel) all.look({ channel: channel.id });
    },
    async createServer() {
      const name = await all.prompt({ title: "Create a server", label: "Name of the server", value: "Penguins" });
      const made = name && await ask("create", { name }).catch((error) => toast(error.message));
      if (made) all.look({ guild: made.guild, channel: null, me: null });
    },
    leaveVoice: () => act("leave_voice"),
    async writeTo(bot) {
      const result = await act("write_to", { bot });
      if (result) all.look({ guild: null, channel: result.channel });
    },
    /** A view has come. */
    arrived() {
      sessionStorage.setItem(PLACE, JSON.stringify(place()));
      if (wanted?.channel === store.state.channel) all.show(wanted.id);
      wanted = null;
    },
    restore() {
      store.set({ cardHidden: localStorage.getItem(CARD) !== null, drawer: innerWidth >= 700 && innerHeight >= 600,
        membersShown: innerWidth >= 1000 });
      all.setTheme(localStorage.getItem(THEME) ?? "");
      kept = JSON.parse(sessionStorage.getItem(PLACE) ?? "null");
    },
    older: () => fetchMore("older", (before) => ({ before }), "oldest"),
    newer: () => fetchMore("newer", (after) => ({ after }), "newest"),
    follow(following) {
      if (store.state.following !== following) store.set({ following });
      if (following) all.markRead();
    },
    markRead() {
      const { channel, messages, read } = store.state;
      if (channel && messages.length) read.set(channel, messages.at(-1).id);
    },
    /** Show a message, wherever it is. */
    showMessage({ id, channel_id: channel }) {
      store.set({ tab: "chat" });
      if (channel === store.state.channel) return all.show(id);
      wanted = { id, channel };
      return all.look({ channel });
    },
    async show(id) {
      const has = (messages) => messages.some((message) => message.id === id);
      if (!has(store.state.messages) && !has(store.state.ephemeral)) {
        const here = staying();
        const found = await ask("around", { message: id }).catch(() => ({ messages: [] }));
        if (!here()) return;
        if (!has(found.messages)) return void toast("That message is no longer there.");
        store.set({ ...grown({ ...store.state, messages: [] }, found), following: false });
      }
      store.set({ shown: { id } });
    },

    // Messages

    async say(fields) {
      all.present();
      return (await act("say", fields)) !== null;
    },
    /** Go to the newest message. */
    present() {
      store.set({ present: store.state.present + 1 });
      if (store.state.newer) all.look({});
    },
    reply: (message) => store.set({ replyTo: message }),
    edit(id) {
      store.set({ editing: id });
      if (id === null) document.getElementById("box")?.focus();
    },
    editLast() {
      const { messages, me } = store.state;
      const last = messages.findLast((message) => message.author.id === me?.id && [0, 19].includes(message.type));
      if (last) store.set({ editing: last.id });
    },
    dismiss(id) {
      store.set({ dismissed: new Set(store.state.dismissed).add(id),
        failed: store.state.failed.filter((item) => item.id !== id) });
    },

    // Interactions

    run(path, options, fields) {
      all.present();
      const bot = store.state.commands.find((command) => command.name === path.split(" ")[0])?.bot;
      return interaction("run", { command: path, options }, `/${path}`, bot,
        (error) => failed(`/${path}`, error, { path, fields }));
    },
    complete: (path, options) => perform("complete", { command: path, options }),
    use: (command, target) => interaction("use", { command: command.name, ...target }, command.name, command.bot,
      (error) => failed(command.name, error, null)),
    async interact(action, message, customId, more = {}) {
      const key = `${message.id} ${customId}`;
      setClick(`${message.id} error`, null);
      setClick(key, "waiting");
      const bot = message.author.username;
      await interaction(action, { message: message.id, custom_id: customId, ...more }, bot, bot,
        (error) => setClick(`${message.id} error`, error.message));
      setClick(key, null);
    },
    /** Submit a modal; return null, or the reason why it stays open. */
    async submit(modal, fields) {
      try {
        const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
        const next = (await perform("submit", { modal: modal.id, fields: given })).modal;
        if (store.state.modal === modal) store.set({ modal: next ? { ...next, bot: modal.bot } : null });
        return null;
      } catch (error) {
        return error.message;
      }
    },
    closeModal: () => store.set({ modal: null }),
    again(item) {
      all.dismiss(item.id);
      all.type(`/${item.again.path}`, item.again.fields);
    },
    /** Write a text into the box; with a command's name its options are asked for at once. */
    type: (text, fields) => store.set({ typed: { text, fields }, tab: "chat" }),

    // The rest

    async profile(id, known) {
      if (id === null) return store.set({ profile: null });
      const here = staying();
      const user = store.state.users.get(id);
      let member = known ?? store.state.people.get(id);
      if (!member && user) {
        const { members = [] } = await ask("members", { query: user.username }).catch(() => ({}));
        member = members.find((one) => one.id === id)
          ?? { ...user, name: user.global_name ?? user.username, roles: [] };
      }
      if (!here()) return undefined;
      return member ? store.set({ profile: member }) : toast("This member is not known here.");
    },
    request: (row) => ask("request", { row }).catch((error) => ({ error: error.message })),
    fault: (fault) => ask("fault", { fault }).then(() => toast(`Fault: ${fault}`), (error) => toast(error.message)),
    showGateway(on) {
      store.set({ showGateway: on });
      connection.tell("gateway", { on });
    },
    prompt: (asked) => new Promise((resolve) => { store.set({ dialog: { kind: "prompt", ...asked, resolve } }); }),
    switcher: () => store.set({ dialog: { kind: "switcher" } }),
    closeDialog: () => store.set({ dialog: null }),
    openActAs: (actAsOpen) => store.set({ actAsOpen }),
    toggleDrawer: () => store.set({ drawer: !store.state.drawer }),
    toggleMembers: () => store.set({ membersShown: !store.state.membersShown }),
    hideCard() {
      localStorage.setItem(CARD, "1");
      store.set({ cardHidden: true });
    },
    setTheme(theme) {
      if (theme) document.documentElement.dataset.theme = theme;
      else delete document.documentElement.dataset.theme;
      localStorage.setItem(THEME, theme);
      store.set({ theme });
    },
  };
  return all;
}
