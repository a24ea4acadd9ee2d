/**
 * The endpoints about the asker: who am I, are you there.
 *
 * @module
 */

import type { LocalReply } from "../serve.ts";
import { errorReply, type NpmRequest } from "./request.ts";

/** `GET /-/whoami` and `GET /-/ping`. */
export function accountEndpoints({ method, plainPath, grant }: NpmRequest): LocalReply | undefined {
  if (method !== "GET") return undefined;
  if (plainPath === "-/ping") return { status: 200, body: {} };
  if (plainPath !== "-/whoami") return undefined;
  return grant === undefined || grant.refused === "revoked"
    ? errorReply(401, "Unauthorized")
    : { status: 200, body: { username: grant.user } };
}
