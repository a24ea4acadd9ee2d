/**
 * How a package came by its version, in words: what its group, a request or trailers asked for.
 *
 * @module
 */

import type { CountedTrailer } from "../plan/bump.ts";
import { quote } from "../words/phrases.ts";
import type { Bump } from "../model/plan.ts";
import type { ExplainedLockstep } from "./explain_lockstep.ts";

/** What a version came from; see `Explanation`. */
interface VersionStory {
  readonly planned: { readonly bump: Bump | null } | null;
  readonly asked: Bump | null;
  readonly trailers: readonly CountedTrailer[];
  readonly lockstep: ExplainedLockstep | null;
}

const COUNTS: Readonly<Record<CountedTrailer["because"], string>> = {
  head: "HEAD's, for every package that ships",
  named: "names it",
  touched: "its commit touches the package or one that it depends on",
};

/** The lines about its version; none for a package that does not ship. */
export function trailerLines(
  { planned, asked, trailers, lockstep }: VersionStory,
): readonly string[] {
  if (planned === null) return [];
  const { from } = lockstep ?? {};
  const group = from === undefined || from === null
    ? []
    : [`  lockstep ${quote(lockstep!.word)}: from ${from.version} of ${from.name}`];
  return [...group, ...versionLines({ planned, asked, trailers, lockstep })];
}

function versionLines(
  { planned, asked, trailers, lockstep }: VersionStory & {
    readonly planned: NonNullable<VersionStory["planned"]>;
  },
): readonly string[] {
  if (planned.bump === null) return ["  version: given, so no trailer counts"];
  if (asked !== null) return [`  version: ${planned.bump}, as --release asks`];
  if (lockstep !== null && lockstep.others.length > 0) {
    return [`  version: ${planned.bump}, the largest of what its group asks for`];
  }
  if (trailers.length === 0) return [`  version: ${planned.bump}, and no trailer asks for more`];
  return [
    `  version: ${planned.bump}, the largest of what these trailers ask for`,
    ...trailers.map(({ commit, line, because }) =>
      `    ${commit.slice(0, 12)} ${quote(line)}: ${COUNTS[because]}`
    ),
  ];
}
