/** The box at the foot of the chat: messages, replies, files and slash commands. */

import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from "../vendor/hooks.js";
import { ActAs } from "../members/actas.js";
import { Listbox, stepped } from "../controls/listbox.js";
import { html, useApp, useParts, useStore } from "../core/html.js";
import { Icon } from "../controls/icons.js";
import { fitting, readFile, slashCommands } from "./options.js";
import { useMentions, withMentions } from "./mentions.js";
import { Pills, drawCommand } from "./picker.js";
import { StartCard } from "../chat/start.js";
import { userName } from "../markdown/text.js";

const TYPING_EVERY = 8000;
const TALLEST = 200;
const LONGEST = 2000; // characters
const NEARLY = 200; // left of them, when their number is shown

const EMPTY = { text: "", files: [], picked: new Map() }; // mentions by the names that stand for them in the text

/** @param {{hidden: boolean}} props hidden where nobody writes; the drafts stay */
export function Composer({ hidden }) {
  const app = useApp();
  const { me, channel: place } = useParts();
  const channel = useStore((state) => state.channels.find((one) => one.id === state.channel));
  const { commands, typed, replyTo } = useParts();
  const closed = useStore((state) => state.link !== "open");
  const [drafts, setDrafts] = useState(new Map()); // by channel
  const [chosen, setChosen] = useState(null);
  const [active, setActive] = useState(0);
  const [dropped, setDropped] = useState(false);
  const [caret, setCaret] = useState(0);
  const box = useRef(null);
  const caretAfter = useRef(null); // the next text
  const typedAt = useRef(0);
  const id = useId();
  const { text, files, picked } = drafts.get(place) ?? EMPTY;
  const known = useMemo(() => slashCommands(commands), [commands]);
  const wanted = /^\/([^\n]*)$/.exec(text)?.[1];
  const found = useMemo(() => (wanted === undefined ? [] : fitting(known, wanted)), [known, wanted]);
  const mentions = useMentions(wanted === undefined && !chosen ? text : "", caret);
  const open = !dropped && !chosen && (wanted !== undefined || mentions !== null);
  const items = wanted === undefined ? mentions?.items : found;
  const refused = me?.refused?.say ?? null;

  /** Change the draft of this channel, even if another one is open by then. */
  const draft = (change) => setDrafts((before) => new Map(before).set(place, { ...EMPTY, ...before.get(place),
    ...change(before.get(place) ?? EMPTY) }));
  const setText = (words) => draft(() => ({ text: words }));
  const content = withMentions(text, picked);

  useLayoutEffect(() => {
    setChosen(null);
    setCaret(0);
  }, [place]);
  useEffect(() => {
    if (!typed) return;
    const exact = known.find((command) => `/${command.path}` === typed.text && !command.refused);
    setText(typed.text);
    setDropped(false);
    if (exact) setChosen({ command: exact, fields: typed.fields });
    else box.current?.focus();
    app.store.set({ typed: null });
  }, [typed]);
  useLayoutEffect(() => {
    if (!box.current) return;
    box.current.style.height = "auto";
    box.current.style.height = `${Math.min(TALLEST, box.current.scrollHeight)}px`;
    if (caretAfter.current !== null) box.current.setSelectionRange(caretAfter.current, caretAfter.current);
    caretAfter.current = null;
  }, [text, chosen]);
  useEffect(() => { if (replyTo) box.current?.focus(); }, [replyTo]);

  const back = (words) => {
    setChosen(null);
    setText(words);
    setTimeout(() => box.current?.focus());
  };
  const mention = ({ label, mention: meant }) => {
    const before = `${text.slice(0, mentions.start)}${label} `;
    caretAfter.current = before.length;
    setCaret(before.length);
    draft((now) => ({ text: before + text.slice(caret), picked: new Map(now.picked).set(label, meant) }));
    setActive(0);
    box.current.focus();
  };
  const pick = (command) => {
    if (mentions) return mention(command);
    if (command.refused) return undefined;
    setChosen({ command });
    return setActive(0);
  };
  const run = (values, fields) => {
    app.run(chosen.command.path, values, fields);
    back("");
  };
  const send = async () => {
    if (refused || (!text.trim() && !files.length)) return;
    draft(() => EMPTY);
    app.reply(null);
    if (await app.say({ content, reply_to: replyTo?.id ?? null, files })) return;
    // It was refused: what was written and attached comes back, before what was begun meanwhile.
    draft((now) => ({ text: now.text || text, files: [...files, ...now.files],
      picked: new Map([...picked, ...now.picked]) }));
    if (app.store.state.channel === place) app.reply(app.store.state.replyTo ?? replyTo);
  };
  const moved = (event) => setCaret(event.target.selectionStart);
  const type = (event) => {
    setText(event.target.value);
    moved(event);
    setActive(0);
    setDropped(false);
    if (!event.target.value.startsWith("/") && Date.now() - typedAt.current > TYPING_EVERY) {
      typedAt.current = Date.now();
      app.act("type", {}, { quiet: true });
    }
  };
  const press = (event) => {
    const plain = !event.altKey && !event.ctrlKey && !event.shiftKey;
    const next = open && plain ? stepped(event.key, active, items) : null;
    const picks = event.key === "Tab" || event.key === "Enter";
    if (next !== null) setActive(next);
    else if (open && items[active] && picks && plain) pick(items[active]);
    else if (open && event.key === " " && found[0] && found[0].path === wanted) pick(found[0]);
    else if (event.key === "Escape" && open) setDropped(true);
    else if (event.key === "Escape" && replyTo) app.reply(null);
    else if (event.key === "Enter" && !event.shiftKey && !event.isComposing) send();
    else if (event.key === "ArrowUp" && text === "" && !event.altKey && !event.ctrlKey) app.editLast();
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const attach = async (list) => {
    try {
      const read = await Promise.all([...list].map(readFile));
      draft((now) => ({ files: [...now.files, ...read] }));
    } catch (error) {
      app.toast(error.message);
    }
  };
  const paste = (event) => {
    if (!event.clipboardData.files.length) return;
    event.preventDefault();
    attach(event.clipboardData.files);
  };

  if (hidden || !channel || !me) return null;
  const where = channel.type === 1 ? `@${channel.name}` : `#${channel.name}`;
  const words = refused ?? `Message ${where} as ${me.name}`;
  return html`<footer class="composer" onDragOver=${(event) => event.preventDefault()}
    onDrop=${(event) => { event.preventDefault(); attach(event.dataTransfer.files); }}>
    <${StartCard} />
    ${replyTo ? html`<div
      class="replying"><span>Replying to <b><bdi>${userName(replyTo.author)}</bdi></b></span>
      <button type="button" class="close" aria-label="Cancel the reply"
        onClick=${() => app.reply(null)}>✕</button></div>` : null}
    ${files.length ? html`<ul class="files">${files.map((file, at) => html`<li key=${at}><bdi>${file.name}</bdi>
      <button type="button" class="close" aria-label=${`Remove ${file.name}`}
        onClick=${() => draft((now) => ({ files: now.files.filter((one) => one !== file) }))}>✕</button></li>`)}</ul>`
      : null}
    <div class="box">
      ${open ? html`<div class="picker"><${Listbox} id=${id} label=${mentions ? "Mentions" : "Commands"} items=${items}
        active=${active} onPick=${pick} onHover=${setActive} draw=${mentions ? undefined : drawCommand} />
        ${items.length ? null : html`<p class="nothing">No command fits.</p>`}</div>` : null}
      <${ActAs} />
      ${chosen ? html`<${Pills} key=${chosen.command.value} ...${chosen} onRun=${run}
        onCancel=${() => back(`/${chosen.command.path}`)} />` : html`
        <textarea id="box" ref=${box} rows="1" value=${text} aria-label=${words}
          placeholder=${refused ? "You can't write here." : words}
          disabled=${closed || Boolean(refused && me.refused?.run)}
          aria-autocomplete="list" aria-controls=${open ? id : undefined}
          aria-activedescendant=${open && items[active] ? `${id}-${active}` : undefined} maxlength="4000"
          onInput=${type} onKeyDown=${press} onKeyUp=${moved} onClick=${moved} onPaste=${paste}></textarea>
        <label class="attach" title="Attach files"><${Icon} name="plus" /><input type="file" multiple
          aria-label="Attach files" disabled=${Boolean(refused)}
          onChange=${(event) => { attach(event.target.files); event.target.value = ""; }} /></label>
        <button type="button" class="send" aria-label="Send" disabled=${Boolean(refused) || closed}
          onClick=${() => (open && !mentions && items[active] ? pick(items[active]) : send())}><${Icon} name="send" /></button>`}
    </div>
    <${Below} channel=${channel} refused=${refused} left=${LONGEST - [...content].length} />
  </footer>`;
}

/** Who is typing, and what limits this channel. */
function Below({ channel, refused, left }) {
  const { typing, me } = useParts();
  const others = typing.filter((one) => one.id !== me?.id).map((one) => one.name);
  const slowmode = channel.rate_limit_per_user;
  const listed = `${others.join(", ")} ${others.length > 1 ? "are" : "is"} typing…`;
  const words = others.length > 3 ? "Several people are typing…" : others.length ? listed : "";
  return html`<div class="below"><span aria-live="off"><bdi>${words}</bdi></span>
    ${left < NEARLY ? html`<span class=${left < 0 ? "refusal" : ""}>${left}</span>` : null}
    ${refused ? html`<span class="refusal"><bdi>${refused}</bdi></span>` : slowmode
      ? html`<span>Slowmode: ${slowmode} s</span>` : null}</div>`;
}
