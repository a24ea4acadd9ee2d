/**
 * Holds ready crates against the crates that ship beside them: each was packaged with stand-ins for its siblings, which have
 * to be what is published.
 *
 * @module
 */

import { basename } from "node:path";
import { readCrate } from "../../../artifact/crate.ts";
import { readLockedCrates } from "../../../core/manifest/locked_crates.ts";
import { satisfiesRequirement } from "../../../core/manifest/cargo_sites.ts";
import { someOf } from "../../../core/words/phrases.ts";
import { Failure } from "../../../error.ts";
import { hashFile } from "../../../host/hash_file.ts";
import { crateFileName, type CrateSibling } from "../crates_work.ts";
import type { ReadCrate } from "./read_ready_crate.ts";

/** A crate that ships in this run, or stands released, as those that depend on it see it. */
export interface SiblingCrate extends CrateSibling {
  /** sha256 of the file that is published; undefined for one that does not ship now. */
  readonly sha256: string | undefined;
  /** Where that file is. */
  readonly path: string | undefined;
}

/** A ready crate, and the other crates that lay in its artifact. */
export interface Neighbours {
  readonly crate: ReadCrate;
  readonly others: readonly string[];
}

const TOGETHER =
  "Write all versions with `set-version --plan`, then package crates that need one another by one `cargo package -p A -p B`, and deliver them all from there";

/** What the siblings of a crate contradict in it, each as a `PIOT_ARTIFACT_INVALID`. */
export async function judgeSiblings(
  neighbours: Neighbours,
  siblings: readonly SiblingCrate[],
): Promise<readonly Failure[]> {
  const { manifest, path, lock } = neighbours.crate;
  const failures: Failure[] = [];
  const refuse = (found: string, hint = TOGETHER): void => {
    const message = `Cannot use "${basename(path)}": ${found}`;
    failures.push(new Failure("PIOT_ARTIFACT_INVALID", message, { hint }));
  };
  const locked = lock === undefined ? undefined : readLockedCrates(lock);
  for (const sibling of siblings) {
    const own = manifest.dependencies.filter(({ name }) => name === sibling.name);
    const fitting = own.filter(({ requirement }) =>
      satisfiesRequirement(requirement, sibling.version)
    );
    const what = `${sibling.name} ${sibling.version}`;
    // A second dependency by another name may well be on an old version.
    if (own.length > 0 && fitting.length === 0) {
      refuse(`it depends on ${sibling.name} "${own[0]!.requirement}", which ${what} is not`);
    } else if (own.length > 0 && sibling.sha256 !== undefined && locked !== undefined) {
      const entries = locked.filter(({ name }) => name === sibling.name);
      const entry = entries.find(({ version }) => version === sibling.version);
      if (entry === undefined) {
        const found = entries.map(({ version }) => version).join(" and ") || "none";
        refuse(`its Cargo.lock has ${sibling.name} ${found}, and ${what} ships beside it`);
      } else if (entry.checksum !== sibling.sha256) {
        refuse(
          `its Cargo.lock has ${what} with the checksum ${entry.checksum ?? "of a folder"}, ` +
            `and the one that ships has ${sibling.sha256}${await tellDifference(neighbours, {
              sibling,
              checksum: entry.checksum,
            })}`,
        );
      }
    }
  }
  return failures;
}

/** Why two files of one crate differ, where the other one was delivered too. */
async function tellDifference(
  { others }: Neighbours,
  { sibling, checksum }: {
    readonly sibling: SiblingCrate;
    readonly checksum: string | undefined;
  },
): Promise<string> {
  const name = crateFileName(sibling);
  for (const path of others.filter((other) => basename(other) === name)) {
    if ((await hashFile(path, ["sha256"])).sha256 !== checksum || sibling.path === undefined) {
      continue;
    }
    const [theirs, ours] = [await idsByMember(path, name), await idsByMember(sibling.path, name)];
    const differing = [...new Set([...theirs.keys(), ...ours.keys()])].filter((member) =>
      theirs.get(member) !== ours.get(member)
    );
    return differing.length === 0
      ? ": they hold the same files, which cargo of two toolchains packed differently"
      : `: they differ in ${someOf(differing.map((member) => `"${member}"`), 5)}`;
  }
  return "";
}

async function idsByMember(path: string, name: string): Promise<ReadonlyMap<string, string>> {
  const folder = name.replace(/\.crate$/, "");
  const { members } = await readCrate(path, { folder, format: "sha256" });
  return new Map(members.map((member) => [member.path, member.ids[0]!]));
}
