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
export function actions(app, connection) {
  const { store } = app;
  let number = 0;
  let fetching = false;

  function place(wanted = {}) {
    const { guild, channel, me } = store.state;
    const here = { guild: guild?.id ?? null, channel, me: me?.id ?? null, direct: Boolean(me) && !guild, ...wanted };
    if ("guild" in wanted) here.direct = wanted.guild === null;
    return here;
  }

  function toast(words) {
    number += 1;
    const toasted = { words, number };
    store.set({ toast: toasted });
    setTimeout(() => store.state.toast === toasted && store.set({ toast: null }), TOAST);
  }

  /** Do something as the member; what goes wrong is told at the foot of the page. Returns null if it did. */
  async function act(action, fields = {}, { quiet = false } = {}) {
    try {
      return await connection.ask("act", { do: action, ...fields });
    } catch (error) {
      if (!quiet) toast(error.message);
      return null;
    }
  }

  function opened(result, bot) {
    if (result.modal) store.set({ modal: { ...result.modal, bot } });
  }

  /** Return an id that sorts after all messages that are there. */
  function idAtEnd() {
    number += 1;
    const last = store.state.messages.at(-1)?.id ?? "0";
    const own = store.state.own.reduce((most, one) => (compareIds(one.id, most) > 0 ? one.id : most), last);
    return String(BigInt(own) + BigInt(number));
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

  const own = {
    act, place, toast,
    ask: (op, fields) => connection.ask(op, fields),
    setTime: (fields) => connection.ask("time", fields).catch((error) => toast(error.message)),

    // Places

    look(wanted) {
      const to = place(wanted);
      const going = {};
      setTimeout(() => store.state.going === going && store.set({ slow: true }), SLOW);
      store.set({ going, slow: false, tab: "channel" in wanted && wanted.channel ? "chat" : store.state.tab });
      own.follow(true);
      connection.tell("look", to);
    },
    openChannel(channel, { locked = false } = {}) {
      if (VOICE.includes(channel.type) && !locked) act("join_voice", { channel: channel.id }, { quiet: true });
      if (channel.type !== FORUM || channel.id !== store.state.channel) own.look({ channel: channel.id });
    },
    leaveVoice: () => act("leave_voice"),
    async writeTo(bot) {
      const result = await act("write_to", { bot });
      if (result) own.look({ guild: null, channel: result.channel });
    },
    remember() {
      sessionStorage.setItem(PLACE, JSON.stringify(place()));
    },
    restore() {
      const theme = localStorage.getItem(THEME) ?? "";
      store.set({ cardHidden: localStorage.getItem(CARD) !== null, drawer: innerWidth >= 700 && innerHeight >= 600,
        membersShown: innerWidth >= 1000 });
      own.setTheme(theme);
      const kept = JSON.parse(sessionStorage.getItem(PLACE) ?? "null");
      if (kept) this.place = own.place = (wanted) => (store.state.me ? place(wanted) : { ...kept, ...wanted });
    },
    async older() {
      const [first] = store.state.messages;
      const { channel } = store.state;
      if (fetching || !first) return;
      fetching = true;
      try {
        const found = await connection.ask("older", { before: first.id });
        if (store.state.channel === channel) store.set(grown(store.state, found));
      } catch {
        // The next scroll asks again.
      } finally {
        fetching = false;
      }
    },
    follow(following) {
      if (store.state.following !== following) store.set({ following });
      if (following) own.markRead();
    },
    markRead() {
      const { channel, messages, read } = store.state;
      if (channel && messages.length) read.set(channel, messages.at(-1).id);
    },
    showMessage(message) {
      if (message.channel_id !== store.state.channel) own.look({ channel: message.channel_id });
      setTimeout(() => own.show(message.id), SLOW);
      store.set({ tab: "chat" });
    },
    show(id) {
      const row = document.querySelector(`[data-id="${CSS.escape(id)}"]`);
      if (!row) return toast("That message is not among those shown.");
      row.scrollIntoView({ block: "center" });
      row.classList.add("shown");
      setTimeout(() => row.classList.remove("shown"), 2000);
      return row.focus();
    },

    // Messages

    async say(fields) {
      own.present();
      return (await act("say", fields)) !== null;
    },
    /** Go to the newest message. */
    present: () => store.set({ present: store.state.present + 1 }),
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
      store.set({ dismissed: new Set(store.state.dismissed).add(id), failed: store.state.failed.filter((item) =>
        item.id !== id) });
    },

    // Interactions

    async run(path, options, fields) {
      own.present();
      try {
        opened(await connection.ask("act", { do: "run", command: path, options }), own.botOf(path));
      } catch (error) {
        failed(`/${path}`, error, { path, fields });
      }
    },
    complete: (path, options) => connection.ask("act", { do: "complete", command: path, options }),
    async use(command, target) {
      try {
        opened(await connection.ask("act", { do: "use", command: command.name, ...target }), command.bot);
      } catch (error) {
        failed(command.name, error, null);
      }
    },
    async interact(action, message, customId, more = {}) {
      const key = `${message.id} ${customId}`;
      setClick(`${message.id} error`, null);
      setClick(key, "waiting");
      try {
        opened(await connection.ask("act", { do: action, message: message.id, custom_id: customId, ...more }),
          message.author.username);
      } catch (error) {
        setClick(`${message.id} error`, error.message);
      }
      setClick(key, null);
    },
    /** Submit a modal; return null, or the reason why it stays open. */
    async submit(modal, fields) {
      try {
        const given = Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== null));
        const result = await connection.ask("act", { do: "submit", modal: modal.id, fields: given });
        if (store.state.modal === modal) own.closeModal();
        opened(result, modal.bot);
        return null;
      } catch (error) {
        return error.message;
      }
    },
    closeModal: () => store.set({ modal: null }),
    again(item) {
      own.dismiss(item.id);
      own.type(`/${item.again.path}`, item.again.fields);
    },
    botOf: (path) => store.state.commands.find((command) => command.name === path.split(" ")[0])?.bot,
    /** Write a text into the box; with a command's name its options are asked for at once. */
    type: (text, fields) => store.set({ typed: { text, fields }, tab: "chat" }),

    // The rest

    async profile(id, known) {
      if (id === null) return store.set({ profile: null });
      let member = known ?? store.state.members.find((one) => one.id === id);
      if (!member) {
        const author = store.state.messages.find((message) => message.author.id === id)?.author;
        const query = author?.global_name || author?.username || "";
        const found = query ? await connection.ask("members", { query }).catch(() => ({})) : {};
        member = found.members?.find((one) => one.id === id);
        member ??= author && { id, name: query, username: author.username, bot: Boolean(author.bot), roles: [] };
      }
      return member ? store.set({ profile: member }) : toast("This member is not known here.");
    },
    request: (row) => connection.ask("request", { row }).catch((error) => ({ error: error.message })),
    async fault(fault) {
      try {
        await connection.ask("fault", { fault });
        toast(`Fault: ${fault}`);
      } catch (error) {
        toast(error.message);
      }
    },
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
  return own;
}
