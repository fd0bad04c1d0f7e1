/** Preact's `h` as tagged templates, and what components of this page share. */

import { Component, createContext, h } from "../vendor/preact.js";
import { useContext, useEffect, useState } from "../vendor/hooks.js";
import htm from "../vendor/htm.js";

export const html = htm.bind(h);

/** What every component may use: `store`, `connection`, `clock`, and the actions of `actions.js`. */
export const AppContext = createContext(null);

export function useApp() {
  return useContext(AppContext);
}

/**
 * A part of the state; the component is drawn again when that part is another.
 * @param {(state: object) => any} select
 */
export function useStore(select) {
  const { store } = useContext(AppContext);
  const value = select(store.state);
  const [, redraw] = useState(0);
  useEffect(() => {
    let last = value;
    const look = () => {
      const next = select(store.state);
      if (next === last) return;
      last = next;
      redraw((count) => count + 1);
    };
    look();
    return store.subscribe(look);
  });
  return value;
}

/** A component that is drawn again only if one of its properties is another. */
export function memo(draw) {
  return class extends Component {
    shouldComponentUpdate(next) {
      const names = new Set([...Object.keys(this.props), ...Object.keys(next)]);
      return [...names].some((name) => this.props[name] !== next[name]);
    }

    render(props) {
      return h(draw, props);
    }
  };
}

/** Draws its children; if that fails, `instead` with what failed. */
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
    return html`<div class="unknown" role="group" aria-label="${what} could not be drawn">
      <b>${what} could not be drawn: ${String(error.message)}</b><pre>${JSON.stringify(data, null, 2)}</pre></div>`;
  }
}

/** Join the class names that are not false. */
export function names(...given) {
  return given.filter(Boolean).join(" ");
}

/** A text of foreign origin: isolated, so that its writing direction changes nothing around it. */
export function Name({ children }) {
  return html`<bdi>${children}</bdi>`;
}
