/** Facts for tests of the planner that need no repository. */

import { KINDS } from "../../src/registry/kinds.ts";
import fc from "./property.ts";
import { explainPackage, type Explanation } from "../../src/core/explain/explain.ts";
import type { Facts, HistoryFact, TagFact } from "../../src/core/model/facts.ts";
import { decide } from "../../src/core/plan/decide.ts";
import { makePlan } from "../../src/core/plan/make_plan.ts";
import type { NpmPackage, Package } from "../../src/core/model/package.ts";
import type { Plan } from "../../src/core/model/plan.ts";

/** A plain package below a folder of its own name. */
export function plainPackage(name: string, changes: Partial<NpmPackage> = {}): Package {
  return {
    kind: "npm",
    name,
    registryName: name,
    path: name,
    paths: [`${name}/**`],
    dependsOn: [],
    firstVersion: "0.1.0",
    githubRelease: true,
    tagFormat: "{name}-v{version}",
    access: "public",
    distTag: "latest",
    build: "none",
    targets: [],
    ...changes,
  };
}

/** Facts about packages that were never released, unless told otherwise. */
export function factsOf(packages: readonly Package[], changes: Partial<Facts> = {}): Facts {
  return {
    config: { cadence: "immediate", kinds: KINDS, packages },
    head: { id: "f".repeat(40), message: "Change\n", tips: [] },
    tags: [],
    otherTags: [],
    changes: new Map(),
    emptyGlobs: new Set(),
    since: new Map(),
    history: [],
    ...changes,
  };
}

/** One package of what these facts come to, explained. */
export function explained(facts: Facts, name: string): Explanation {
  const decisions = decide(facts);
  return explainPackage(name, { plan: makePlan(facts, decisions), facts, decisions });
}

/** The facts after everything that a plan plans was published from HEAD. */
export function published(facts: Facts, plan: Plan): Facts {
  const commit = facts.head.id;
  const tags = plan.packages.map(({ tag }) => ({ name: tag, commit, reachable: true }));
  return { ...facts, tags: [...facts.tags, ...tags] };
}

const NAMES = ["a", "b", "c", "@me/d", "e"];
const COMMITS = ["1", "2", "3"].map((digit) => digit.repeat(40));

const PACKAGES = fc.array(fc.array(fc.nat({ max: 3 }), { maxLength: 3 }), {
  minLength: 1,
  maxLength: 5,
})
  .map((rows) =>
    rows.map((below, at) =>
      plainPackage(NAMES[at]!, {
        dependsOn: [...new Set(below.filter((index) => index < at))].map((index) => NAMES[index]!),
        ...(at === 2 ? { paths: ["c/**", "shared/*.md"] } : {}),
      })
    )
  );

const TRAILER = fc.tuple(
  fc.constantFrom("patch", "minor", "major", "skip"),
  fc.option(fc.uniqueArray(fc.nat({ max: 4 }), { minLength: 1, maxLength: 3 })),
);

const FILES = fc.array(
  fc.tuple(
    fc.constantFrom(...NAMES, "shared", "elsewhere"),
    fc.constantFrom("x.rs", "y.md", "in/z"),
  )
    .map((segments) => segments.join("/")),
  { maxLength: 5 },
);

interface Draws {
  readonly packages: readonly Package[];
  readonly trailer: readonly [string, readonly number[] | null] | null;
  readonly history: readonly {
    readonly trailer: readonly [string, readonly number[] | null];
    readonly files: readonly string[];
  }[];
  readonly tags: readonly (readonly [number, number, number])[];
  readonly files: readonly (readonly string[])[];
}

function messageOf(
  trailer: readonly [string, readonly number[] | null] | null,
  packages: readonly Package[],
): string {
  if (trailer === null) return "Change";
  const [word, picks] = trailer;
  const names = [...new Set(picks?.map((pick) => packages[pick % packages.length]!.name))];
  return `Change\n\nrelease: ${word}${names.length === 0 ? "" : ` [${names.join(", ")}]`}`;
}

/** Facts of any shape that a repository could have: releases at three earlier commits, or none. */
export const FACTS: fc.Arbitrary<Facts> = fc.record({
  packages: PACKAGES,
  trailer: fc.option(TRAILER),
  history: fc.array(fc.record({ trailer: TRAILER, files: FILES }), { maxLength: 4 }),
  tags: fc.array(fc.tuple(fc.nat({ max: 4 }), fc.nat({ max: 3 }), fc.nat({ max: 12 })), {
    maxLength: 12,
  }),
  files: fc.tuple(FILES, FILES, FILES),
}).map(({ packages, trailer, history, tags, files }: Draws) => {
  const head = { id: "f".repeat(40), message: messageOf(trailer, packages), tips: [] };
  return factsOf(packages, {
    head,
    tags: uniqueTags(
      tags.filter(([owner]) => owner < packages.length).map(([owner, at, minor]) => ({
        name: `${packages[owner]!.name}-v0.${minor}.0`,
        commit: [...COMMITS, head.id][at]!,
        reachable: true,
      })),
    ),
    changes: new Map(COMMITS.map((commit, at) => [commit, [...new Set(files[at])]])),
    since: new Map(COMMITS.map((commit, at) => [commit, at + 2])),
    history: history.map((commit, at): HistoryFact => ({
      id: `${at}`.repeat(40),
      message: messageOf(commit.trailer, packages),
      tips: [],
      depth: at + 1,
      files: commit.files,
    })),
  });
});

function uniqueTags(tags: readonly TagFact[]): readonly TagFact[] {
  return [...new Map(tags.map((tag) => [tag.name, tag])).values()];
}
