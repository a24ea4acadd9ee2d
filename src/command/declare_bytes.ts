/**
 * Reads a configuration from its bytes in two steps, and looks for the places of what is wrong with it only then.
 *
 * @module
 */

import type { Config } from "../core/model/config.ts";

/** A configuration of which every table is right by itself. */
export interface PendingConfig {
  readonly config: Config;
  /** Holds its packages against each other; throws what `parseConfig()` throws. */
  readonly check: () => Promise<void>;
}

/**
 * Reads a configuration; `file` is what failures call it. Throws what `parseConfig()` throws: failures alone load what
 * finds their places, and read once more.
 */
export async function declareBytes(bytes: Uint8Array, file: string): Promise<PendingConfig> {
  const tell = async (error: unknown): Promise<never> => {
    const { parseConfig } = await import("../core/config/parse_config.ts");
    parseConfig(bytes, file);
    throw error;
  };
  // It is loaded while git works.
  const { declareConfig } = await import("../core/config/declare_config.ts");
  try {
    const { config, check } = declareConfig(bytes, file);
    return {
      config,
      check: async () => {
        try {
          check();
        } catch (error) {
          await tell(error);
        }
      },
    };
  } catch (error) {
    return await tell(error);
  }
}
