/**
 * A release of a crate that was there before a rehearsal begins: a crate that exists can trust a job, one that does not
 * cannot. What was in it is not known.
 *
 * @module
 */

import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import { packTar, type TarEntry } from "modern-tar";
import { type CratesState, holdVersion } from "./crates_state.ts";

/** What was released. */
export interface EarlierCrate {
  readonly name: string;
  readonly version: string;
  /** The user that the crate belongs to. */
  readonly owner: string;
  readonly now: Date;
  /** `owner/name` of the repository whose job released it, as a trusted publisher; its owner did when left out. */
  readonly repository?: string;
}

/** Puts a version into the registry that can be seen there, and not built; and the crate when it is the first. */
export async function holdEarlierCrate(
  state: CratesState,
  { name, version, owner, now, repository }: EarlierCrate,
): Promise<void> {
  const manifest =
    `[package]\nname = "${name}"\nversion = "${version}"\nedition = "2021"\n\n[lib]\npath = "lib.rs"\n`;
  const tarball = gzipSync(
    await packTar([
      file(`${name}-${version}/Cargo.toml`, manifest),
      file(`${name}-${version}/lib.rs`, ""),
    ]),
  );
  const cksum = createHash("sha256").update(tarball).digest("hex");
  holdVersion(state, {
    name,
    owner,
    version: {
      version,
      cksum,
      tarball,
      line: { name, vers: version, deps: [], cksum, features: {}, yanked: false },
      yanked: false,
      createdAt: now,
      isMadeUp: true,
      publishedBy: repository === undefined ? owner : undefined,
      // Released as this job releases: the least that it leaves behind is that it was trusted.
      trustpubData: repository === undefined
        ? null
        : { provider: "github", repository, run_id: "1", sha: "0".repeat(40) },
    },
  });
}

/** The same bytes in every rehearsal. */
function file(name: string, body: string): TarEntry {
  const mtime = new Date(0);
  return { header: { name, size: body.length, type: "file" as const, mtime }, body };
}
