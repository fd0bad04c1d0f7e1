/** What is not in the first view: loaded when it is needed, or before, once the page has nothing to do. */

import { useEffect, useState } from "../vendor/hooks.js";
import { html, useApp, useStore } from "./html.js";

const MISSING = "This part of the page was not loaded before the simulator stopped.";
const STYLES = "style/later.css"; // of all that is loaded later
const LATEST = 2000; // milliseconds, however busy the page is
const loads = [];
let styled = null;

/**
 * Return a component that stands for another one, whose module is imported on first use.
 * If that fails, a sentence at the foot of the page tells it, and the property `onClose` is called.
 * @param {() => Promise<object>} load imports the module
 * @param {string} name of the component in it
 * @param {Function} [Meanwhile] what is drawn until then; its property `missing` is the sentence if loading has failed
 */
export function lazy(load, name, Meanwhile = () => null) {
  let loaded = null;
  const fetch = async () => { [{ [name]: loaded }] = await Promise.all([load(), style()]); };
  loads.push(fetch);
  return function Lazy(props) {
    const app = useApp();
    const drawn = loaded;
    const running = useStore(({ link }) => link === "open"); // once it is again, what failed is tried again
    const [state, setState] = useState({});
    useEffect(() => {
      if (drawn) return undefined;
      let current = true;
      fetch().then(() => current && setState({}), () => {
        if (!current) return;
        setState({ missing: MISSING });
        app.toast(MISSING);
        props.onClose?.();
      });
      return () => { current = false; };
    }, [running]);
    return drawn ? html`<${drawn} ...${props} />` : html`<${Meanwhile} ...${state} />`;
  };
}

function style() {
  styled ??= new Promise((resolve, reject) => {
    const link = document.createElement("link");
    Object.assign(link, { rel: "stylesheet", href: STYLES, onload: resolve, onerror: reject });
    document.head.append(link);
  }).catch((error) => {
    styled = null;
    throw error;
  });
  return styled;
}

/** Load all of it as soon as the page is idle; `data-complete` says when everything is there. */
export function loadWhenIdle() {
  const { dataset } = document.documentElement;
  if ("complete" in dataset) return;
  const load = () => Promise.all(loads.map((fetch) => fetch())).then(() => { dataset.complete = ""; }, () => {});
  if (globalThis.requestIdleCallback) requestIdleCallback(load, { timeout: LATEST });
  else setTimeout(load); // Safari
}
