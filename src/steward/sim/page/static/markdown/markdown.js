/**
 * Discord's Markdown as a tree, in time linear in its length.
 *
 * A block is `{kind, parts}`, where `parts` are inline nodes: texts or `{kind, ...}`.
 */

import { inline } from "./inline.js";

const FENCE = "```";
const HEADING = /^(#{1,3}) +(?=\S)/;
const SMALL = /^-# +(?=\S)/;
const ITEM = /^( {0,20})([-*]|\d{1,9}\.) +(?=\S)/;
const LANGUAGE = /^([\w+#.-]{1,30})\n/;
const DEEPEST = 10;

/**
 * @param {string} text
 * @param {{quoted?: boolean}} [where] a quote contains no quotes
 */
export function blocks(text, where = {}) {
  const found = [];
  for (const piece of fenced(text)) {
    if (piece.code === undefined) lined(piece.text, found, where);
    else found.push({ kind: "code", language: piece.language, text: piece.code });
  }
  return found;
}

/** Split a text into code blocks and the texts between them. */
function fenced(text) {
  const pieces = [];
  let start = 0;
  for (let open = text.indexOf(FENCE); open >= 0; open = text.indexOf(FENCE, start)) {
    const close = text.indexOf(FENCE, open + FENCE.length);
    if (close < 0) break;
    const inside = text.slice(open + FENCE.length, close);
    if (inside.trim() === "") {
      pieces.push({ text: text.slice(start, close + FENCE.length) });
    } else {
      if (open > start) pieces.push({ text: text.slice(start, open).replace(/\n$/, "") });
      const language = LANGUAGE.exec(inside)?.[1] ?? "";
      pieces.push({ language, code: inside.slice(language.length).replace(/^\n|\n$/g, "") });
    }
    start = close + FENCE.length;
    if (text[start] === "\n" && pieces.at(-1).code !== undefined) start += 1;
  }
  if (start < text.length) pieces.push({ text: text.slice(start) });
  return pieces;
}

function lined(text, found, { quoted = false }) {
  const lines = text.split("\n");
  let plain = [];
  const flush = () => {
    if (plain.length) found.push({ kind: "text", parts: inline(plain.join("\n")) });
    plain = [];
  };
  for (let place = 0; place < lines.length; place += 1) {
    const line = lines[place];
    const heading = HEADING.exec(line);
    if (!quoted && line.startsWith(">>> ")) {
      flush();
      const rest = [line.slice(4), ...lines.slice(place + 1)].join("\n");
      found.push({ kind: "quote", blocks: blocks(rest, { quoted: true }) });
      return;
    }
    if (!quoted && line.startsWith("> ")) {
      flush();
      const rest = [];
      for (; place < lines.length && lines[place].startsWith("> "); place += 1) rest.push(lines[place].slice(2));
      place -= 1;
      found.push({ kind: "quote", blocks: blocks(rest.join("\n"), { quoted: true }) });
    } else if (heading) {
      flush();
      found.push({ kind: "heading", level: heading[1].length, parts: inline(line.slice(heading[0].length)) });
    } else if (SMALL.test(line)) {
      flush();
      found.push({ kind: "small", parts: inline(line.replace(SMALL, "")) });
    } else if (ITEM.test(line)) {
      flush();
      const items = [];
      for (; place < lines.length && ITEM.test(lines[place]); place += 1) items.push(itemOf(lines[place]));
      place -= 1;
      found.push({ kind: "list", items });
    } else plain.push(line);
  }
  flush();
}

/** Return `{depth, number, parts}` of a line of a list; `number` is null with a bullet. */
function itemOf(line) {
  const [all, indent, mark] = ITEM.exec(line);
  const depth = Math.min(DEEPEST, Math.floor(indent.length / 2));
  return { depth, number: mark.endsWith(".") ? parseInt(mark, 10) : null, parts: inline(line.slice(all.length)) };
}
