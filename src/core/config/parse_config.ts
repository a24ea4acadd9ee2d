/**
 * The configuration: the text of `putitoutthere.toml` in, every package that it declares out, or everything that is
 * wrong with it.
 *
 * @module
 */

import type { Config } from "../model/config.ts";
import { type ConfigSource, declareConfig } from "./declare_config.ts";
import { findPlaces } from "./places.ts";

/**
 * Reads a configuration. Throws one failure with every problem of the file, each with its line: `PIOT_CONFIG_SYNTAX` when it is not TOML or not UTF-8, else
 * `PIOT_CONFIG_INVALID` or, when it is the only problem, `PIOT_CONFIG_UNKNOWN_KEY`, `PIOT_CONFIG_CYCLE`,
 * `PIOT_CONFIG_TAG_CLASH` or `PIOT_TARGET_UNKNOWN`.
 */
export function parseConfig(
  source: string | Uint8Array,
  { file, known }: Omit<ConfigSource, "find">,
): Config {
  const { config, check } = declareConfig(source, { file, known, find: findPlaces });
  check();
  return config;
}
