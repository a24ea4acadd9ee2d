/**
 * Long lists in sentences.
 *
 * @module
 */

/** The first few of some words, and how many there are besides: `a, b and 3 more`. */
export function someOf(words: readonly string[], most: number): string {
  const shown = words.slice(0, most).join(", ");
  return words.length > most ? `${shown} and ${words.length - most} more` : shown;
}
