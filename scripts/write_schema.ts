/**
 * Writes the JSON Schema of the configuration: `deno run -A scripts/write_schema.ts`.
 *
 * @module
 */

import { writeFile } from "node:fs/promises";
import { configJsonSchema } from "../src/core/config/json_schema.ts";
import { knownKinds } from "../src/registry/kinds.ts";

await writeFile(
  "schema/putitoutthere.schema.json",
  `${JSON.stringify(configJsonSchema(knownKinds()), null, 2)}\n`,
);
