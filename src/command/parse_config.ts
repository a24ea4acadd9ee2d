/**
 * The configuration for callers of the library: the packages that a text declares, of every kind that there is.
 *
 * @module
 */

import { parseConfig as parse } from "../core/config/parse_config.ts";
import type { Package } from "../core/model/package.ts";
import { knownKinds } from "../registry/kinds.ts";

/** What `putitoutthere.toml` declares. */
export interface DeclaredConfig {
  /** When releases happen, for whoever reads the file: no plan depends on it. */
  readonly cadence: "immediate" | "scheduled";
  /** In the order of the file. */
  readonly packages: readonly Package[];
}

/**
 * Reads a configuration; `file` is what failures call it. Throws one `Failure` with every problem of the text in
 * `problems`, each with its line: `PIOT_CONFIG_SYNTAX` when it is not TOML or not UTF-8, else `PIOT_CONFIG_INVALID` or,
 * when it is the only problem, `PIOT_CONFIG_UNKNOWN_KEY`, `PIOT_CONFIG_CYCLE`, `PIOT_CONFIG_TAG_CLASH` or
 * `PIOT_TARGET_UNKNOWN`.
 *
 * ```ts
 * import { parseConfig } from "@piot/cli";
 *
 * const { packages } = parseConfig(`
 *   [putitoutthere]
 *   version = 1
 *   [[package]]
 *   name = "demo"
 *   kind = "npm"
 *   path = "js"
 *   paths = ["js/**"]
 * `);
 * console.log(packages[0]?.registryName); // demo
 * ```
 */
export function parseConfig(
  source: string | Uint8Array,
  { file = "putitoutthere.toml" }: { readonly file?: string } = {},
): DeclaredConfig {
  const { cadence, packages } = parse(source, { file, known: knownKinds() });
  return { cadence, packages };
}
