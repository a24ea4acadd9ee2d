/**
 * `schema`: the JSON Schema of the configuration, on standard output.
 *
 * @module
 */

import { configJsonSchema } from "../core/config/json_schema.ts";
import { knownKinds } from "../registry/kinds.ts";
import type { Session } from "./session.ts";

/** `schema`, for the command line. */
export function runSchema({ host }: Pick<Session, "host">): Promise<number> {
  host.stdout(`${JSON.stringify(configJsonSchema(knownKinds()), null, 2)}\n`);
  return Promise.resolve(0);
}
