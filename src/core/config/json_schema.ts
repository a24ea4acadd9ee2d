/**
 * The JSON Schema of `putitoutthere.toml`, by which editors complete and check it.
 *
 * @module
 */

import * as z from "zod/mini";
import { HEADER_SCHEMA, PACKAGE_SCHEMA, SCHEMA_URL } from "./schema.ts";
import { described, KEYWORDS } from "./table_schema.ts";

/** The whole file. */
const file = described(
  z.strictObject({
    putitoutthere: HEADER_SCHEMA,
    package: described(
      z.array(PACKAGE_SCHEMA).check(z.minLength(1)),
      "The packages, each under its own [[package]].",
    ),
  }),
  "The packages of a repository.",
  { title: "putitoutthere.toml" },
);

/** The JSON Schema (draft-07) of the file; `schema/putitoutthere.schema.json` holds the same. */
export function configJsonSchema(): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(file, {
    target: "draft-7",
    io: "input",
    metadata: KEYWORDS,
  });
  return { $schema, $id: SCHEMA_URL, ...rest };
}
