/** Preact's `h` as tagged templates, and what components of this page share. */

import { Component, createContext, h } from "../vendor/preact.js";
import { useContext, useLayoutEffect, useRef, useState } from "../vendor/hooks.js";
import htm from "../vendor/htm.js";

/** What others wrote stands in `<bdi>`, so that its writing direction changes nothing around it. */
export const html = htm.bind(h);

/** What every component may use: `store`, `clock`, and the actions of `actions.js`. */
export const AppContext = createContext(null);

export function useApp() {
  return useContext(AppContext);
}

/**
 * A part of the state; the component is drawn again when that part is another. Every change of the state asks, so it
 * must be found at once.
 * @param {(state: object) => any} select
 */
export function useStore(select) {
  const { store } = useApp();
  const drawn = useRef(null);
  const [, redraw] = useState(0);
  drawn.current = { select, value: select(store.state) };
  useLayoutEffect(() => store.subscribe(() => {
    if (drawn.current.select(store.state) !== drawn.current.value) redraw((count) => count + 1);
  }), [store]);
  return drawn.current.value;
}

/** The state, of which a component takes the parts that it needs; it is drawn again when one of these is another. */
export function useParts() {
  const { store } = useApp();
  const drawn = useRef(null);
  const [, redraw] = useState(0);
  const parts = drawn.current = new Map();
  useLayoutEffect(() => store.subscribe(() => {
    for (const [name, value] of drawn.current) if (store.state[name] !== value) return redraw((count) => count + 1);
    return undefined;
  }), [store]);
  return new Proxy(store.state, { get(state, name) {
    parts.set(name, state[name]);
    return state[name];
  } });
}

/** A component that is drawn again only if one of its properties is another. */
export function memo(draw) {
  return class extends Component {
    shouldComponentUpdate(next) {
      for (const name in next) if (next[name] !== this.props[name]) return true;
      return false;
    }

    render(props) {
      return h(draw, props);
    }
  };
}

/** Draws its children; if that fails, what they were to show as JSON. */
export class Guarded extends Component {
  constructor() {
    super();
    this.state = { error: null };
  }

  componentDidCatch(error) {
    this.setState({ error });
  }

  componentDidUpdate(before) {
    if (this.state.error !== null && before.data !== this.props.data) this.setState({ error: null });
  }

  render({ children, data, what }) {
    const { error } = this.state;
    if (error === null) return children;
    return html`<${Raw} title=${`${what} could not be drawn: ${error.message}`} data=${data} />`;
  }
}

/** What this page cannot draw, as its JSON. */
export function Raw({ title, data }) {
  return html`<div class="unknown" role="group" aria-label=${title}>
    <b>${title}</b><pre tabindex="0">${JSON.stringify(data, null, 2)}</pre></div>`;
}

/** Write a number of things. */
export function counted(number, what) {
  return `${number.toLocaleString()} ${what}${number === 1 ? "" : "s"}`;
}

/** Join the class names that are not false. */
export function names(...given) {
  return given.filter(Boolean).join(" ");
}
