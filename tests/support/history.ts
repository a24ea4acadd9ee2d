/** Histories from a short description, made by one `git fast-import`: ids depend on nothing but the description. */

import { execFile } from "node:child_process";
import { GIT_ENV } from "./git_repo.ts";
import { type TempFolder, tempFolder } from "./temp.ts";

export type Step =
  | {
    /** A commit with this message. */
    readonly commit: string;
    /** The branch that it goes on; `main` by default. */
    readonly on?: string;
    /** Where a new branch starts. */
    readonly from?: string;
    /** Whether its branch starts without any history. */
    readonly orphan?: boolean;
    /** When it was made, in minutes; one more for each step by default. */
    readonly minute?: number;
    /** Branches that it merges, beside its own. */
    readonly merge?: readonly string[];
    /** Files and their text. */
    readonly write?: Readonly<Record<string, string>>;
    /** Files and folders that it removes. */
    readonly remove?: readonly string[];
    /** Old path → new path. */
    readonly rename?: Readonly<Record<string, string>>;
    /** Files that become executable, with their text. */
    readonly executable?: Readonly<Record<string, string>>;
    /** Submodules, each at a commit whose id is this digit over and over. */
    readonly submodules?: Readonly<Record<string, string>>;
  }
  | {
    /** A tag, or several. */
    readonly tag: string | readonly string[];
    /** A branch; `main` by default. */
    readonly at?: string;
    /** `annotated` by default; `nested` is a tag of a tag, `blob` stands on a file. */
    readonly kind?: "annotated" | "light" | "nested" | "blob";
  };

/** Git without a configuration of its own. */
export function git(cwd: string, args: readonly string[], input = ""): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { cwd, env: GIT_ENV, maxBuffer: 1 << 28 };
    const child = execFile("git", args, options, (error, stdout) => {
      if (error === null) resolve(stdout);
      else reject(error);
    });
    // git may end before its input is closed; how it ended is told above.
    child.stdin!.on("error", () => {});
    child.stdin!.end(input);
  });
}

/** Commits a link in place of a file, beside every branch, and gives the commit. */
export async function commitLink(cwd: string, path: string, to: string): Promise<string> {
  const blob = (await git(cwd, ["hash-object", "-w", "--stdin"], to)).trim();
  await git(cwd, ["read-tree", "HEAD"]);
  await git(cwd, ["update-index", "--add", "--cacheinfo", `120000,${blob},${path}`]);
  const tree = (await git(cwd, ["write-tree"])).trim();
  return (await git(cwd, ["commit-tree", "-p", "HEAD", "-m", "Link", tree])).trim();
}

/** A repository with a history; the first commit holds `files` besides its own. */
export async function repositoryOf(
  steps: readonly Step[],
  options: {
    readonly files?: Readonly<Record<string, string>>;
    readonly branch?: string;
    readonly objectFormat?: string;
  } = {},
): Promise<TempFolder> {
  const { files = {}, branch = "main", objectFormat = "sha1" } = options;
  const folder = await tempFolder();
  await git(folder.path, [
    "init",
    "-q",
    `--initial-branch=${branch}`,
    `--object-format=${objectFormat}`,
  ]);
  await git(folder.path, ["fast-import", "--quiet"], stream(steps, files));
  if (steps.length > 0) await git(folder.path, ["reset", "--quiet", "--hard"]);
  return folder;
}

function stream(steps: readonly Step[], files: Readonly<Record<string, string>>): string {
  const started = new Set<string>();
  return steps.map((step, index) => {
    if ("tag" in step) return [step.tag].flat().map((name) => tagLines(name, step)).join("");
    const first = started.size === 0;
    const { on = "main", from } = step;
    const isNew = !started.has(on);
    started.add(on);
    return commitLines(step, {
      branch: on,
      seconds: 1767225600 + 60 * (step.minute ?? index),
      from: isNew && !first && step.orphan !== true ? from ?? "main" : undefined,
      write: first ? { ...files, ...step.write } : step.write ?? {},
    });
  }).join("");
}

const WHO = "Ada <ada@example.com>";

function data(text: string): string {
  return `data ${new TextEncoder().encode(text).length}\n${text}\n`;
}

function quoted(path: string): string {
  return `"${path.replace(/["\\]/g, "\\$&").replaceAll("\n", "\\n")}"`;
}

function commitLines(
  step: Extract<Step, { commit: string }>,
  commit: {
    readonly branch: string;
    readonly seconds: number;
    readonly from: string | undefined;
    readonly write: Readonly<Record<string, string>>;
  },
): string {
  const file = (mode: string) => ([path, text]: [string, string]): string =>
    `M ${mode} inline ${quoted(path)}\n${data(text)}`;
  return [
    `commit refs/heads/${commit.branch}\ncommitter ${WHO} ${commit.seconds} +0000\n${
      data(step.commit)
    }`,
    commit.from === undefined ? "" : `from refs/heads/${commit.from}\n`,
    ...(step.merge ?? []).map((branch) => `merge refs/heads/${branch}\n`),
    ...Object.entries(step.rename ?? {}).map(([old, to]) => `R ${quoted(old)} ${quoted(to)}\n`),
    ...(step.remove ?? []).map((path) => `D ${quoted(path)}\n`),
    ...Object.entries(commit.write).map(file("100644")),
    ...Object.entries(step.executable ?? {}).map(file("100755")),
    ...Object.entries(step.submodules ?? {}).map(([path, digit]) =>
      `M 160000 ${digit.repeat(40)} ${quoted(path)}\n`
    ),
    "\n",
  ].join("");
}

function tagLines(name: string, step: Extract<Step, { tag: unknown }>): string {
  const { at = "main", kind = "annotated" } = step;
  const tag = (of: string, from: string, mark = ""): string =>
    `tag ${of}\n${mark}from ${from}\ntagger ${WHO} 1767225600 +0000\n${data(of)}`;
  if (kind === "light") return `reset refs/tags/${name}\nfrom refs/heads/${at}\n\n`;
  if (kind === "blob") return `blob\nmark :1\n${data(name)}` + tag(name, ":1");
  if (kind !== "nested") return tag(name, `refs/heads/${at}`);
  return tag(`inner-${name}`, `refs/heads/${at}`, "mark :2\n") + tag(name, ":2");
}
