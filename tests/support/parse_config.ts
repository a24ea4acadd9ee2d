/** The configuration, read with every kind that there is. */

import { parseConfig as parseWith } from "../../src/core/config/parse_config.ts";
import type { KnownKinds } from "../../src/core/config/kind_config.ts";
import type { Config } from "../../src/core/model/config.ts";
import { knownKinds } from "../../src/registry/kinds.ts";

export const KNOWN_KINDS: KnownKinds = knownKinds();

/** Reads a configuration; `file` is what failures call it. */
export function parseConfig(source: string | Uint8Array, file: string): Config {
  return parseWith(source, { file, known: KNOWN_KINDS });
}
