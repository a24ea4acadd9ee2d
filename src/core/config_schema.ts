/**
 * The JSON Schema of `putitoutthere.toml`, by which editors complete and check it.
 *
 * @module
 */

import * as z from "zod";
import { FILE_SCHEMA } from "./config/schema.ts";

/** Where the JSON Schema is published. */
export const SCHEMA_URL =
  "https://raw.githubusercontent.com/putitoutthere/putitoutthere/main/schema/putitoutthere.schema.json";

/** The first line of a configuration that editors complete (taplo, Even Better TOML). */
export const SCHEMA_LINE: string = `#:schema ${SCHEMA_URL}`;

/** The JSON Schema (draft-07) of the file; `schema/putitoutthere.schema.json` holds the same. */
export function configJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(FILE_SCHEMA, { io: "input", target: "draft-7" });
  return { $schema, $id: SCHEMA_URL, ...rest };
}
