/**
 * How the source becomes a bundle for Node: what its packages need to be bundled at all.
 *
 * @module
 */

import type { BuildOptions } from "esbuild";

/** The options that every bundle shares. */
type BundleBase = Pick<
  BuildOptions,
  "bundle" | "format" | "platform" | "target" | "external" | "alias" | "banner"
>;

/** Options of every bundle, beside where it comes from and where it goes. */
export const NODE_BUNDLE: BundleBase = {
  bundle: true,
  format: "esm",
  platform: "node",
  target: "node20",
  // An optional package of Sigstore's HTTP client, looked for at run time: its tables are a megabyte.
  external: ["iconv-lite"],
  // What Node takes of it by default asks for its own files in a way that no bundler sees.
  alias: { "jsonc-parser": "jsonc-parser/lib/esm/main.js" },
  // Bundled CommonJS packages call `require` for built-ins.
  banner: {
    js: "import{createRequire as __piotCreateRequire}from'node:module';" +
      "const require=__piotCreateRequire(import.meta.url);",
  },
};
