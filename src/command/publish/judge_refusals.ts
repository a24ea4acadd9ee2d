/**
 * The failures of a version that a registry has, and of which nothing shows that it is this release.
 *
 * @module
 */

import type { CommitRecord } from "../../core/release/commit_record.ts";
import { renderTag } from "../../core/release/tag.ts";
import { Failure } from "../../error.ts";
import type { Release, ReleaseFile } from "../../registry/registry.ts";

/** What is there in the place of a file. */
export interface TakenFile {
  readonly file: ReleaseFile;
  /** The digest that the registry has; undefined when it is the same. */
  readonly held: string | undefined;
  /** The record that names another commit, if any does. */
  readonly record?: CommitRecord | undefined;
  /** What else was answered. */
  readonly cause?: Failure | undefined;
}

/** The failure for a version that the registry has, and that is none of this commit: `PIOT_VERSION_TAKEN`. */
export function versionTaken(
  release: Release,
  { file, held, record, cause }: TakenFile,
): Failure {
  const bytes = held === undefined
    ? "already"
    : `with other bytes (${held} there, ${file.digest} here)`;
  const whose = record === undefined
    ? "nothing shows that they were made from this commit"
    : `${record.source} names ${record.commit}, not this commit`;
  const again = record === undefined ? "" : "Run again, which tells what becomes of it; or else: ";
  return new Failure(
    "PIOT_VERSION_TAKEN",
    `Cannot publish ${file.name}: the registry has that name ${bytes}, and ${whose}`,
    {
      hint: `${again}${wayOn(release)}, or tag the commit that this version was made from`,
      ...(cause === undefined ? {} : { cause }),
    },
  );
}

/** How to go on from a version that is there for good: no version can be replaced. */
export function wayOn({ package: { name }, version, previous }: Release): string {
  const asked = `Versions cannot be replaced: release a higher one with --release ${name}@VERSION`;
  return previous === null ? `${asked}, or set first_version above ${version}` : asked;
}

/** The commands that make a tag by hand. */
export function tagCommands(
  { name, version, tag }: { readonly name: string; readonly version: string; readonly tag: string },
  commit: string,
): readonly string[] {
  return [
    `git tag -a -m "Release ${name} ${version}" "${tag}" ${commit}`,
    `git push origin "${tag}"`,
  ];
}

/** piot never tags a release that it did not make, so it cannot go on from versions that no tag tells about. */
export function untaggedHistory(release: Release, foreign: readonly string[]): Failure {
  const { name, registryName } = release.package;
  const version = foreign.at(-1) ?? "";
  const tag = renderTag(release.package, version);
  const commands = tagCommands({ name, version, tag }, "COMMIT");
  return new Failure(
    "PIOT_UNTAGGED_HISTORY",
    `Cannot release ${name} ${release.version} as its first release: the registry has ${registryName} ` +
      `${foreign.slice(-3).join(", ")}, and no tag tells which commit that was`,
    {
      hint: `Create the tag of the last release (${commands.join(" && ")}), ` +
        `or set first_version in putitoutthere.toml above ${version}`,
      commands,
    },
  );
}
