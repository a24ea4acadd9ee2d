/**
 * Holds what cargo wrote into a crate that was built elsewhere against the commit: which one it says that it is of, and the
 * manifest that it was packaged by.
 *
 * @module
 */

import type { CrateContents } from "../../../artifact/crate.ts";
import { isVersionEdit } from "../../../core/manifest/version_edit.ts";
import { readToml } from "../../../core/config/toml_document.ts";
import { manifestDifferences } from "../../../core/packaging/manifest_differences.ts";
import { isOfCratesIo, readLockedCrates } from "../../../core/manifest/locked_crates.ts";
import { pathRequirements } from "../../../core/manifest/cargo_sites.ts";
import { parseCargoToml } from "../../../core/manifest/cargo_toml.ts";
import { isFollowing } from "../../../core/model/follow_requirement.ts";
import { someOf } from "../../../core/words/phrases.ts";
import type { CommitTree } from "../../../host/commit_tree.ts";
import { readCommitted } from "../../../host/work_tree.ts";
import { type ReadManifest, workspaceRootOf } from "./commit_manifests.ts";
import type { Objection } from "./judge_members.ts";

/** A crate, and where it should be of. */
export interface OriginOf {
  readonly contents: CrateContents;
  readonly tree: CommitTree;
  readonly commit: string;
  /** The crate's folder in the commit: empty, or with a `/` at its end. */
  readonly base: string;
}

const AGAIN = "Package the crate in a checkout of this commit, with its history (`.git`) there";

/** What of its record of origin is not this commit's. That it says `dirty` means nothing: versions were written. */
export function judgeRecord({ contents, commit, base }: OriginOf): readonly Objection[] {
  const text = contents.written.get(".cargo_vcs_info.json");
  if (text === undefined) {
    return [{ found: "names no commit: it has no .cargo_vcs_info.json", hint: AGAIN }];
  }
  const { sha1, path } = readRecord(text);
  if (sha1 !== commit) {
    const found = sha1 === undefined
      ? "names no commit in its .cargo_vcs_info.json"
      : `was packaged at commit ${sha1}, and ${commit} is released`;
    return [{ found, hint: AGAIN }];
  }
  const folder = base.replace(/\/$/, "");
  return path === folder ? [] : [{
    found: `was packaged from "${path}", and the package lies in "${folder}"`,
    hint: "Set `path` in putitoutthere.toml to the folder that the crate is packaged from",
  }];
}

function readRecord(text: string): { sha1: string | undefined; path: string } {
  try {
    const { git, path_in_vcs: path } = JSON.parse(text) as {
      git?: { sha1?: unknown };
      path_in_vcs?: unknown;
    };
    return {
      sha1: typeof git?.sha1 === "string" ? git.sha1 : undefined,
      path: typeof path === "string" ? path : "",
    };
  } catch {
    return { sha1: undefined, path: "" };
  }
}

/** Whether its Cargo.toml, as the author wrote it, is the commit's but for versions. */
export async function judgeManifest(
  { contents, tree, base }: Omit<OriginOf, "commit">,
): Promise<readonly Objection[]> {
  const now = contents.written.get("Cargo.toml.orig");
  const place = await tree.find(`${base}Cargo.toml`);
  if (now === undefined || place.kind !== "file") {
    return [{
      found: now === undefined ? "has no Cargo.toml.orig" : "has a Cargo.toml that no commit has",
      hint: AGAIN,
    }];
  }
  const [committed = ""] = await readCommitted(place.git, [place]);
  const [left = "", right = ""] = [committed, now].map((text) => text.replaceAll("\r\n", "\n"));
  if (!isVersionEdit("Cargo.toml", { committed: left, now: right })) {
    return [{
      found: "was packaged by a Cargo.toml that differs from the commit's by more than versions",
      hint: "Have the build job change nothing in Cargo.toml but versions, as `set-version` does",
    }];
  }
  return judgeRequirements(left, right);
}

/** Two manifests that differ by versions alone have the same requirements on crates beside them, in the same order. */
function judgeRequirements(committed: string, now: string): readonly Objection[] {
  const [before, after] = [committed, now].map((text) =>
    pathRequirements(parseCargoToml(text, "Cargo.toml"))
  );
  return after!.flatMap(({ path, requirement }, at) => {
    const was = before![at]?.requirement ?? "";
    return isFollowing(was, requirement) ? [] : [{
      found: `requires "${requirement}" of the crate in "${path}", and the commit "${was}"`,
      hint:
        "Have the build job write requirements as `set-version` does, which keeps their operators",
    }];
  });
}

/** Whether its Cargo.toml is the one that cargo makes of that, with what its workspace hands down in the commit. */
export async function judgePackaged(
  { contents, base, readManifest }: Pick<OriginOf, "contents" | "base"> & {
    readonly readManifest: ReadManifest;
  },
): Promise<readonly Objection[]> {
  const [own, packaged] = ["Cargo.toml.orig", "Cargo.toml"].map((file) =>
    readToml(contents.written.get(file) ?? "", file)
  );
  const folder = base.replace(/\/$/, "");
  const root = await workspaceRootOf(readManifest, { own: own!, folder });
  const files = new Set(contents.members.map(({ path }) => path));
  const pair = { own: own!, packaged: packaged!, root, files, folder };
  const differences = manifestDifferences(pair);
  return differences.length === 0 ? [] : [{
    found: `has a Cargo.toml that cargo does not make of the commit's: ${
      someOf(differences, MOST_SHOWN)
    }`,
    hint:
      "Package the crate again with `cargo package` in a checkout of this commit, and deliver what it makes",
  }];
}

const MOST_SHOWN = 5;

/** Whether all that its Cargo.lock names comes from crates.io, but for itself. */
export function judgeLock(
  { contents }: Pick<OriginOf, "contents">,
  own: string,
): readonly Objection[] {
  const text = contents.written.get("Cargo.lock");
  if (text === undefined) return [];
  const hint =
    "Package the crate again with `cargo package`, and deliver what it makes with nothing changed";
  const crates = readLockedCrates(text);
  if (crates === undefined) return [{ found: "has a Cargo.lock that cargo does not write", hint }];
  const foreign = crates.filter((crate) =>
    !isOfCratesIo(crate) && !(crate.name === own && crate.source === undefined)
  );
  return foreign.length === 0 ? [] : [{
    found: `has a Cargo.lock with crates that are not from crates.io: ${
      someOf(
        foreign.map(({ name, version, source }) => `${name} ${version} (${source ?? "no source"})`),
        MOST_SHOWN,
      )
    }`,
    hint,
  }];
}
