/**
 * What was built, held against the plan: the first half of a publication, which asks nobody and changes nothing.
 *
 * @module
 */

import type { Host } from "../host/host.ts";
import { REGISTRY_KINDS } from "../registry/kinds.ts";
import type { ReleaseRef } from "../report/outcome.ts";
import { prepareStage } from "./publish/prepare_stage.ts";
import { type Checked, type PublishOptions, refOf } from "./publish/run.ts";
import { withRun } from "./publish/with_run.ts";
import { runSealed } from "./sealed.ts";

/** What can be asked of a verification: what `publish()` would be asked. */
export type VerifyOptions = Pick<
  PublishOptions,
  "config" | "release" | "plan" | "artifacts" | "requireWork" | "onEvent"
>;

/** A file as it would be uploaded. */
export interface VerifiedFile {
  /** Its name on the registry: `demo-1.0.0-py3-none-any.whl`, `demo-1.0.0.crate`, `demo@1.0.0` for npm. */
  readonly name: string;
  /** Size in bytes. */
  readonly size: number;
  /** The digest that the registry publishes of it, `algorithm-value` as the registry spells the value. */
  readonly digest: string;
}

/** A release whose files passed every check that needs no network. */
export interface VerifiedRelease extends ReleaseRef {
  /** In upload order. */
  readonly files: readonly VerifiedFile[];
  /** Sentences about what is odd but stops nothing. */
  readonly warnings: readonly string[];
}

/**
 * Finds, checks, packs and hashes what is planned, in the plan's order. No request is sent and no credential needed. Throws
 * what `plan()` throws, and one `Failure` with everything that is wrong with any package in `problems`:
 * `PIOT_ARTIFACT_MISSING`, `PIOT_ARTIFACT_INVALID` and their like. crates that no job made ready are packed by cargo, which
 * builds them.
 */
export async function verifyArtifacts(
  host: Host,
  options: VerifyOptions = {},
): Promise<readonly VerifiedRelease[]> {
  return await runSealed(host, options.onEvent, async (host, emit) => {
    const asked = { ...options, dryRun: true, emit, registryKinds: REGISTRY_KINDS };
    const checked = await withRun(host, asked, (run) => prepareStage(run));
    return host.vault.clean(checked.map(verifiedRelease));
  });
}

/** What a caller is told of a checked release. */
export function verifiedRelease({ release, prepared }: Checked): VerifiedRelease {
  const files = prepared.files.map(({ name, size, digest }) => ({ name, size, digest }));
  return { ...refOf(release), files, warnings: prepared.warnings };
}
