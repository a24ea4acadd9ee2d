/**
 * Proxies that the environment names: what goes through them, and what does not.
 *
 * @module
 */

import type { Env } from "./host.ts";

const NAMES: readonly string[] = ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"];

/**
 * A sentence about a proxy that is set; undefined where none is. git and cargo read these variables themselves. Of our own
 * requests those with a streamed body never do, and the others do on Deno alone, whose `fetch` reads them.
 */
export function proxyNotice(env: Env): string | undefined {
  const name = [...NAMES, ...NAMES.map((other) => other.toLowerCase())].find((other) =>
    (env[other] ?? "").trim() !== ""
  );
  if (name === undefined) return undefined;
  return `${name} is set: git and cargo go through that proxy, and uploads to npm and PyPI do not ` +
    "(docs/security.md says which requests do)";
}
