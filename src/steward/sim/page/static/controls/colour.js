/** Colours of roles and avatars, made readable on this page's backgrounds. */

const LEGIBLE = 4.6; // contrast of text, as WCAG wants it, and a little
const BACKGROUNDS = { light: 0xe3e5e8, dark: 0x3a3c43 };
const found = new Map();

function channels(colour) {
  return [(colour >> 16) & 255, (colour >> 8) & 255, colour & 255];
}

function luminance(colour) {
  const [red, green, blue] = channels(colour).map((value) => {
    const part = value / 255;
    return part <= 0.03928 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

export function contrast(one, other) {
  const [low, high] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

function mixed(colour, other, part) {
  const ends = channels(other);
  const values = channels(colour).map((value, place) => Math.round(value + (ends[place] - value) * part));
  return (values[0] << 16) | (values[1] << 8) | values[2];
}

function legible(colour, background, towards) {
  for (let part = 0; part < 1; part += 0.1) {
    const tried = mixed(colour, towards, part);
    if (contrast(tried, background) >= LEGIBLE) return tried;
  }
  return towards;
}

export function css(colour) {
  return `#${(colour & 0xffffff).toString(16).padStart(6, "0")}`;
}

/** Return a CSS colour for text: as near to the role's as can be read in either theme; nothing for no colour. */
export function textColour(colour) {
  if (!colour) return undefined;
  if (!found.has(colour)) {
    const light = css(legible(colour, BACKGROUNDS.light, 0));
    const dark = css(legible(colour, BACKGROUNDS.dark, 0xffffff));
    found.set(colour, `light-dark(${light}, ${dark})`);
  }
  return found.get(colour);
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
