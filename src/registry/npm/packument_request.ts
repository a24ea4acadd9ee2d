/**
 * Asks the registry for a packument, and takes only a definite answer for one.
 *
 * @module
 */

import { NO_PACKUMENT, type Packument, readPackument } from "../../core/npm/packument.ts";
import { Failure } from "../../error.ts";
import type { Http } from "../../host/host.ts";
import type { TokenFor } from "./reading_token.ts";
import { escapeName, readReply, type Reply, tellReply } from "./reply.ts";

/** What is asked, and how. */
export interface PackumentRequest {
  readonly http: Http;
  /** The registry, without a slash at the end. */
  readonly registry: string;
  /** For packages that only some may read, and for registries that answer nobody without one. */
  readonly tokenFor: TokenFor;
  /** Whether npm hides the package from strangers, so that it would look absent. */
  readonly isHidden: boolean;
}

/** Bytes of a packument: the largest ones of the public registry have some dozen MB. */
const PACKUMENT_LIMIT = 256 * 2 ** 20;

/**
 * The packument as it is at this moment; {@link NO_PACKUMENT} when there is no such package. `?write=true` goes round
 * the CDN, whose copies are up to five minutes old, a remembered 404 included (npm itself reads so before it
 * unpublishes: libnpmpublish lib/unpublish.js). Throws `PIOT_REGISTRY_UNKNOWN` for anything that is neither this name's
 * packument nor a plain "not found" in JSON.
 */
export async function fetchPackument(
  name: string,
  request: PackumentRequest,
): Promise<Packument> {
  const reply = await askAsNeeded(name, request);
  if (reply.status === 404 && reply.json !== undefined) return NO_PACKUMENT;
  const packument = reply.status === 200 ? readPackument(reply.json, name) : undefined;
  if (packument !== undefined) return packument;
  throw new Failure(
    "PIOT_REGISTRY_UNKNOWN",
    `Cannot tell what npm holds of "${name}": ${tellReply(reply)}`,
    {
      hint:
        "Such an answer is never taken for absent; check npm's status page, PIOT_NPM_URL and, for a registry that answers nobody without one, the token in NODE_AUTH_TOKEN; then run again",
    },
  );
}

/** No token is shown to a registry that does not ask for one. */
async function askAsNeeded(
  name: string,
  { http, registry, tokenFor, isHidden }: PackumentRequest,
): Promise<Reply> {
  const ask = async (token: string | undefined): Promise<Reply> => {
    const answer = await http(`${registry}/${escapeName(name)}?write=true`, {
      headers: {
        accept: "application/json",
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      },
    });
    return await readReply(answer, PACKUMENT_LIMIT);
  };
  if (isHidden) return await ask(await tokenFor(name));
  const reply = await ask(undefined);
  const token = reply.status === 401 ? await tokenFor(name) : undefined;
  return token === undefined ? reply : await ask(token);
}
