/**
 * The JSON Schema of `putitoutthere.toml`, by which editors complete and check it.
 *
 * @module
 */

import * as z from "zod/mini";
import { type KnownKinds, someKind } from "./kind_config.ts";
import { HEADER_SCHEMA, SCHEMA_URL } from "./schema.ts";
import { described, KEYWORDS } from "./table_schema.ts";

/** The whole file. */
function fileSchema(known: KnownKinds): z.ZodMiniType {
  return described(
    z.strictObject({
      putitoutthere: HEADER_SCHEMA,
      package: described(
        z.array(someKind(known)).check(z.minLength(1)),
        "The packages, each under its own [[package]].",
      ),
    }),
    "The packages of a repository.",
    { title: "putitoutthere.toml" },
  );
}

/** The JSON Schema (draft-07) of the file; `schema/putitoutthere.schema.json` holds the same. */
export function configJsonSchema(known: KnownKinds): Record<string, unknown> {
  const { $schema, ...rest } = z.toJSONSchema(fileSchema(known), {
    target: "draft-7",
    io: "input",
    metadata: KEYWORDS,
  });
  return { $schema, $id: SCHEMA_URL, ...rest };
}
