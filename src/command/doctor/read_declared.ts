/**
 * Reads the configuration for doctor: what it declares with its places, or what is wrong with it.
 *
 * @module
 */

import { resolve } from "node:path";
import { declaredConfig } from "../../core/doctor/declared_config.ts";
import type { DeclaredConfig } from "../../core/doctor/facts.ts";
import type { Found } from "../../core/doctor/finding.ts";
import { Failure } from "../../error.ts";
import { readTextIfThere } from "../../host/files.ts";
import { type ConfigPlace, readConfig } from "../read_config.ts";

/** What was read, or why it was not. */
export interface ReadDeclared {
  readonly config: DeclaredConfig | undefined;
  readonly problems: readonly Found[];
}

/** Reads it. What is wrong with it is told. */
export async function readDeclared(place: ConfigPlace): Promise<ReadDeclared> {
  try {
    const { config, file, root } = await readConfig(place);
    const text = await readTextIfThere(resolve(root, file)) ?? "";
    return { config: declaredConfig(config, { file, text }), problems: [] };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const problems = error.problems.map(({ message, hint, location }) => ({
      message,
      location,
      ...(hint === undefined ? {} : { mend: hint }),
    }));
    return { config: undefined, problems };
  }
}
