/** Colours of roles, avatars and embeds. */

export function css(colour) {
  return `#${(colour & 0xffffff).toString(16).padStart(6, "0")}`;
}

/**
 * Return the properties of an element in the colour of a member's highest coloured role: the style sheet makes it light
 * or dark enough to be read.
 */
export function roleColour(member, roles = []) {
  const coloured = roles.filter((role) => role.color && member?.roles?.includes(role.id));
  const best = coloured.reduce((high, role) => (high && high.position >= role.position ? high : role), null);
  return best ? { "data-coloured": "", style: { "--role": css(best.color) } } : {};
}

/** Return a background for an avatar, on which white can be read. */
export function avatarColour(id) {
  let sum = 7;
  for (const sign of String(id)) sum = (sum * 31 + sign.charCodeAt(0)) % 997;
  return `hsl(${(sum * 137) % 360} 45% 36%)`;
}

/** Return the letters of an avatar or a server's icon. */
export function initials(name, most = 2) {
  const words = String(name).trim().split(/\s+/).filter(Boolean);
  return words.slice(0, most).map((word) => [...word][0]).join("").toUpperCase() || "?";
}
