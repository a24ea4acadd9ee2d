/**
 * Asks the registry for a packument, and takes only a definite answer for one.
 *
 * @module
 */

import { NO_PACKUMENT, type Packument, readPackument } from "../../core/npm/packument.ts";
import { Failure } from "../../error.ts";
import type { Http } from "../../host/http.ts";
import { escapeName, readReply, tellReply } from "./reply.ts";

/** What is asked, and how. */
export interface PackumentRequest {
  readonly http: Http;
  /** The registry, without a slash at the end. */
  readonly registry: string;
  /** For packages that only some may read. */
  readonly token?: string | undefined;
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
  { http, registry, token }: PackumentRequest,
): Promise<Packument> {
  const answer = await http(`${registry}/${escapeName(name)}?write=true`, {
    headers: {
      accept: "application/json",
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
    },
  });
  const reply = await readReply(answer, PACKUMENT_LIMIT);
  if (reply.status === 404 && reply.json !== undefined) return NO_PACKUMENT;
  const packument = reply.status === 200 ? readPackument(reply.json, name) : undefined;
  if (packument !== undefined) return packument;
  throw new Failure(
    "PIOT_REGISTRY_UNKNOWN",
    `Cannot tell what npm holds of "${name}": ${tellReply(reply)}`,
    {
      hint:
        "Such an answer is never taken for absent; check npm's status page and PIOT_NPM_URL, then run again",
    },
  );
}
