/**
 * The bytes of a configuration as text. TOML is UTF-8 and nothing else (TOML 1.1, "Spec").
 *
 * @module
 */

import { Failure } from "../../error.ts";

/** Decodes; `file` is what the location calls it. Throws `PIOT_CONFIG_SYNTAX` at the first byte that is not UTF-8. */
export function decodeConfig(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw notUtf8(bytes, file);
  }
}

function notUtf8(bytes: Uint8Array, file: string): Failure {
  const [first = 0, second = 0] = bytes;
  const isWide = first + second === 0xff + 0xfe && Math.abs(first - second) === 1;
  const lines = new TextDecoder().decode(bytes).split(/\r?\n/);
  const at = lines.findIndex((line) => line.includes("\ufffd"));
  const excerpt = lines[at] ?? "";
  return new Failure(
    "PIOT_CONFIG_SYNTAX",
    `Cannot read ${file} as TOML: it is ${isWide ? "UTF-16" : "not UTF-8"}`,
    {
      hint: "Save it as UTF-8",
      location: isWide
        ? { file, line: 1, column: 1 }
        : { file, line: at + 1, column: excerpt.indexOf("\ufffd") + 1, excerpt },
    },
  );
}
