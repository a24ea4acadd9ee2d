/**
 * Cuts texts of others to what a message holds.
 *
 * @module
 */

/**
 * The beginning of a text, so many characters at most, up to where a word ends: of a word that is cut through, nobody could
 * tell any more that it is a secret. A word is a run of visible characters of ASCII, which is what secrets are made of,
 * however they are encoded.
 */
export function cutWords(text: string, most: number): string {
  if (text.length <= most) return text;
  let end = [...text.slice(0, 2 * most)].slice(0, most).join("").length;
  if (end === text.length) return text;
  while (end > 0 && isVisible(text.charCodeAt(end)) && isVisible(text.charCodeAt(end - 1))) end--;
  return text.slice(0, end).trimEnd();
}

function isVisible(unit: number): boolean {
  return unit > 0x20 && unit < 0x7f;
}
