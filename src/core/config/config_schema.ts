/**
 * The JSON Schema of `putitoutthere.toml`, by which editors complete and check it.
 *
 * @module
 */

import * as z from "zod/mini";
import { FILE_SCHEMA } from "./schema.ts";
import { SCHEMA_URL } from "./schema_line.ts";
import { KEYWORDS } from "./schema_parts.ts";

/** The JSON Schema (draft-07) of the file; `schema/putitoutthere.schema.json` holds the same. */
export function configJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(FILE_SCHEMA, {
    target: "draft-7",
    io: "input",
    metadata: KEYWORDS,
  });
  return { $schema, $id: SCHEMA_URL, ...rest };
}
