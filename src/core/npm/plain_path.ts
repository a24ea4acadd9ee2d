/**
 * Paths as package.json writes them, made comparable.
 *
 * @module
 */

/**
 * `./dist/cli.js`, `/dist/cli.js` and `lib/../dist/cli.js` → `dist/cli.js`: all mean a file of the package. A slash at the
 * end stays; what climbs out of the package keeps its `..`, unless it starts with a slash.
 */
export function plainPath(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== ".." || (parts.length === 0 && !path.startsWith("/"))) parts.push(part);
    else if (parts.at(-1) === "..") parts.push(part);
    else parts.pop();
  }
  const plain = parts.join("/");
  return plain !== "" && path.endsWith("/") ? `${plain}/` : plain;
}
