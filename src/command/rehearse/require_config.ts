/**
 * Whether the commit that is rehearsed has a configuration: one that was just written is not committed yet.
 *
 * @module
 */

import { join } from "node:path";
import { kindOfPath } from "../../host/files.ts";
import { type ConfigPlace, locateConfig, missingConfig } from "../read_config.ts";

/** Throws `PIOT_CONFIG_MISSING` without naming the folder of the copy, which nobody can mend. */
export async function requireConfig(place: ConfigPlace): Promise<void> {
  const { file, root } = locateConfig(place);
  if (await kindOfPath(join(root, file)) !== undefined) return;
  throw missingConfig(
    place.config ?? file,
    "the commit that is rehearsed",
    "Commit it; where there is none, run `putitoutthere init` to write one",
  );
}
