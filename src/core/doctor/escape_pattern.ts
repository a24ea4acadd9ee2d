/**
 * A text as a part of a pattern that means nothing but itself.
 *
 * @module
 */

/** Escapes what means something in a regular expression. */
export function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
}
