/**
 * A configuration from its bytes, with every kind of package that there is: the one door to what reads it, which loads
 * more than a plan needs at its start.
 *
 * @module
 */

import { declareConfig } from "../core/config/declare_config.ts";
import type { KnownKinds } from "../core/config/kind_config.ts";
import type { Config } from "../core/model/config.ts";
import { knownKinds } from "../registry/kinds.ts";
import type { RegistryKind } from "../registry/registry_kind.ts";

/** A configuration of which every table is right by itself. */
export interface PendingConfig {
  readonly config: Config;
  /** Holds its packages against each other; throws what `parseConfig()` throws. */
  readonly check: () => Promise<void>;
}

/**
 * Reads a configuration from its bytes, in two steps; `file` is what failures call it. Throws what `parseConfig()`
 * throws: failures alone load what finds their places, and read once more.
 */
export async function declareBytes(
  bytes: Uint8Array,
  { file, kinds }: {
    readonly file: string;
    readonly kinds?: readonly RegistryKind[] | undefined;
  },
): Promise<PendingConfig> {
  const known = knownKinds(kinds);
  try {
    const { config, check } = declareConfig(bytes, { file, known });
    return {
      config,
      check: async () => {
        try {
          check();
        } catch (error) {
          await throwWithPlaces(error, { bytes, file, known });
        }
      },
    };
  } catch (error) {
    return await throwWithPlaces(error, { bytes, file, known });
  }
}

async function throwWithPlaces(
  error: unknown,
  { bytes, ...source }: {
    readonly bytes: Uint8Array;
    readonly file: string;
    readonly known: KnownKinds;
  },
): Promise<never> {
  const { parseConfig } = await import("../core/config/parse_config.ts");
  parseConfig(bytes, source);
  throw error;
}
