/**
 * What an attestation says of where something was made, and when that is no word about what was packed.
 *
 * @module
 */

import type { Env } from "../host/host.ts";

/** Where an attested file comes from. */
export interface AttestedSource {
  /** Full object id, in lower case. */
  readonly commit: string;
  /** `https://github.com/ada/engine`; undefined when the certificate does not name one. */
  readonly repository?: string;
}

/**
 * Whether an attestation names the commit that this very job was started for (`GITHUB_SHA`), while the job has checked out
 * another one: an earlier attempt of it did the same, and its identity token knows nothing of that.
 */
export function isOfJobAlone(
  commit: string,
  { env, head }: { readonly env: Env; readonly head: string | undefined },
): boolean {
  return head !== undefined && commit !== head && commit === env.GITHUB_SHA;
}

/** Why that names no commit, as a clause. */
export const OF_JOB_ALONE =
  "which this job was started for without checking it out: that says nothing of what was packed";
