/**
 * What the registries hold of what is planned: a publication up to the point where it would need a credential.
 *
 * @module
 */

import type { Failure } from "../error.ts";
import type { Host } from "../host/host.ts";
import { REGISTRY_KINDS } from "../registry/kinds.ts";
import { lookStage } from "./publish/look_stage.ts";
import { prepareStage } from "./publish/prepare_stage.ts";
import type { Judged } from "./publish/run.ts";
import { withRun } from "./publish/with_run.ts";
import { runSealed } from "./sealed.ts";
import {
  type VerifiedFile,
  type VerifiedRelease,
  verifiedRelease,
  type VerifyOptions,
} from "./verify_artifacts.ts";

/** A file, and what its registry has under that name. */
export interface SeenFile extends VerifiedFile {
  /** Nothing, these very bytes, or others; undefined where the registry was not asked for it. */
  readonly state?: "absent" | "same" | "other";
  /** The digest that the registry has, where that is of other bytes. */
  readonly held?: string;
}

/** A release, and what its registry has of it. */
export interface SeenRelease extends Omit<VerifiedRelease, "files"> {
  /** In upload order. */
  readonly files: readonly SeenFile[];
  /**
   * What `publish()` would do: send what is absent, do nothing since all is there, leave it to the next run, or fail with
   * `failure`.
   */
  readonly next: "upload" | "nothing" | "wait" | "fail";
  /** Why it would fail: `PIOT_VERSION_TAKEN` and its like. */
  readonly failure?: Failure;
}

/**
 * Looks for every planned release, side by side. Nothing is written and no credential needed. Throws what
 * `verifyArtifacts()` throws, and `PIOT_REGISTRY_UNKNOWN` when a registry gives no definite answer.
 */
export async function look(
  host: Host,
  options: VerifyOptions = {},
): Promise<readonly SeenRelease[]> {
  return await runSealed(host, options.onEvent, async (host, emit) => {
    const asked = { ...options, dryRun: true, emit, registryKinds: REGISTRY_KINDS };
    const judged = await withRun(
      host,
      asked,
      async (run) => await lookStage(run, await prepareStage(run)),
    );
    return host.vault.clean(judged.map(seenRelease));
  });
}

function seenRelease({ look: { files }, verdict, ...checked }: Judged): SeenRelease {
  const release = verifiedRelease(checked);
  const seen = release.files.map((file): SeenFile => {
    const presence = files.get(file.name);
    if (presence === undefined) return file;
    const { state } = presence;
    return state === "other" ? { ...file, state, held: presence.held } : { ...file, state };
  });
  if (verdict.to === "refuse") {
    return { ...release, files: seen, next: "fail", failure: verdict.failure };
  }
  if (verdict.to === "wait") return { ...release, files: seen, next: "wait" };
  return { ...release, files: seen, next: verdict.absent.length > 0 ? "upload" : "nothing" };
}
