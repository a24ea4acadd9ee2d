/**
 * This program's own version, and how it introduces itself to servers.
 *
 * @module
 */

/** The version that is released; a test holds it equal to the one in `deno.json`. */
export const VERSION = "0.1.0";

/** The `User-Agent` of every request. crates.io asks for a name and a way to reach its makers. */
export const USER_AGENT: string =
  `putitoutthere/${VERSION} (+https://github.com/putitoutthere/putitoutthere)`;
