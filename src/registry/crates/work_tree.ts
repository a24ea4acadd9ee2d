/**
 * What of the work tree goes into packages: the commit's files and no others. cargo's own guard has to be switched off,
 * since it would trip on the versions that are written; this one stands in its place and is narrower where it can be,
 * wider where it must be:
 *
 * - a tracked file that changed is refused wherever it lies, manifests that this program writes excepted;
 * - an untracked file is refused when cargo would put it into the package, and is nobody's business otherwise;
 * - folders of the run itself, such as the one with downloaded artifacts, are hidden from cargo.
 *
 * @module
 */

import { relative, resolve } from "node:path";
import { blankManaged } from "../../core/manifest/cargo_sites.ts";
import { parseCargoToml } from "../../core/manifest/cargo_toml.ts";
import { someOf } from "../../core/words/phrases.ts";
import { Failure } from "../../error.ts";
import { readTextIfThere } from "../../host/files.ts";
import type { Git } from "../../host/git.ts";
import { borrowFiles, type GiveBack } from "../../host/loans/loans.ts";
import type { Whereabouts } from "../../host/loans/places.ts";

/** A crate, as the guard sees it. */
export interface GuardedCrate {
  /** Its folder, absolute. */
  readonly folder: string;
  /** Asks cargo which files it would package, relative to the folder. */
  readonly listFiles: () => Promise<readonly string[]>;
}

/** What the guard looks at. */
export interface CleanTreeInput {
  /** git in the repository's root. */
  readonly git: Git;
  readonly crates: readonly GuardedCrate[];
  /** Absolute paths of the Cargo.toml files that are written. */
  readonly manifests: readonly string[];
  /** Absolute paths of the Cargo.lock files that are written. cargo brings them up to date by itself, so any change is fine. */
  readonly locks: readonly string[];
}

/** Manifests of other kinds, into which a build may have written its version. */
const OTHER_MANIFESTS = new Set(["package.json", "pyproject.toml"]);

/** Throws `PIOT_DIRTY_TREE` with every file that stands against packaging. */
export async function requireCleanTree(input: CleanTreeInput): Promise<void> {
  const top = await topOf(input.git);
  const { changed, untracked } = await readStatus(input.git);
  const offending: string[] = [];
  for (const path of changed) {
    if (!await isManaged(input, { path, file: resolve(top, path) })) offending.push(path);
  }
  const absolute = untracked.map((path) => resolve(top, path) + (path.endsWith("/") ? "/" : ""));
  for (const file of await packagedAmong(input, absolute)) {
    offending.push(relative(top, file).replaceAll("\\", "/"));
  }
  if (offending.length === 0) return;
  throw dirtyFailure([...new Set(offending)].sort());
}

async function topOf(git: Git): Promise<string> {
  return resolve(git.cwd, (await git.text(["rev-parse", "--show-cdup"])).trim());
}

function dirtyFailure(files: readonly string[]): Failure {
  return new Failure(
    "PIOT_DIRTY_TREE",
    `Cannot package crates: the work tree differs from the commit in ${quoteSome(files)}`,
    {
      hint:
        "Commit or restore changed files; keep files of the build out of the package with .gitignore, or with `exclude` in Cargo.toml",
    },
  );
}

const MOST_SHOWN = 20;

function quoteSome(files: readonly string[]): string {
  return someOf(files.map((file) => `"${file}"`), MOST_SHOWN);
}

/**
 * Throws `PIOT_DIRTY_TREE` when the work tree is not what it was: a verification build runs code of packages, and what
 * it leaves behind would go out with the crates. `before` is what {@link describeTree} gave.
 */
export async function requireSameTree(
  { git, before }: { readonly git: Git; readonly before: readonly string[] },
): Promise<void> {
  const after = await describeTree(git);
  const fresh = after.filter((record) => !before.includes(record)).map((record) => record.slice(3));
  if (fresh.length === 0) return;
  throw new Failure(
    "PIOT_DIRTY_TREE",
    `Cannot publish crates: their verification build wrote into the work tree: ${quoteSome(fresh)}`,
    { hint: "Make the build script write below OUT_DIR, or have .gitignore name what it writes" },
  );
}

