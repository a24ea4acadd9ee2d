/**
 * `schema`: the JSON Schema of the configuration, on standard output.
 *
 * @module
 */

import { configJsonSchema } from "../core/config/json_schema.ts";
import { loadKinds } from "../registry/kinds.ts";
import type { Session } from "./session.ts";

/** `schema`, for the command line. */
export async function runSchema({ host }: Pick<Session, "host">): Promise<number> {
  host.stdout(`${JSON.stringify(configJsonSchema(await loadKinds()), null, 2)}\n`);
  return 0;
}
