/** What a channel has besides its newest messages: pins, threads, the posts of a forum. */

import { Icon } from "../controls/icons.js";
import { Popup } from "../controls/popup.js";
import { counted, html, useApp, useParts } from "../core/html.js";
import { Line, preview, userName } from "../markdown/text.js";
import { useEffect, useRef, useState } from "../vendor/hooks.js";

/**
 * A button that opens a list of what is found at that moment.
 * @param {{icon: string, label: string, find: () => Promise<any[]>, draw: (item: any) => any,
 *   pick: (item: any) => void, empty: string}} props
 */
function Finder({ icon, label, find, draw, pick, empty }) {
  const app = useApp();
  const [found, setFound] = useState(null);
  const button = useRef(null);
  const toggle = () => (found ? setFound(null) : find().then(setFound, (error) => app.toast(error.message)));
  const close = () => {
    setFound(null);
    button.current?.focus();
  };
  return html`<button type="button" ref=${button} aria-label=${label} title=${label} aria-haspopup="dialog"
    aria-expanded=${Boolean(found)} onClick=${toggle}><${Icon} name=${icon} /></button>
    ${found ? html`<${Popup} anchor=${button} onClose=${close} label=${label}>
      ${found.length ? html`<div class="list">${found.map((item) => html`<button type="button" key=${item.id}
        onClick=${() => { close(); pick(item); }}><span>${draw(item)}</span></button>`)}</div>`
        : html`<p class="nothing" tabindex="-1">${empty}</p>`}</${Popup}>` : null}`;
}

/** The pinned messages of the channel. */
export function Pins() {
  const app = useApp();
  return html`<${Finder} icon="pin" label="Pinned messages" empty="Nothing is pinned here."
    find=${async () => (await app.ask("pins")).messages} pick=${(message) => app.show(message.id)}
    draw=${(message) => html`<b><bdi>${userName(message.author)}</bdi></b>${" "}
      <${Line} plain text=${preview(message) || "A message without text"} />`} />`;
}

/** The threads of the channel: those that are open, then those that are archived. */
export function Threads({ channel }) {
  const app = useApp();
  return html`<${Finder} icon="thread" label="Threads" empty="There are no threads here."
    find=${() => threadsOf(app, channel)} pick=${(thread) => app.look({ channel: thread.id })}
    draw=${(thread) => html`<b><bdi>${thread.name}</bdi></b> <small>${aboutThread(thread)}</small>`} />`;
}

async function threadsOf(app, channel) {
  const open = app.store.state.channels.filter(({ parent_id: parent, thread_metadata: about }) =>
    parent === channel.id && about && !about.archived);
  return [...open, ...(await app.ask("threads")).channels];
}

function aboutThread({ message_count: count = 0, thread_metadata: about }) {
  return `${counted(count, "message")}${about.archived ? " · archived" : ""}`;
}

/** A forum has no messages of its own: its posts. */
export function Forum({ channel }) {
  const app = useApp();
  const { channels } = useParts();
  const [posts, setPosts] = useState([]);
  useEffect(() => {
    let current = true;
    threadsOf(app, channel).then((found) => current && setPosts(found), () => {});
    return () => { current = false; };
  }, [channel.id, channels]);
  return html`<div class="messages forum"><ul>${posts.map((post) => html`<li key=${post.id}><button type="button"
    class="thread-link" onClick=${() => app.look({ channel: post.id })}>
    <b><bdi>${post.name}</bdi></b> <span>${aboutThread(post)} ›</span></button></li>`)}</ul>
    ${posts.length ? null : html`<p class="nothing">There are no posts yet.</p>`}</div>`;
}