/** What git says of the work tree, one record for each path. */
export async function describeTree(git: Git): Promise<readonly string[]> {
  const args = ["status", "--porcelain=v1", "-z", "--untracked-files=normal", "--no-renames"];
  return (await git.text(args)).split("\0").filter((record) => record !== "");
}

interface Status {
  readonly changed: readonly string[];
  /** A folder of nothing but untracked files ends in `/`. */
  readonly untracked: readonly string[];
}

/** Paths are relative to the top of the work tree, whatever folder git runs in. */
async function readStatus(git: Git): Promise<Status> {
  const paths = (await describeTree(git)).map((record) => ({
    code: record.slice(0, 2),
    path: record.slice(3),
  }));
  return {
    changed: paths.filter(({ code }) => code !== "??" && code !== "!!").map(({ path }) => path),
    untracked: paths.filter(({ code }) => code === "??").map(({ path }) => path),
  };
}

/** Whether a change of a tracked file is one that this program itself may have made, in this run or in a killed one. */
async function isManaged(
  { git, manifests, locks }: CleanTreeInput,
  { path, file }: { path: string; file: string },
): Promise<boolean> {
  const forward = file.replaceAll("\\", "/");
  if (locks.includes(forward) || OTHER_MANIFESTS.has(path.split("/").at(-1)!)) return true;
  if (!manifests.includes(forward)) return false;
  const now = await readTextIfThere(file);
  // --filters: the text as git would check it out, line ends included.
  const { code, stdout } = await git.run(["cat-file", "--filters", `HEAD:${path}`], {
    accept: [0, 128],
  });
  if (now === undefined || code !== 0) return false;
  const committed = new TextDecoder("utf-8", { ignoreBOM: true }).decode(stdout);
  return blank(committed, path) === blank(now, path);
}

function blank(text: string, path: string): string {
  return blankManaged(parseCargoToml(text, path));
}

/** The files that cargo would package among untracked files and folders. cargo is asked only where it can matter. */
async function packagedAmong(
  { crates }: CleanTreeInput,
  untracked: readonly string[],
): Promise<string[]> {
  const offending: string[] = [];
  for (const { folder, listFiles } of crates) {
    const inside = `${folder.replaceAll("\\", "/")}/`;
    const near = untracked.map((path) => path.replaceAll("\\", "/")).filter((path) =>
      path.startsWith(inside) || (path.endsWith("/") && inside.startsWith(path))
    );
    if (near.length === 0) continue;
    const packaged = (await listFiles()).map((file) => inside + file.replaceAll("\\", "/"));
    offending.push(
      ...packaged.filter((file) =>
        near.some((path) => file === path || (path.endsWith("/") && file.startsWith(path)))
      ),
    );
  }
  return offending;
}

/**
 * Makes git ignore folders, absolute paths, until they are given back; those outside the work tree need nothing. They stand
 * for a while in git's `info/exclude`, the list of ignored paths that is of one clone and never committed. cargo goes by
 * it, and a crate at the repository's root would otherwise carry every artifact along.
 */
export async function excludeFolders(
  { git, where }: { readonly git: Git; readonly where: Whereabouts },
  folders: readonly string[],
): Promise<GiveBack | undefined> {
  const top = await topOf(git);
  const rules = folders.map((folder) => relative(top, folder).replaceAll("\\", "/"))
    .filter((path) => path !== "" && path !== ".." && !path.startsWith("../"))
    .map((path) => `/${path.replace(/[\\*?[\]!# ]/g, "\\$&")}/\n`);
  if (rules.length === 0) return undefined;
  const named = await git.text(["rev-parse", "--git-path", "info/exclude"]);
  const path = resolve(git.cwd, named.trim());
  const before = await readTextIfThere(path) ?? "";
  const added = `${before === "" || before.endsWith("\n") ? "" : "\n"}${rules.join("")}`;
  return await borrowFiles(where, [{ path, text: before + added, added }]);
}
