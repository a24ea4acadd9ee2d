/** The files of a runner that steps write to (actions/runner, FileCommandManager.cs). */

/** `name=value`, or `name<<DELIMITER` with lines up to it. Throws for any other line, as a runner fails the step. */
export function readOutputs(text: string): Readonly<Record<string, string>> {
  const values: Record<string, string> = {};
  const lines = text.split("\n");
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at]!;
    if (line === "") continue;
    const [equals, marks] = [line.indexOf("="), line.indexOf("<<")];
    if (equals >= 0 && (marks < 0 || equals < marks)) {
      values[line.slice(0, equals)] = line.slice(equals + 1);
      continue;
    }
    if (marks < 0) throw new Error(`invalid format: ${line}`);
    const [name, delimiter] = [line.slice(0, marks), line.slice(marks + 2)];
    const end = lines.indexOf(delimiter, at + 1);
    if (end < 0 || end === lines.length - 1) throw new Error(`no end of ${name}`);
    values[name] = lines.slice(at + 1, end).join("\n");
    at = end;
  }
  return values;
}
