/**
 * Holds the files of a crate that was built elsewhere against the commit: each has to be the commit's, but for those that
 * cargo writes itself.
 *
 * @module
 */

import { join, posix } from "node:path";
import { type CrateContents, type CrateMember, WRITTEN_BY_CARGO } from "../../../artifact/crate.ts";
import type { PackagedManifest } from "../../../core/crates/packaged_manifest.ts";
import { someOf } from "../../../core/words/phrases.ts";
import type { CommitPath, CommitTree } from "../../../host/commit_tree.ts";
import { createGit } from "../../../host/git.ts";
import { lfsFiles } from "../../../host/lfs_pointers.ts";

/** A crate, and the commit that it should be of. */
export interface MembersOf {
  readonly contents: CrateContents;
  readonly manifest: PackagedManifest;
  readonly tree: CommitTree;
  /** The crate's folder in the commit: empty, or with a `/` at its end. */
  readonly base: string;
  /** The content of a member, for what has to be filtered as git would. */
  readonly read: (path: string) => Promise<Uint8Array>;
}

/** What stands against a crate: a clause that follows "it", and what to do. */
export interface Objection {
  readonly found: string;
  readonly hint: string;
}

const MOST_SHOWN = 10;
/** git is asked one by one, for files that neither line ends nor LFS explain. */
const MOST_FILTERED = 200;

/** Everything that the commit does not have as the crate has it. */
export async function judgeMembers(input: MembersOf): Promise<readonly Objection[]> {
  const foreign: string[] = [];
  const different: string[] = [];
  const pointers: string[] = [];
  const submodules = new Set<string>();
  let filtered = 0;
  for (const member of input.contents.members) {
    if (WRITTEN_BY_CARGO.includes(member.path)) continue;
    const places = await placesOf(member, input);
    const files = places.filter((place) => place.kind === "file");
    const same = files.find(({ id }) => member.ids.includes(id));
    if (same !== undefined) {
      if (member.isPointer && await isOfLfs(same)) pointers.push(member.path);
      continue;
    }
    const unknown = places.find((place) => place.kind === "unknown");
    if (files.length > 0) {
      const isSame = filtered++ < MOST_FILTERED && await isFiltered(member, { input, files });
      if (!isSame) different.push(member.path);
    } else if (unknown !== undefined) submodules.add(unknown.submodule);
    else foreign.push(member.path);
  }
  return [
    ...foreign.length === 0 ? [] : [{
      found: `holds ${
        someOf(foreign.map((path) => showForeign(path, input)), MOST_SHOWN)
      }, which the commit does not have`,
      hint:
        "Commit what belongs into the crate; keep what the build makes out of it with .gitignore, or with `exclude` in Cargo.toml",
    }],
    ...different.length === 0 ? [] : [{
      found: `has ${shown(different)} otherwise than the commit`,
      hint: "Have the build job package the commit as it is, with nothing changed but versions",
    }],
    ...pointers.length === 0 ? [] : [{
      found: `has pointers of Git LFS in place of ${shown(pointers)}`,
      hint:
        "Have the build job check out what they stand for: `lfs: true` for actions/checkout; or leave the files out with `exclude` in Cargo.toml",
    }],
    ...submodules.size === 0 ? [] : [{
      found: `holds files of the submodule ${
        shown([...submodules])
      }, which is not checked out here`,
      hint: "Check it out in the publish job too: `submodules: recursive` for actions/checkout",
    }],
  ];
}

function shown(paths: readonly string[]): string {
  return someOf(paths.map((path) => `"${path}"`), MOST_SHOWN);
}

function showForeign(path: string, { tree, base }: MembersOf): string {
  const other = tree.otherCase(base + path);
  return other === undefined
    ? `"${path}"`
    : `"${path}" (the commit has "${other.slice(base.length)}")`;
}

/** Where the commit may have a member: in the crate's folder, or above it for what cargo fetches from there. */
async function placesOf(
  { path }: CrateMember,
  { manifest, tree, base }: MembersOf,
): Promise<readonly CommitPath[]> {
  const own = await tree.find(base + path);
  const { readme, "license-file": licence } = manifest.package;
  const isFetched = !path.includes("/") && (path === readme || path === licence);
  if (own.kind !== "absent" || !isFetched) return [own];
  const places: CommitPath[] = [own];
  for (let folder = base; folder !== "";) {
    folder = `${posix.dirname(folder)}/`.replace(/^\.\/$/, "");
    places.push(await tree.find(folder + path));
  }
  return places;
}

async function isOfLfs({ git, path }: CommitPath & { readonly kind: "file" }): Promise<boolean> {
  const up = (await git.text(["rev-parse", "--show-cdup"])).trim();
  const top = createGit({ ...git, cwd: join(git.cwd, up) });
  return (await lfsFiles(top, [path])).length > 0;
}

/** Whether git would store the member as the commit has it: whatever filters its attributes name are run. */
async function isFiltered(
  { path }: CrateMember,
  { input, files }: {
    readonly input: MembersOf;
    readonly files: readonly (CommitPath & { readonly kind: "file" })[];
  },
): Promise<boolean> {
  const content = await input.read(path);
  for (const file of files) {
    const args = ["hash-object", "--stdin", `--path=${file.path}`];
    const up = (await file.git.text(["rev-parse", "--show-cdup"])).trim();
    const stored = await file.git.text(up === "" ? args : ["-C", up, ...args], { input: content });
    if (stored.trim() === file.id) return true;
  }
  return false;
}
