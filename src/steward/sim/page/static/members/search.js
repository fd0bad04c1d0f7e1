/** Members by a part of their names. */

import { useEffect, useState } from "../vendor/hooks.js";
import { useApp, useStore } from "../core/html.js";

const PATIENCE = 120; // milliseconds without a key before the simulator is asked

/** The members whose names contain a text, as the simulator finds them; null without a text. */
export function useFoundMembers(query) {
  const { ask } = useApp();
  const guild = useStore((state) => state.guild?.id);
  const [found, setFound] = useState(null);
  useEffect(() => {
    if (!query) {
      setFound(null);
      return undefined;
    }
    let current = true;
    const timer = setTimeout(() => ask("members", { query }).then(({ members }) => current && setFound(members),
      () => {}), PATIENCE);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [query, guild]);
  return query ? found : null;
}
