/**
 * The repository around a folder: the commit that a question is about, through one `git rev-parse` and two of git's own
 * files, and every tag, through one `git for-each-ref`.
 *
 * @module
 */

import { join, resolve } from "node:path";
import { Failure } from "../../error.ts";
import { readTextIfThere } from "../files.ts";
import { type Git, gitFailure } from "../git.ts";

/** What is known of a repository. */
export interface Repository {
  /** The folder that was asked about, below the top of the work tree: empty, or a path that ends with `/`. */
  readonly prefix: string;
  /** The commit's full object id. */
  readonly head: string;
  /** Commits whose parents a shallow clone lacks; empty for a whole one. */
  readonly boundary: ReadonlySet<string>;
  /** Whether git would have to fetch every folder that is looked into, one by one. */
  readonly isTreeless: boolean;
}

/**
 * Looks at the repository around git's folder, at HEAD or at another commit.
 *
 * Throws `PIOT_NOT_A_REPOSITORY`, `PIOT_NO_COMMIT`, `PIOT_COMMIT_UNKNOWN` for `at`, and `PIOT_GIT` for anything else that
 * git refuses, such as a folder of another owner.
 */
export async function readRepository(git: Git, at?: string): Promise<Repository> {
  const args = [
    ...["rev-parse", "--is-inside-work-tree", "--show-prefix", "--git-common-dir"],
    ...["--verify", "--end-of-options", `${at ?? "HEAD"}^{commit}`],
  ];
  const result = await git.run(args, { accept: [0, 128] });
  const text = new TextDecoder().decode(result.stdout);
  if (text.startsWith("false")) throw notARepository(git);
  if (result.code !== 0) throw refusal(git, { args, stderr: result.stderr, at });
  // A folder's name may hold line breaks; what stands around it cannot.
  const lines = text.trimEnd().split("\n");
  const [common = "", head = ""] = lines.slice(-2);
  const prefix = lines.slice(1, -2).join("\n");
  const folder = resolve(git.cwd, common);
  // Depth is counted in this file: the commits at which history was cut, one a line (gitformat, shallow).
  const shallow = await readTextIfThere(join(folder, "shallow"));
  return {
    prefix,
    head,
    boundary: new Set(shallow?.split("\n").filter((line) => line !== "") ?? []),
    isTreeless: await isTreeless(folder),
  };
}

function notARepository(git: Git): Failure {
  const message = `Cannot plan in ${git.cwd}: it is not in a git work tree`;
  return new Failure("PIOT_NOT_A_REPOSITORY", message, {
    hint: "Run it in a clone of the repository",
  });
}

function refusal(
  git: Git,
  { args, stderr, at }: {
    readonly args: readonly string[];
    readonly stderr: string;
    readonly at: string | undefined;
  },
): Failure {
  if (stderr.includes("not a git repository")) return notARepository(git);
  if (!/Needed a single revision/.test(stderr)) {
    return gitFailure(args, { code: 128, stderr });
  }
  return at === undefined
    ? new Failure("PIOT_NO_COMMIT", `Cannot plan in ${git.cwd}: the repository has no commit yet`, {
      hint: "Commit first",
    })
    : new Failure(
      "PIOT_COMMIT_UNKNOWN",
      `Cannot plan at ${JSON.stringify(at)}: it is no commit here`,
      {
        hint: "Name a branch, a tag or a commit that this clone has; fetch it first if need be",
      },
    );
}

async function isTreeless(folder: string): Promise<boolean> {
  const text = await readTextIfThere(join(folder, "config")) ?? "";
  const filters = text.matchAll(/^[ \t]*partialclonefilter[ \t]*=(.*)$/gim);
  return [...filters].some(([, filter = ""]) => LEAVES_TREES_OUT.test(filter));
}

/** Filters of git-rev-list(1) that leave folders out, alone or as a part of `combine:…+…`. */
const LEAVES_TREES_OUT = /(?:^|[\s":+])(?:tree:|object:type=(?!tree))/;

/**
 * Throws `PIOT_TREELESS_CLONE` for a clone without folders: fetching them one by one takes minutes where a clone that
 * left only the blobs out takes a moment.
 */
export function requireFolders({ isTreeless }: Pick<Repository, "isTreeless">): void {
  if (!isTreeless) return;
  throw new Failure(
    "PIOT_TREELESS_CLONE",
    "Cannot plan in this clone: it was made without folders (a filter such as tree:0)",
    { hint: "Clone with `filter: blob:none` instead" },
  );
}

/** A tag that may stand on a commit. */
export interface ListedTag {
  /** Below `refs/tags/`. */
  readonly name: string;
  /** The commit's full object id, or that of a tag object which stands on another tag object. */
  readonly target: string;
  /** Whether `target` is a tag object yet, to be followed further. */
  readonly isNested: boolean;
}

/** `commit <id> <name>`: what a tag stands on, peeled once. Names of tags hold no blanks (git-check-ref-format). */
const FORMAT = "%(if)%(*objectname)%(then)%(*objecttype) %(*objectname)" +
  "%(else)%(objecttype) %(objectname)%(end) %(refname:lstrip=2)";

/** Every tag of a repository. */
export interface ListedTags {
  readonly tags: readonly ListedTag[];
  /** The names of those that stand on a file or a folder. */
  readonly others: readonly string[];
}

/** Lists the tags. */
export async function listTags(git: Git): Promise<ListedTags> {
  const text = await git.text(["for-each-ref", `--format=${FORMAT}`, "refs/tags"]);
  const tags: ListedTag[] = [];
  const others: string[] = [];
  for (const line of text.split("\n")) {
    if (line === "") continue;
    const isNested = line.startsWith("tag ");
    const start = line.indexOf(" ") + 1;
    const end = line.indexOf(" ", start);
    const name = line.slice(end + 1);
    if (!isNested && !line.startsWith("commit ")) others.push(name);
    else tags.push({ name, target: line.slice(start, end), isNested });
  }
  return { tags, others };
}
