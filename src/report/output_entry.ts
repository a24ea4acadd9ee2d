/**
 * Entries of the file that `GITHUB_OUTPUT` names.
 *
 * @module
 */

/** What the runner takes as the name of an output. */
const NAME = /^[A-Za-z_][A-Za-z0-9_-]*$/;

/**
 * One output as the text to append, always in the form with a delimiter: `name<<DELIMITER`, the
 * value, the delimiter (actions/runner `FileCommandManager.cs`). The delimiter has to be random for
 * each entry: a value that holds it would end early, and what follows would be read as further
 * outputs. Both that and a name that is none are mistakes of ours, so they throw a plain error.
 */
export function outputEntry(
  [name, value]: readonly [name: string, value: string],
  delimiter: string,
): string {
  if (!NAME.test(name)) {
    throw new Error(`unreachable: ${JSON.stringify(name)} is no name of an output`);
  }
  if (!/^[A-Za-z0-9_-]{16,}$/.test(delimiter) || value.includes(delimiter)) {
    throw new Error(`unreachable: the delimiter of the output ${name} is weak, or in its value`);
  }
  return `${name}<<${delimiter}\n${value}\n${delimiter}\n`;
}

/**
 * All outputs as one text to append. `delimiter` gives a new one at each call: `` () =>
 * `piot_${randomUUID()}` ``.
 */
export function outputEntries(
  outputs: Readonly<Record<string, string>>,
  delimiter: () => string,
): string {
  return Object.entries(outputs)
    .map((output) => outputEntry(output, delimiter()))
    .join("");
}
