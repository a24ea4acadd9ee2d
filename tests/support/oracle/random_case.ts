/** Random repositories with a configuration, and what is asked of their planner. */

import { plainPackage } from "../plan_facts.ts";
import type { Package } from "../../../src/core/model/package.ts";
import type { ReleaseRequest } from "../../../src/core/model/facts.ts";
import type { MemoryCommit, MemoryRepo } from "./memory_repo.ts";
import { type Draw, drawFrom } from "./random.ts";
import { drawMessage, type SpokenMessage } from "./spoken_message.ts";

/** One case. */
export interface OracleCase {
  readonly packages: readonly Package[];
  readonly repo: MemoryRepo;
  /** By commit, what its message says. */
  readonly spoken: ReadonlyMap<string, SpokenMessage>;
  /** Undefined when nothing is asked for by name. */
  readonly requests: readonly ReleaseRequest[] | undefined;
}

const NAMES = ["a", "b", "@me/c", "d", "e"];
const FORMATS = [
  "{name}-v{version}",
  "{name}@{version}",
  "{name}/v{version}",
  "of-{name}-{version}",
];
const GLOBS = [
  ...["shared/**", "**/*.rs", "docs/{x,y}.md", "docs/*", "*", "gone/*.md", "a/in/**", "a/*"],
  ...["b/*/*", "d/in/*", "shared/*"],
];
/** Words that packages are in lockstep by. */
const WORDS = ["core", "core", "more"];
const PATHS = [
  ...NAMES.flatMap((name) => [`${name}/one.rs`, `${name}/two words.md`, `${name}/in/.three`]),
  "shared/all.txt",
  "shared/ünder/all.rs",
  "docs/x.md",
  "docs/z.md",
  "README",
];

function drawPackages(draw: Draw): readonly Package[] {
  const names = NAMES.slice(0, 1 + draw.below(NAMES.length));
  const share = draw.chance(0.4) ? 0.6 : 0;
  const packages = names.map((name, at) =>
    plainPackage(name, {
      // What lies deeper is no file of `name/*`.
      paths: [draw.chance(0.85) ? `${name}/**` : `${name}/*`, ...draw.some(GLOBS, 0.12)],
      ...(draw.chance(share) ? { lockstep: draw.pick(WORDS) } : {}),
      dependsOn: draw.some(names.slice(0, at), 0.4),
      tagFormat: draw.pick(FORMATS),
      firstVersion: draw.pick(["0.1.0", "0.1.0", "1.0.0", "1.0.0-rc.1"]),
    })
  );
  return draw.shuffled(packages);
}

/** A tree after some files were written, removed, moved, or put back to what they once were. */
function drawTree(
  draw: Draw,
  before: ReadonlyMap<string, string>,
  past: readonly MemoryCommit[],
): ReadonlyMap<string, string> {
  const tree = new Map(before);
  for (let left = draw.below(4); left > 0; left--) {
    const path = draw.pick(PATHS);
    const [old] = draw.shuffled([...tree.keys()]);
    const act = draw.below(10);
    if (act < 5 || old === undefined) tree.set(path, `${draw.below(5)}\n`);
    else if (act === 5) tree.delete(old);
    else if (act === 6) {
      tree.set(path, tree.get(old)!);
      if (path !== old) tree.delete(old);
    } else {
      // A change is taken back.
      const then = past.length === 0 ? undefined : draw.pick(past).tree.get(old);
      if (then === undefined) tree.delete(old);
      else tree.set(old, then);
    }
  }
  // Git holds no empty tree here, so that every commit has a folder to compare.
  if (tree.size === 0) tree.set("README", "0\n");
  return tree;
}

/** What is left when a run of HEAD stopped half way: some were released before, and some of them here. */
function tagHalf(
  { draw, commits, tips }: Growing,
  packages: readonly Package[],
): ReadonlyMap<string, string | null> {
  const head = tips.get("main")!;
  const before = commits.get(head)!.parents[0]!;
  return new Map(packages.flatMap((pkg): [string, string][] => {
    const here: [string, string][] = draw.chance(0.4) ? [[spell(pkg, "0.2.0"), head]] : [];
    return draw.chance(0.9) ? [[spell(pkg, "0.1.0"), before], ...here] : here;
  }));
}

function spell(pkg: Package, version: string): string {
  return pkg.tagFormat.replace("{name}", pkg.name).replace("{version}", version);
}

interface Growing {
  readonly draw: Draw;
  readonly commits: Map<string, MemoryCommit>;
  readonly spoken: Map<string, SpokenMessage>;
  /** Branch → the tip. */
  readonly tips: Map<string, string>;
}

