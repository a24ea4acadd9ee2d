/**
 * The commands that a package brings: `bin` of its package.json or the folder that `directories.bin` names, the paths that
 * they lead to, and how the files there begin.
 *
 * @module
 */

/** The fields of a package.json, as they stand in it. */
type Fields = Readonly<Record<string, unknown>>;

/**
 * Commands as npm reads them (npm-normalize-package-bin): a list stands for its files' names, a command loses whatever
 * folder is in front of it, and a file is looked for in the package wherever its path leads.
 */
export function binOf({ bin, name }: Fields): Record<string, string> {
  const entries = commandEntries(bin, name).flatMap(([command, file]) => {
    const plain = lastPart(command.replace(/[\\:]/g, "/"));
    const path = typeof file === "string" ? plainPath(`/${file.replaceAll("\\", "/")}`) : "";
    return plain === "" || path === "" ? [] : [[plain, path] as const];
  });
  return Object.fromEntries(entries);
}

function commandEntries(bin: unknown, name: unknown): readonly (readonly [string, unknown])[] {
  // The command of a scoped package is its name without the scope (npm's docs, package.json, bin).
  if (typeof bin === "string") return typeof name === "string" ? [[name, bin]] : [];
  if (typeof bin !== "object" || bin === null) return [];
  if (!Array.isArray(bin)) return Object.entries(bin);
  return bin.flatMap((file) => typeof file === "string" ? [[file, file]] : []);
}

/** `a/b` → `b`; empty for what names a folder. */
function lastPart(path: string): string {
  const last = path.replace(/\/+$/, "").split("/").at(-1) ?? "";
  return last === "." || last === ".." ? "" : last;
}

/**
 * The folder that `directories.bin` names, with a slash at its end; empty for the package itself. Never outside of it.
 * Undefined when there is a `bin`, which wins over it.
 */
export function binFolder(fields: Fields): string | undefined {
  const directories = fields["directories"] as { readonly bin?: unknown } | null | undefined;
  const folder = directories?.bin;
  if ("bin" in fields || typeof folder !== "string" || folder === "") return undefined;
  return plainPath(`/${folder}/`);
}

/**
 * The commands that a {@link binFolder} stands for: each of `files` below it whose path does not start with a dot, named
 * after it (`@npmcli/package-json` lib/normalize.js, "binDir").
 */
export function commandsIn(folder: string, files: readonly string[]): Record<string, string> {
  const commands = files
    .filter((path) => path.startsWith(folder) && !path.slice(folder.length).startsWith("."))
    .map((path) => [path.slice(path.lastIndexOf("/") + 1), path] as const);
  return Object.fromEntries(commands);
}

/**
 * Paths as package.json writes them, made comparable: `./dist/cli.js`, `/dist/cli.js` and `lib/../dist/cli.js` →
 * `dist/cli.js` all mean a file of the package. A slash at the end stays; what climbs out of the package keeps its `..`,
 * unless it starts with a slash.
 */
export function plainPath(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "" || segment === ".") continue;
    if (segment !== ".." || (kept.length === 0 && !path.startsWith("/"))) kept.push(segment);
    else if (kept.at(-1) === "..") kept.push(segment);
    else kept.pop();
  }
  const plain = kept.join("/");
  return plain !== "" && path.endsWith("/") ? `${plain}/` : plain;
}

/** A command, and the first bytes of its file. */
export interface CommandFile {
  readonly command: string;
  /** `/`-separated. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** Whether a file of `bin` is JavaScript; anything else may be started in ways of its own. */
export function isScript(path: string): boolean {
  return /\.[cm]?js$/.test(path);
}

/**
 * Sentences about scripts that would not start as they are meant to. Installers make the link and the executable bit;
 * what runs them on Linux and macOS is the package's own first line (npm's docs, package.json, bin).
 */
export function commandWarnings(owner: string, files: readonly CommandFile[]): readonly string[] {
  return files.flatMap(({ command, path, bytes }) => {
    const start = `"${owner}": "${path}", the command "${command}", `;
    const line = firstLine(bytes);
    if (!line.startsWith("#!")) {
      return [
        `${start}does not begin with a line such as #!/usr/bin/env node, so Linux and macOS take it for a shell script`,
      ];
    }
    // npm mends it while it installs, others do not (bin-links lib/fix-bin.js).
    if (!line.endsWith("\r")) return [];
    return [
      `${start}has a first line that ends as on Windows, which Linux and macOS do not understand; write it with LF`,
    ];
  });
}

function firstLine(bytes: Uint8Array): string {
  const end = bytes.indexOf(0x0a);
  const line = bytes.subarray(0, end < 0 ? undefined : end).subarray(0, 1024);
  return String.fromCharCode(...line);
}
