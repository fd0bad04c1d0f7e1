/** What the page knows: the latest `view`, with every `change` since. */

const KEPT_MESSAGES = 400;
const KEPT_ROWS = 200;

/** Compare snowflakes as numbers. */
export function compareIds(one, other) {
  return one.length - other.length || (one < other ? -1 : one > other ? 1 : 0);
}

export function initialState() {
  return {
    // Of the simulator:
    time: null, bots: [], faults: [], guilds: [], guild: null, channels: [], channel: null,
    messages: [], older: false, own: [], waiting: [], members: [], me: null, commands: [],
    log: [], totals: { requests: 0, limited: 0 }, gateway: [], typing: [],
    // Of this page:
    link: "loading", going: null, failed: [], clicks: new Map(), dismissed: new Set(), read: new Map(), newFrom: null,
    replyTo: null, editing: null, modal: null, dialog: null, retryAt: null, toast: null, drawer: true,
      membersShown: true, tab: "chat",
    showGateway: false, following: true, cardHidden: false, typed: null, profile: null, present: 0,
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

/** Return the patch that shows a `view`. */
export function viewed(state, view) {
  const { op: _, ...parts } = view;
  const channel = placeOf(view.channel);
  const moved = channel !== state.channel;
  const patch = { ...parts, channel, link: "open", going: null, typing: view.typing ?? [] };
  for (const name of ["guilds", "bots", "faults", "channels", "messages", "own", "waiting", "members", "commands",
    "log"])
    patch[name] = view[name] ?? [];
  patch.log = patch.log.slice(-KEPT_ROWS);
  patch.totals = view.totals ?? state.totals;
  if (moved || view.me?.id !== state.me?.id) {
    Object.assign(patch, { failed: [], clicks: new Map(), replyTo: null, editing: null });
    patch.newFrom = firstUnread(state.read.get(channel), patch.messages);
  }
  return patch;
}

/** Return the patch that applies a `change`. */
export function changed(state, change) {
  const { op: _, gone_messages: gone = [], gone_channels: closed = [], channels, messages, log, gateway,
    channel: _place, ...whole } = change;
  const patch = { ...whole };
  if (whole.time) patch.time = { ...state.time, ...whole.time };
  if (channels || closed.length) patch.channels = merged(state.channels, channels ?? [], closed);
  if (messages || gone.length) {
    const first = state.older ? state.messages[0]?.id : undefined;
    const here = (messages ?? []).filter((message) => message.channel_id === state.channel
      && (first === undefined || compareIds(message.id, first) >= 0)); // an older one would leave a hole
    const known = merged(state.messages, here, gone).sort((one, other) => compareIds(one.id, other.id));
    patch.messages = known;
    if (known.length > KEPT_MESSAGES && state.following) {
      patch.messages = known.slice(-KEPT_MESSAGES);
      patch.older = true;
    }
  }
  if (log) patch.log = merged(state.log, log, [], "row").slice(-KEPT_ROWS);
  if (gateway) patch.gateway = [...state.gateway, ...gateway].slice(-KEPT_ROWS);
  return patch;
}

/** Return the patch that puts older messages before the known ones. */
export function grown(state, found) {
  const known = new Set(state.messages.map((message) => message.id));
  const more = found.messages.filter((message) => !known.has(message.id));
  return { messages: [...more, ...state.messages], older: found.older };
}

function placeOf(channel) {
  return channel !== null && typeof channel === "object" ? channel.id : channel ?? null;
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
