/**
 * The endpoint that shows what was signed about a version.
 *
 * @module
 */

import type { LocalReply } from "../serve.ts";
import { predicateTypeOf } from "./provenance.ts";
import { messageReply, type NpmRequest } from "./request.ts";
import type { NpmState } from "./state.ts";

/**
 * `GET /-/npm/v1/attestations/{name}@{version}`. The real registry adds an attestation of its own, that it published; this
 * one has no key that anybody would trust, and shows the provenance alone.
 */
export function attestationEndpoint(
  { method, plainPath }: NpmRequest,
  { packages }: NpmState,
): LocalReply | undefined {
  const [, name, version] = /^-\/npm\/v1\/attestations\/(@?[^@]+)@([^@]+)$/.exec(plainPath) ?? [];
  if (method !== "GET" || name === undefined || version === undefined) return undefined;
  const stored = packages.get(name)?.versions.get(version);
  const bundle = stored?.pending === true ? undefined : stored?.provenance;
  if (bundle === undefined) return messageReply(404, "Attestation not found");
  const attestations = [{ predicateType: predicateTypeOf(bundle), bundle }];
  return { status: 200, body: { attestations } };
}
