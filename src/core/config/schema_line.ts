/**
 * Where the JSON Schema of `putitoutthere.toml` is published, and how a configuration names it.
 *
 * @module
 */

/** Where the JSON Schema is published. */
export const SCHEMA_URL =
  "https://raw.githubusercontent.com/putitoutthere/putitoutthere/main/schema/putitoutthere.schema.json";

/** The first line of a configuration that editors complete (taplo, Even Better TOML). */
export const SCHEMA_LINE: string = `#:schema ${SCHEMA_URL}`;
