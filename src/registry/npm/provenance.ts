/**
 * Provenance of one tarball: a signed statement about the job that publishes it, sent along with it.
 *
 * @module
 */

import { provenanceStatement, STATEMENT_TYPE } from "../../core/npm/provenance_statement.ts";
import { type JobSigning, signingContext } from "../sigstore/job_signer.ts";
import type { SignedBundle } from "../sigstore/sign.ts";
import type { NpmUnit } from "./publish_unit.ts";

/** What signing needs. */
export type ProvenanceContext = JobSigning;

/**
 * Signs the provenance of a unit. Whether it may be signed was decided before, see `decideProvenance`. Throws
 * `PIOT_PROVENANCE_SIGNING`, `PIOT_PROVENANCE_IDENTITY`, `PIOT_OIDC_UNAVAILABLE` and `PIOT_NETWORK`.
 */
export async function signProvenance(
  unit: NpmUnit,
  context: ProvenanceContext,
): Promise<SignedBundle> {
  const signing = signingContext(context, `the provenance of "${unit.name}"`);
  const { signStatement } = await import("../sigstore/sign.ts");
  const text = JSON.stringify(provenanceStatement(unit, context.host.env));
  return await signStatement({ type: STATEMENT_TYPE, text }, signing);
}
