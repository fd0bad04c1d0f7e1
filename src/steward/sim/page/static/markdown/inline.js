/**
 * The inline part of Discord's Markdown.
 *
 * One pass with a stack of open styles. A style is open at most once, so the stack has at most six frames and no node
 * is moved more than six times: the time is linear, whatever the text.
 */

const MARKS = new Map([
  ["**", "strong"], ["*", "em"], ["__", "under"], ["_", "em2"], ["~~", "strike"], ["||", "spoiler"],
]);
const LONGEST_RUN = 3; // more stars or underscores in a row are text
const ANGLED = new RegExp(
  "<(?:@!?(?<user>\\d{1,20})|@&(?<role>\\d{1,20})|#(?<channel>\\d{1,20})" +
    "|/(?<command>[^:<>\\n]{1,100}):(?<commandId>\\d{1,20})" +
    "|id:(?<place>browse|customize|guide|linked-roles)|a?:(?<emoji>\\w{1,32}):\\d{1,20}" +
    "|t:(?<seconds>-?\\d{1,17})(?::(?<style>[tTdDfFsSR]))?|(?<url>https?://[^\\s<>]{1,2048}))>",
  "y",
);
const TARGET = "https?://[^\\s()<>]{1,2048}(?:\\([^\\s()<>]{0,500}\\)[^\\s()<>]{0,500})?";
const LINK = new RegExp(`\\[([^[\\]\\n]{1,2000})\\]\\(<?(${TARGET})>?(?: +"[^"\\n]{0,500}")?\\)`, "y");
const ADDRESS = /https?:\/\/[^\s<]{1,2048}/y;
const NOTED = /@(?:everyone|here)/y;
const TICKS = /`+/g;
const WORD = /[\p{L}\p{N}_]/u;
const SPECIAL = /[\\`*_~|<[h@]/g;

/** Return an address that is safe to link, or null. */
export function safeAddress(text) {
  try {
    const address = new URL(text);
    const safe = (address.protocol === "http:" || address.protocol === "https:") && !address.username
      && !address.password;
    return safe ? address.href : null;
  } catch {
    return null;
  }
}

/** Return the nodes of a text: strings, or `{kind, ...}`. */
export function inline(text) {
  return new Inline(text).read();
}

class Inline {
  constructor(text) {
    this.text = text;
    this.at = 0;
    this.stack = [{ kind: null, mark: "", parts: [] }];
    this.closings = closingTicks(text);
  }

  read() {
    const { text } = this;
    while (this.at < text.length) {
      SPECIAL.lastIndex = this.at;
      const next = SPECIAL.exec(text)?.index ?? text.length;
      if (next > this.at) {
        this.add(text.slice(this.at, next));
        this.at = next;
      }
      if (this.at < text.length) this.special(text[this.at]);
    }
    while (this.stack.length > 1) this.unstyle();
    return this.stack[0].parts;
  }

  special(sign) {
    if (sign === "\\") this.escaped();
    else if (sign === "`") this.code();
    else if (sign === "*" || sign === "_") this.run(sign);
    else if (sign === "~" || sign === "|") this.pair(sign);
    else if (!this.object(sign)) this.take(1);
  }

  add(node) {
    const { parts } = this.stack.at(-1);
    if (typeof node === "string" && typeof parts.at(-1) === "string") parts[parts.length - 1] += node;
    else parts.push(node);
  }

  take(length) {
    this.add(this.text.slice(this.at, this.at + length));
    this.at += length;
  }

