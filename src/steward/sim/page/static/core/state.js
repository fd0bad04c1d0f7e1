/** What the page knows: the latest `view`, with every `change` since. */

export const KEPT_MESSAGES = 400; // in memory; more are fetched as one scrolls to them
const KEPT_ROWS = 200;
const TYPES_FOR = 10_000; // milliseconds, unless a message comes before

/** Compare snowflakes as numbers. */
export function compareIds(one, other) {
  return one.length - other.length || (one < other ? -1 : one > other ? 1 : 0);
}

export function initialState() {
  return {
    // Of the simulator:
    time: null, bots: [], faults: [], guilds: [], guild: null, channels: [], channel: null, unread: {},
    messages: [], older: false, ephemeral: [], waiting: [], members: [], me: null, commands: [],
    log: [], totals: { requests: 0, limited: 0 }, gateway: [], typing: [],
    // Of this page:
    people: new Map(), users: new Map(), newer: false,
    link: "loading", going: null, failed: [], clicks: new Map(), dismissed: new Set(), read: new Map(), newFrom: null,
    replyTo: null, editing: null, modal: null, dialog: null, retryAt: null, toast: null, drawer: true,
    membersShown: true, tab: "chat",
    showGateway: false, following: true, cardHidden: false, typed: null, profile: null, present: 0, shown: null,
  };
}

export class Store {
  constructor(state = initialState()) {
    this.state = state;
    this._listeners = new Set();
  }

  /** @param {object} patch the parts that are other now */
  set(patch) {
    this.state = { ...this.state, ...patch };
    for (const listener of [...this._listeners]) listener();
  }

  subscribe(listener) {
    this._listeners.add(listener);
    return () => this._listeners.delete(listener);
  }
}

const LISTS = ["guilds", "bots", "faults", "channels", "messages", "ephemeral", "waiting", "members", "commands",
  "log"];

/** Return the patch that shows a `view`. */
export function viewed(state, view) {
  const { op: _, ...patch } = view;
  for (const name of LISTS) patch[name] ??= [];
  keepSame(state, patch);
  Object.assign(patch, { link: "open", going: null, newer: false, typing: [], log: patch.log.slice(-KEPT_ROWS),
    people: byId(patch.members), users: named(new Map(), patch.messages) });
  if (view.channel !== state.channel || view.me?.id !== state.me?.id) {
    Object.assign(patch, { failed: [], clicks: new Map(), replyTo: null, editing: null, modal: null,
      newFrom: firstUnread(state.read.get(view.channel), patch.messages) });
  }
  return patch;
}

/** Return the patch that applies a `change`. */
export function changed(state, change, now = Date.now()) {
  const { op: _, gone_messages: gone = [], gone_channels: closed = [], channels, messages, log, gateway, typing = [],
    ...patch } = change;
  if (patch.time) patch.time = { ...state.time, ...patch.time };
  keepSame(state, patch);
  if (patch.members) patch.people = byId(patch.members);
  if (channels || closed.length) patch.channels = merged(state.channels, channels ?? [], closed);
  if (messages || gone.length) Object.assign(patch, withMessages(state, messages ?? [], gone));
  if (log) patch.log = merged(state.log, log, [], "row").slice(-KEPT_ROWS);
  if (gateway) patch.gateway = [...state.gateway, ...gateway].slice(-KEPT_ROWS);
  if (typing.length || (messages && state.typing.length)) {
    const wrote = new Set((messages ?? []).filter((one) => compareIds(one.id, state.messages.at(-1)?.id ?? "0") > 0)
      .map((one) => one.author.id));
    patch.typing = merged(state.typing.filter((one) => !wrote.has(one.id)),
      typing.map((one) => ({ ...one, until: now + TYPES_FOR })), []);
  }
  return patch;
}

/** New, different and deleted messages; those that would leave a hole are left out. */
function withMessages(state, messages, gone) {
  const first = state.older ? state.messages[0]?.id : undefined;
  const last = state.newer ? state.messages.at(-1)?.id : undefined;
  const here = messages.filter(({ id, channel_id: channel }) => channel === state.channel
    && (first === undefined || compareIds(id, first) >= 0) && (last === undefined || compareIds(id, last) <= 0));
  const known = merged(state.messages, here, gone).sort((one, other) => compareIds(one.id, other.id));
  named(state.users, here);
  return kept(known, state, state.following ? "newest" : "oldest");
}

/** Return the patch that adds older or newer messages, which were asked for, to the known ones. */
export function grown(state, { messages, older = state.older, newer = state.newer }, end) {
  const known = merged(state.messages, messages, []).sort((one, other) => compareIds(one.id, other.id));
  named(state.users, messages);
  return kept(known, { older, newer }, end);
}

/** Keep so many messages at one end; the others are fetched again if one comes back. */
function kept(messages, { older, newer }, end) {
  if (messages.length <= KEPT_MESSAGES) return { messages, older, newer };
  return end === "newest" ? { messages: messages.slice(-KEPT_MESSAGES), older: true, newer }
    : { messages: messages.slice(0, KEPT_MESSAGES), older, newer: true };
}

/** Put what is as before in place of what equals it, so that it is not drawn again. */
function keepSame(state, patch) {
  for (const [name, now] of Object.entries(patch)) {
    const before = state[name];
    if (before && Array.isArray(now)) {
      const known = byId(before);
      patch[name] = now.map((one) => same(known.get(one?.id), one));
    } else if (before && now && (name === "me" || name === "guild")) patch[name] = same(before, now);
  }
  const { guild } = patch;
  if (guild && state.guild && guild !== state.guild) {
    patch.guild = { ...guild, roles: same(state.guild.roles, guild.roles) };
  }
}

function same(before, now) {
  return before !== undefined && JSON.stringify(before) === JSON.stringify(now) ? before : now;
}

function byId(list) {
  return new Map(list.map((one) => [one.id, one]));
}

/** Note the users that messages name. */
function named(users, messages) {
  for (const { author, member, mentions = [] } of messages) {
    users.set(author.id, { ...author, nick: member?.nick });
    for (const user of mentions) if (!users.has(user.id)) users.set(user.id, user);
  }
  return users;
}

function firstUnread(lastRead, messages) {
  if (lastRead === undefined) return null;
  return messages.find((message) => compareIds(message.id, lastRead) > 0)?.id ?? null;
}

/** Return the list with new and different items, in place where known, and without those that are gone. */
function merged(list, items, gone, key = "id") {
  const left = gone.length ? list.filter((item) => !gone.includes(item[key])) : [...list];
  const places = new Map(left.map((item, place) => [item[key], place]));
  for (const item of items) {
    const place = places.get(item[key]);
    if (place === undefined) {
      places.set(item[key], left.length);
      left.push(item);
    } else left[place] = item;
  }
  return left;
}
