/**
 * Reads a configuration from its bytes in two steps, each part of the reader loaded by who needs it.
 *
 * @module
 */

import type { Config } from "../core/package.ts";

/** A configuration of which every table is right by itself. */
export interface PendingConfig {
  readonly config: Config;
  /** Holds its packages against each other; throws what `parseConfig()` throws. */
  readonly check: () => Promise<void>;
}

/**
 * Reads a configuration; `file` is what failures call it. The reader is loaded while git is at work already, and what
 * finds the places of failures by failures alone: they are told by reading once more.
 */
export async function declareBytes(bytes: Uint8Array, file: string): Promise<PendingConfig> {
  const { declareConfig } = await import("../core/declare_config.ts");
  const tell = async (error: unknown): Promise<never> => {
    const { parseConfig } = await import("../core/config.ts");
    parseConfig(bytes, file);
    throw error;
  };
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
