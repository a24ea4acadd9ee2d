/**
 * Whether a package may be published as public: an upload that says so lays open all of it, and what is laid open stays so.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import type { Http } from "../../host/host.ts";
import { visibilityUrl } from "./npm_urls.ts";
import type { Packuments } from "./packuments.ts";
import { readReply, type Reply, tellReply } from "./reply.ts";

/**
 * Refuses to publish as public what is restricted on npm: an upload that says `public` makes the whole package so. A
 * package that strangers see is public; a scoped one that they do not see is asked about. Throws `PIOT_NPM_ACCESS`, and
 * `PIOT_REGISTRY_UNKNOWN` when npm does not come to an answer: what is laid open stays so.
 */
export async function requirePublicAccess(
  name: string,
  { http, registry, token, packuments }: {
    readonly http: Http;
    readonly registry: string;
    readonly token: string;
    readonly packuments: Packuments;
  },
): Promise<void> {
  // Only scoped packages can be restricted.
  if (!name.startsWith("@") || (packuments.get(name)?.versions.size ?? 0) > 0) return;
  const headers = { accept: "application/json", authorization: `Bearer ${token}` };
  const reply = await readReply(await http(visibilityUrl(name, registry), { headers }));
  const { public: isPublic } = (reply.json ?? {}) as { public?: unknown };
  if (isNoAnswer(reply)) {
    throw new Failure(
      "PIOT_REGISTRY_UNKNOWN",
      `Cannot tell whether "${name}" is restricted on npm: ${tellReply(reply)}`,
      { hint: "Check npm's status page and PIOT_NPM_URL, then run again; nothing was written" },
    );
  }
  // A refusal proves nothing: whether such tokens are for this page is not documented.
  if (reply.status !== 200 || isPublic !== false) return;
  throw new Failure(
    "PIOT_NPM_ACCESS",
    `Cannot publish "${name}" as public: it is restricted on npm, and an upload would show all of it to everybody`,
    {
      hint:
        'Set `access = "restricted"` in putitoutthere.toml; or make it public on npm\'s site first, if that is what you want',
    },
  );
}

/** A registry that stands in for npm and lacks the page says so with a 4xx or 501. */
function isNoAnswer({ status }: Reply): boolean {
  return status === 408 || status === 429 || (status >= 500 && status !== 501);
}
