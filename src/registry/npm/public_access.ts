/**
 * Whether a package may be published as public: an upload that says so lays open all of it, and what is laid open stays so.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import type { Http } from "../../host/host.ts";
import { ReleaseRefused } from "../registry.ts";
import { visibilityUrl } from "./npm_urls.ts";
import type { Packuments } from "./packuments.ts";
import { readReply, type Reply, tellReply } from "../reply.ts";

/**
 * Refuses to publish as public what is restricted on npm: an upload that says `public` makes the whole package so. A
 * package that strangers see is public; a scoped one that they do not see is asked about. Throws `PIOT_NPM_ACCESS`, and
 * `PIOT_REGISTRY_UNKNOWN` when npm does not come to an answer: what is laid open stays so. Gives the doubt that is left,
 * where npm knows the package and does not tell.
 */
export async function requirePublicAccess(
  name: string,
  { http, registry, token, packuments, isKnown }: {
    readonly http: Http;
    readonly registry: string;
    readonly token: string;
    readonly packuments: Packuments;
    /** Whether npm has proven to know the package, by giving a token for it. */
    readonly isKnown: boolean;
  },
): Promise<string | undefined> {
  // Only scoped packages can be restricted.
  if (!name.startsWith("@") || (packuments.get(name)?.versions.size ?? 0) > 0) return undefined;
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
  if (reply.status !== 200 || isPublic !== false) {
    const isDoubtful = isPublic !== true && (isKnown || reply.status !== 404);
    return isDoubtful ? doubtOf(name, reply) : undefined;
  }
  throw new ReleaseRefused(
    "PIOT_NPM_ACCESS",
    `Cannot publish "${name}" as public: it is restricted on npm, and an upload would show all of it to everybody`,
    {
      hint:
        'Set `access = "restricted"` in putitoutthere.toml; or make it public on npm\'s site first, if that is what you want',
    },
  );
}

/** Told, since the upload makes the package public whatever it is. */
function doubtOf(name: string, reply: Reply): string {
  return `${name}: npm shows no version of it to strangers and does not tell whether it is restricted ` +
    `(${tellReply(reply)}); it is published as public`;
}

/** A registry that stands in for npm and lacks the page says so with a 4xx or 501. */
function isNoAnswer({ status }: Reply): boolean {
  return status === 408 || status === 429 || (status >= 500 && status !== 501);
}
