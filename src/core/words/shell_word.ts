/**
 * Words of a command line as a POSIX shell reads them.
 *
 * @module
 */

/** A word as it is where no shell would take it apart, else in single quotes, which keep everything but themselves. */
export function shellWord(word: string): string {
  return /^[\w./:=@,+%-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
