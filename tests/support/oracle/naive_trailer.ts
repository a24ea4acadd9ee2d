/** What a commit says, from the parts that its message was made of. */

import { type MemoryCommit, tipsOf } from "./memory_repo.ts";
import type { OracleCase } from "./random_case.ts";
import type { Part, SpokenMessage } from "./spoken_message.ts";

/** What was heard. */
export interface Heard {
  readonly trailer: { readonly word: string; readonly names?: readonly string[] } | undefined;
  /** What can only be a mistake, where HEAD says it. */
  readonly mistakes: readonly string[];
}

/** Hears a commit; a merge that says nothing itself is heard through the tips that it merged. */
export function hear({ repo, spoken }: OracleCase, commit: MemoryCommit): Heard {
  const own = read(spoken.get(commit.id)!);
  if (own.trailer !== undefined) return own;
  const tips = tipsOf(repo, commit).map(({ id }) => read(spoken.get(id)!));
  const all = [own, ...tips];
  return {
    trailer: all.reduce<Heard["trailer"]>((last, { trailer }) => trailer ?? last, undefined),
    mistakes: all.flatMap(({ mistakes }) => mistakes),
  };
}

/** The names of a trailer that no package has. */
export function nobodysNames({ trailer }: Heard, names: readonly string[]): readonly string[] {
  return (trailer?.names ?? []).filter((name) => !names.includes(name));
}

function read({ paragraphs }: SpokenMessage): Heard {
  const parts = paragraphs.flat();
  const spoken = parts.filter(({ says }) => says.is === "trailer");
  const last = spoken.at(-1);
  const end = last === undefined ? -1 : parts.indexOf(last);
  // A person's last paragraph: what hides as code or comment is not there, and others add below.
  const own = paragraphs.filter((lines) => lines.some((line) => isSeen(line) && !line.isAdded));
  const closing = own.at(-1) ?? [];
  const mistakes = parts.filter((part, at) => {
    if (part.says.is === "unknown word") return closing.includes(part);
    return part.says.is === "no list" && at > end;
  });
  const trailer = last?.says.is === "trailer" ? last.says : undefined;
  return { trailer, mistakes: mistakes.map(({ text }) => text) };
}

function isSeen({ text }: Part): boolean {
  return !/^(```|~~~|<!--)/.test(text);
}
