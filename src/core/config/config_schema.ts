/**
 * The JSON Schema of `putitoutthere.toml`, by which editors complete and check it.
 *
 * @module
 */

import { toJsonSchema } from "@valibot/to-json-schema";
import { FILE_SCHEMA, TARGET_SCHEMA } from "./schema.ts";
import { SCHEMA_URL } from "./schema_line.ts";

/** The JSON Schema (draft-07) of the file; `schema/putitoutthere.schema.json` holds the same. */
export function configJsonSchema(): Record<string, unknown> {
  const { $schema, $defs, ...rest } = toJsonSchema(FILE_SCHEMA, {
    target: "draft-07",
    typeMode: "input",
    definitions: { target: TARGET_SCHEMA },
    // The name that they have in draft-07 (JSON Schema Validation 9); `$defs` came later.
    overrideRef: ({ referenceId }) => `#/definitions/${referenceId}`,
    // What a check looks for is among the keywords that stand beside it.
    ignoreActions: ["check"],
  });
  return { $schema, $id: SCHEMA_URL, ...rest, definitions: $defs };
}