function addCommit(
  { draw, commits, spoken }: Growing,
  { parents, message }: { readonly parents: readonly string[]; readonly message: SpokenMessage },
): string {
  const id = `${commits.size + 1}`.padStart(40, "0");
  const [first, ...others] = parents;
  const before = new Map(first === undefined ? [["README", "0\n"]] : commits.get(first)!.tree);
  for (const other of others) {
    for (const [path, text] of commits.get(other)!.tree) before.set(path, text);
  }
  const past = [...commits.values()];
  // Some commits change nothing.
  const tree = past.length > 0 && draw.chance(0.1) ? before : drawTree(draw, before, past);
  commits.set(id, { id, parents, message: message.text, tree });
  spoken.set(id, message);
  return id;
}

function grow(growing: Growing, speak: (at: number, size: number) => SpokenMessage): void {
  const { draw, tips } = growing;
  const size = 2 + draw.below(11);
  for (let at = 0; at < size; at++) {
    const branch = at === 0 || at === size - 1 || draw.chance(0.65)
      ? "main"
      : draw.pick(["x", "y"]);
    const tip = tips.get(branch) ?? tips.get("main");
    const others = draw.some([...tips.keys()].filter((name) => name !== branch), 0.25);
    const merged = others.map((name) => tips.get(name)!).filter((id) => id !== tip);
    const parents = tip === undefined ? [] : [...new Set([tip, ...merged])];
    tips.set(branch, addCommit(growing, { parents, message: speak(at, size) }));
  }
}

const STEPS = [
  "0.1.0",
  "0.2.0",
  "0.10.0",
  "1.0.0-rc.1",
  "1.0.0",
  "1.0.1",
  "1.1.0-0",
  "1.1.0",
  "2.0.0",
];

function drawTags(
  { draw, commits, tips }: Growing,
  packages: readonly Package[],
): ReadonlyMap<string, string | null> {
  const tags = new Map<string, string | null>([["other-1.0.0", tips.get("main")!]]);
  const ids = [...commits.keys()];
  for (const pkg of packages) {
    if (draw.chance(0.15)) {
      // In git's way: a tag is a file in folders, so none lies in another.
      if (draw.chance(0.1)) tags.set(`${spell(pkg, pkg.firstVersion)}/x`, draw.pick(ids));
      continue;
    }
    for (const version of draw.some(STEPS, 0.3)) {
      const build = draw.chance(0.06) ? "+build.7" : "";
      const commit = draw.chance(0.03) ? null : draw.pick(ids);
      tags.set(spell(pkg, version + build), commit);
    }
    if (draw.chance(0.15)) tags.set(spell(pkg, draw.pick(STEPS)), tips.get("main")!);
    if (draw.chance(0.05)) tags.set(spell(pkg, "1.x"), draw.pick(ids));
  }
  return tags;
}

function drawRequests(
  draw: Draw,
  packages: readonly Package[],
): readonly ReleaseRequest[] | undefined {
  if (!draw.chance(0.3)) return undefined;
  const names = [...packages.map(({ name }) => name), ...draw.chance(0.05) ? ["nobody"] : []];
  return draw.some(names, 0.5).flatMap((name): ReleaseRequest[] => {
    const kind = draw.below(10);
    if (kind < 4) return [{ name }];
    if (kind < 6) return [{ name, bump: draw.pick(["patch", "minor", "major"] as const) }];
    const version = draw.pick([...STEPS, ...STEPS, "1.0.0+b", "one"]);
    return kind === 9 ? [{ name, version }, { name }] : [{ name, version }];
  });
}

/** The case of a seed. */
export function drawCase(seed: number): OracleCase {
  const draw = drawFrom(seed);
  const packages = drawPackages(draw);
  const names = packages.map(({ name }) => name);
  const growing: Growing = { draw, commits: new Map(), spoken: new Map(), tips: new Map() };
  // Mistakes are found all over history; a HEAD that is full of them would plan nothing.
  const wrong = draw.chance(0.12) ? 0.5 : 0;
  grow(growing, (at, size) => {
    const isLate = at >= size - 2;
    return drawMessage(draw, { names, loud: isLate ? 0.35 : 0.5, wrong: isLate ? wrong : 0.15 });
  });
  const { commits, spoken, tips } = growing;
  const isHalf = commits.get(tips.get("main")!)!.parents.length > 0 && draw.chance(0.25);
  const tags = isHalf ? tagHalf(growing, packages) : drawTags(growing, packages);
  const repo = { commits, tags, head: tips.get("main")! };
  return { packages, repo, spoken, requests: drawRequests(draw, packages) };
}
