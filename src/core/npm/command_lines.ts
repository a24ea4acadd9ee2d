/**
 * How the files of `bin` begin: the first line says what runs them on Linux and macOS.
 *
 * @module
 */

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
 * the first line is the package's own (npm's docs, package.json, bin).
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
