/**
 * What an accepted upload should have come to besides its bytes, and did not.
 *
 * @module
 */

import type { Shortfall } from "../registry.ts";
import type { PypiLook } from "./look.ts";
import type { PypiCredential, PypiPrepared } from "./pypi_prepared.ts";

/**
 * Files that were sent with an attestation and that the index shows without one: PyPI answers the same to a file that it
 * has already, and leaves the attestation out. What only the JSON API shows so far tells nothing about it.
 */
export function lostAttestations(
  { project, files }: PypiPrepared,
  { shown }: PypiLook,
  { attested }: PypiCredential,
): readonly Shortfall[] {
  return files.flatMap(({ name }) => {
    const evidence = shown?.get(name)?.evidence;
    if (!attested.has(name) || evidence === undefined || evidence.includes("attestations")) {
      return [];
    }
    return [{
      message:
        `PyPI has "${name}" of ${project}, and does not show the attestation that was sent with it`,
      hint:
        "Look again in some minutes on the file's page; none can be added to a file that is there",
    }];
  });
}