  escaped() {
    const next = this.text[this.at + 1] ?? "";
    if (/[!-/:-@[-`{-~]/.test(next)) {
      this.add(next);
      this.at += 2;
    } else this.take(1);
  }

  code() {
    const opening = this.closings.get(this.at);
    if (opening === undefined) this.take(1);
    else if (opening.close === null) this.take(opening.length);
    else {
      const inside = this.text.slice(this.at + opening.length, opening.close);
      this.add({ kind: "code", text: inside.replace(/^ (?=`)|(?<=`) $/g, "") });
      this.at = opening.close + opening.length;
    }
  }

  /** Stars and underscores: one, two, or three of them. */
  run(sign) {
    let length = 1;
    while (this.text[this.at + length] === sign) length += 1;
    if (length > LONGEST_RUN) {
      this.take(length);
      return;
    }
    const before = this.text[this.at - 1] ?? " ";
    const after = this.text[this.at + length] ?? " ";
    const inWord = sign === "_" && WORD.test(before) && WORD.test(after);
    const opens = !/\s/.test(after) && !inWord;
    const closes = !inWord && (sign === "_" || !/\s/.test(before));
    const [one, two] = [sign, sign + sign];
    let left = length;
    while (left > 0) {
      const inner = this.stack.findLast((frame) => frame.mark === one || frame.mark === two)?.mark;
      const closing = [inner, two, one].find((mark) => mark && mark.length <= left && this.isOpen(mark) && closes
        && !(mark === one && left === 2 && (this.isOpen(two) || inner !== one)));
      const mark = closing ?? (left >= 2 && !this.isOpen(two) ? two : one);
      if (closing) this.close(mark);
      else if (opens && !this.isOpen(mark)) this.open(mark);
      else this.add(mark);
      left -= mark.length;
    }
    this.at += length;
  }

  /** Strikes and spoilers: always two signs. */
  pair(sign) {
    const mark = sign + sign;
    if (this.text[this.at + 1] !== sign) {
      this.take(1);
      return;
    }
    if (this.isOpen(mark)) this.close(mark);
    else this.open(mark);
    this.at += 2;
  }

  isOpen(mark) {
    return this.stack.some((frame) => frame.mark === mark);
  }

  open(mark) {
    this.stack.push({ kind: MARKS.get(mark), mark, parts: [] });
  }

  close(mark) {
    while (this.stack.at(-1).mark !== mark) this.unstyle();
    const { kind, parts } = this.stack.pop();
    if (parts.length === 0) this.add(mark + mark);
    else this.add({ kind: kind === "em2" ? "em" : kind, parts });
  }

  /** Turn the innermost open style back into text. */
  unstyle() {
    const { mark, parts } = this.stack.pop();
    this.add(mark);
    for (const part of parts) this.add(part);
  }

  /** Read a mention, a link or the like; return whether there is one. */
  object(sign) {
    if (sign === "<") return this.match(ANGLED, angled);
    if (sign === "[") return this.match(LINK, linked);
    if (sign === "@") return this.match(NOTED, (found) => ({ kind: "everyone", text: found[0] }));
    return this.match(ADDRESS, addressed);
  }

  match(pattern, nodeOf) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    const node = found ? nodeOf(found) : null;
    if (node === null) return false;
    this.add(node);
    this.at += node.length ?? found[0].length;
    return true;
  }
}

function angled(found) {
  const { user, role, channel, command, commandId, place, emoji, seconds, style, url } = found.groups;
  if (user) return { kind: "user", id: user };
  if (role) return { kind: "role", id: role };
  if (channel) return { kind: "channel", id: channel };
  if (command) return { kind: "command", name: command, id: commandId };
  if (place) return { kind: "place", name: place };
  if (emoji) return { kind: "emoji", name: emoji };
  if (seconds) return { kind: "time", seconds: Number(seconds), style: style ?? "f", source: found[0] };
  const address = safeAddress(url);
  return address === null ? null : { kind: "link", address, parts: [url] };
}

function linked(found) {
  const [, words, target] = found;
  const address = safeAddress(target);
  // Words that look like an address could name another one than the link leads to.
  if (address === null || /https?:\/\//i.test(words)) return null;
  return { kind: "link", address, parts: inline(words), masked: true };
}

function addressed(found) {
  let text = found[0];
  while (/[.,:;"'\]]$/.test(text) || (text.endsWith(")") && !text.includes("("))) text = text.slice(0, -1);
  const address = safeAddress(text);
  return address === null ? null : { kind: "link", address, parts: [text], length: text.length };
}

/** Return, by place, each run of backticks with the place of the next run of the same length. */
function closingTicks(text) {
  const runs = [...text.matchAll(TICKS)].map((found) => ({ at: found.index, length: found[0].length }));
  const next = new Map();
  const found = new Map();
  for (const { at, length } of runs.reverse()) {
    found.set(at, { length, close: next.get(length) ?? null });
    next.set(length, at);
  }
  return found;
}
