/**
 * What follows from what a registry holds: upload, leave alone, or refuse.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import type { Look, Prepared, Presence, Release, ReleaseFile } from "../../registry/registry.ts";

/** A file that the registry has with other bytes, of the same commit. */
export interface KeptFile {
  readonly file: ReleaseFile;
  /** The digest that the registry has. */
  readonly held: string;
}

/** Whether a registry has a file as its release wants it: these bytes, or others of this very commit. */
export function isHeld(presence: Presence | undefined): boolean {
  return presence?.state === "same" || (presence?.state === "other" && presence.sameCommit);
}

/** What is said of a kept file: both digests. */
export function keptWords({ digest }: ReleaseFile, held: string): string {
  return `other bytes of this very commit: kept as it is there (${held} there, ${digest} here)`;
}

/** What to do about one release. */
export type Verdict =
  /** Send what is absent; empty when everything is there. Kept files stay as the registry has them. */
  | {
    readonly to: "send";
    readonly absent: readonly ReleaseFile[];
    readonly kept: readonly KeptFile[];
  }
  /** Do nothing: the failure is this package's own. */
  | { readonly to: "refuse"; readonly failure: Failure };

/** Judges one release. Pure: the same look gives the same verdict. */
export function judge(prepared: Prepared, look: Look): Verdict {
  const absent: ReleaseFile[] = [];
  const kept: KeptFile[] = [];
  for (const file of prepared.files) {
    const presence = look.files.get(file.name);
    if (presence === undefined) throw new Error(`unreachable: nobody looked for ${file.name}`);
    if (presence.state === "absent") absent.push(file);
    if (presence.state !== "other") continue;
    if (!presence.sameCommit) {
      return refuse(versionTaken(prepared.release, { file, held: presence.held }));
    }
    kept.push({ file, held: presence.held });
  }
  // What no tag tells about: a history that is not ours. Without git there are no tags to miss.
  const { previous, commit } = prepared.release;
  const foreign = previous === null && commit !== undefined ? look.notBelow : [];
  if (foreign.length > 0) return refuse(untaggedHistory(prepared.release, foreign));
  return { to: "send", absent, kept };
}

const refuse = (failure: Failure): Verdict => ({ to: "refuse", failure });

/** The failure for a version whose bytes on the registry are none of ours: `PIOT_VERSION_TAKEN`. */
export function versionTaken(
  release: Release,
  { file, held, cause }: KeptFile & { readonly cause?: Failure },
): Failure {
  return new Failure(
    "PIOT_VERSION_TAKEN",
    `Cannot publish ${file.name}: the registry has that name with other bytes (${held} there, ${file.digest} here), ` +
      "and nothing shows that they were made from this commit",
    {
      hint:
        `Versions cannot be replaced: release a higher one with --release ${release.package.name}@VERSION, ` +
        "or tag the commit that this version was made from",
      ...(cause === undefined ? {} : { cause }),
    },
  );
}

/** piot never tags a release that it did not make, so it cannot go on from versions that no tag tells about. */
function untaggedHistory(release: Release, foreign: readonly string[]): Failure {
  const { name, registryName, tagFormat } = release.package;
  const highest = foreign.at(-1) ?? "";
  const tag = tagFormat.replaceAll("{name}", name).replaceAll("{version}", highest);
  return new Failure(
    "PIOT_UNTAGGED_HISTORY",
    `Cannot release ${name} ${release.version} as its first release: the registry has ${registryName} ` +
      `${foreign.slice(-3).join(", ")}, and no tag tells which commit that was`,
    {
      hint:
        `Create the tag of the last release (git tag -a -m "Release ${name} ${highest}" "${tag}" COMMIT && ` +
        `git push origin "${tag}"), or set first_version in putitoutthere.toml above ${highest}`,
    },
  );
}
