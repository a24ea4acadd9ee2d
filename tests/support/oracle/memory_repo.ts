/** A git history in memory: commits with whole trees, and tags. It knows nothing of releases. */

/** A commit. */
export interface MemoryCommit {
  /** 40 digits, which tell nothing. */
  readonly id: string;
  /** The ids of its parents, the first one first. */
  readonly parents: readonly string[];
  readonly message: string;
  /** Path → text. */
  readonly tree: ReadonlyMap<string, string>;
}

/** A history, and where HEAD is in it. */
export interface MemoryRepo {
  /** In the order in which they were made: parents before children. */
  readonly commits: ReadonlyMap<string, MemoryCommit>;
  /** Tag → commit; null for a tag that stands on a file. */
  readonly tags: ReadonlyMap<string, string | null>;
  readonly head: string;
}

/** A commit and everything that it descends from. */
export function pastOf({ commits }: MemoryRepo, id: string): ReadonlySet<string> {
  const { parents } = commits.get(id)!;
  return new Set([
    id,
    ...parents.flatMap((parent) => [...pastOf({ commits } as MemoryRepo, parent)]),
  ]);
}

/** The first parents of HEAD, HEAD first. */
export function firstParents({ commits, head }: MemoryRepo): readonly MemoryCommit[] {
  const line: MemoryCommit[] = [];
  for (let id: string | undefined = head; id !== undefined; id = commits.get(id)!.parents[0]) {
    line.push(commits.get(id)!);
  }
  return line;
}

/** The paths that two trees do not have alike. */
export function differing(
  one: ReadonlyMap<string, string>,
  other: ReadonlyMap<string, string>,
): readonly string[] {
  const paths = new Set([...one.keys(), ...other.keys()]);
  return [...paths].filter((path) => one.get(path) !== other.get(path));
}

/** What a commit changed against its first parent; a first commit changed all that it holds. */
export function changedBy({ commits }: MemoryRepo, commit: MemoryCommit): readonly string[] {
  const [parent] = commit.parents;
  return differing(parent === undefined ? new Map() : commits.get(parent)!.tree, commit.tree);
}

/** The tips that a merge brought in: its parents after the first. */
export function tipsOf({ commits }: MemoryRepo, commit: MemoryCommit): readonly MemoryCommit[] {
  return commit.parents.slice(1).map((parent) => commits.get(parent)!);
}

/** The history as `git fast-import` reads it; branches are named `m0`, `m1`, … so that every commit has a ref. */
export function importStream({ commits, tags, head }: MemoryRepo): string {
  const data = (text: string): string => `data ${new TextEncoder().encode(text).length}\n${text}\n`;
  const marks = new Map([...commits.keys()].map((id, at) => [id, at + 1]));
  const lines: string[] = [];
  for (const [at, commit] of [...commits.values()].entries()) {
    const [first, ...others] = commit.parents.map((parent) => `:${marks.get(parent)}`);
    lines.push(
      `commit refs/heads/m${at}\nmark :${at + 1}\n`,
      `committer Ada <ada@example.com> ${1_767_225_600 + 60 * at} +0000\n`,
      data(commit.message),
      first === undefined ? "" : `from ${first}\n`,
      ...others.map((other) => `merge ${other}\n`),
      "deleteall\n",
      ...[...commit.tree].map(([path, text]) => `M 100644 inline "${path}"\n${data(text)}`),
      "\n",
    );
  }
  for (const [name, target] of tags) {
    const at = commits.size + 1;
    if (target === null) lines.push(`blob\nmark :${at}\n${data(name)}`);
    const from = target === null ? at : marks.get(target);
    lines.push(
      `tag ${name}\nfrom :${from}\ntagger Ada <ada@example.com> 1767225600 +0000\n${data(name)}`,
    );
  }
  lines.push(`reset refs/heads/main\nfrom :${marks.get(head)}\n\n`);
  return lines.join("");
}
