/**
 * `schema`: the JSON Schema of the configuration, on standard output.
 *
 * @module
 */

import { configJsonSchema } from "../core/config/config_schema.ts";
import { type CommandLineOptions, runnable, type Runner } from "./run_command.ts";

/** `schema`, for the command line. */
export const runSchema: Runner<CommandLineOptions> = runnable(({ host }) => {
  host.stdout(`${JSON.stringify(configJsonSchema(), null, 2)}\n`);
  return Promise.resolve(0);
});
