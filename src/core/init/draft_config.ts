/**
 * Drafts a configuration from the manifests of a repository. What it gives is read back before anybody sees it, so it is
 * a configuration that every command takes.
 *
 * @module
 */

import { Failure, type Problem } from "../../error.ts";
import type { KnownKinds } from "../config/kind_config.ts";
import { parseConfig } from "../config/parse_config.ts";
import { encodeName } from "../model/artifact_name.ts";
import type { Config } from "../model/config.ts";
import { type Adoptions, adoptTags, NO_PAST, type Past } from "./adopt_tags.ts";
import { type Findings, findPackages } from "./find_packages.ts";
import type { FoundPackage, LeftOut, ManifestFile, Unreadable } from "./found.ts";
import { draftOf, type KindDrafts } from "./kind_draft.ts";
import { type Linked, linkPackages } from "./link_packages.ts";
import { packageGlobs, type RepositoryFiles } from "./package_globs.ts";
import {
  exampleConfig,
  type PackageEntry,
  writeConfig,
  type WrittenConfig,
} from "./write_config.ts";

/** A drafted configuration. */
export interface ConfigDraft {
  readonly text: string;
  /** What the text declares; undefined when no package was found, and it holds examples only. */
  readonly config: Config | undefined;
  /** What was found and is not declared. */
  readonly leftOut: readonly LeftOut[];
  /** What its maintainer should know of how packages are declared; sentences without a full stop. */
  readonly notes: readonly string[];
  /** Commands that carry over what was released before; each is one of git's, with the commit in full. */
  readonly commands: readonly string[];
  /** What is to be done once before these packages can be published; sentences without a full stop. */
  readonly steps: readonly string[];
  readonly unreadable: readonly Unreadable[];
}

/** What a draft is made from. */
export interface DraftInput {
  /** Every file of the repository, as far as it is known, relative to the root. */
  readonly files: readonly string[];
  readonly manifests: readonly ManifestFile[];
  /** The kinds that packages may have. */
  readonly known: KnownKinds;
  readonly drafts: KindDrafts;
  /** What the repository's tags tell; nothing by default. */
  readonly past?: Past;
}

/** Drafts a configuration. */
export function draftConfig({ manifests, ...input }: DraftInput): ConfigDraft {
  const { drafts } = input;
  const findings = findPackages(manifests, drafts);
  const { leftOut, unreadable } = findings;
  const { text, config, notes, commands, ...named } = namePackages(findings, input);
  const rest = { leftOut: [...leftOut, ...named.leftOut], unreadable };
  if (config === undefined) {
    return { ...rest, text: exampleConfig(drafts), config, notes: [], commands: [], steps: [] };
  }
  return { ...rest, text, config, notes, commands, steps: stepsOf(config, drafts) };
}

function stepsOf({ packages }: Config, drafts: KindDrafts): readonly string[] {
  return [...drafts].flatMap(([kind, draft]) => {
    const own = packages.filter((pkg) => pkg.kind === kind);
    return own.length === 0 ? [] : draft.nextSteps(own);
  });
}

interface Named extends Pick<ConfigDraft, "text" | "config" | "leftOut" | "notes" | "commands"> {}

/**
 * Writes, reads back, and gives every package that something is wrong with its next name, until nothing is: the rules of
 * the configuration decide, and are not told a second time here. A package without a name left is left out.
 */
function namePackages(
  findings: Findings,
  { files, known, drafts, past = NO_PAST }: Omit<DraftInput, "manifests">,
): Named {
  const names = namesFor(findings.packages, drafts);
  const context = { drafts, manifests: findings.manifests };
  const tries = new Map<FoundPackage, number>(findings.packages.map((pkg) => [pkg, 0]));
  const leftOut: LeftOut[] = [];
  const folders = [...new Set(findings.packages.map(({ folder }) => folder))];
  const repository = { files, folders, drafts };
  while (tries.size > 0) {
    const packages = [...tries.keys()];
    const linked = linkPackages(packages, context);
    const nameOf = (pkg: FoundPackage): string => names.get(pkg)![tries.get(pkg)!]!;
    const adopted = adoptTags(
      packages.map((found) => ({ found, name: nameOf(found) })),
      { past, drafts },
    );
    const written = writeConfig(
      packages.map((pkg) => entryOf(pkg, { linked, nameOf, repository, adopted })),
    );
    const read = readBack(written.text, known);
    if ("config" in read) {
      const notes = [
        ...packages.flatMap((pkg) => pkg.notes),
        ...linked.notes,
        ...adopted.notes,
      ];
      const { commands } = adopted;
      return { text: written.text, config: read.config, leftOut, notes, commands };
    }
    for (const [pkg, reason] of blame(read.problems, written)) {
      const next = tries.get(pkg)! + 1;
      if (next < names.get(pkg)!.length) tries.set(pkg, next);
      else {
        tries.delete(pkg);
        leftOut.push({ file: pkg.file, name: pkg.registryName, reason });
      }
    }
  }
  return { text: "", config: undefined, leftOut, notes: [], commands: [] };
}

function entryOf(
  found: FoundPackage,
  { linked, nameOf, repository, adopted }: {
    readonly linked: Linked;
    readonly nameOf: (pkg: FoundPackage) => string;
    readonly repository: RepositoryFiles;
    readonly adopted: Adoptions;
  },
): PackageEntry {
  const { dependsOn, sources } = linked.links.get(found)!;
  const globs = packageGlobs(found, { sources, repository });
  const nameKey = draftOf(repository.drafts, found).rules.names.key;
  const adoption = adopted.byPackage.get(found);
  return {
    ...{ found, name: nameOf(found), nameKey, globs, dependsOn: dependsOn.map(nameOf) },
    ...(adoption === undefined ? {} : { adoption }),
  };
}

function readBack(
  text: string,
  known: KnownKinds,
): { readonly config: Config } | { readonly problems: readonly Problem[] } {
  try {
    return { config: parseConfig(text, { file: "putitoutthere.toml", known }) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { problems: error.problems };
  }
}

/** Whose problem each is, by its line. */
function blame(
  problems: readonly Problem[],
  { lines }: WrittenConfig,
): ReadonlyMap<FoundPackage, string> {
  const blamed = new Map<FoundPackage, string>();
  for (const { message, location } of problems) {
    const owner = [...lines].filter(([, line]) => line <= (location?.line ?? 0)).at(-1)?.[0];
    if (owner === undefined) throw new Error(`unreachable: the draft is wrong: ${message}`);
    blamed.set(owner, message);
  }
  return blamed;
}

/**
 * The names to try for each package, the best first. A mark at the end tells equal names apart, and everybody who shares
 * one gets it, so that each tag tells whose it is; what starts as tags or artifacts
 * of another package do (`a-v1.0.0-b`, `a-wheel-b`) needs another start.
 */
function namesFor(
  packages: readonly FoundPackage[],
  drafts: KindDrafts,
): ReadonlyMap<FoundPackage, readonly string[]> {
  const counts = new Map<string, number>();
  for (const pkg of packages) counts.set(fold(pkg), (counts.get(fold(pkg)) ?? 0) + 1);
  return new Map(packages.map((pkg) => {
    const plain = plainName(pkg);
    const { mark } = draftOf(drafts, pkg);
    const marked = [`${plain}-${mark}`, `${mark}-${plain.replace(/^@/, "")}`];
    const numbered = [2, 3].flatMap((number) => marked.map((name) => `${name}-${number}`));
    return [pkg, [...counts.get(fold(pkg)) === 1 ? [plain] : [], ...marked, ...numbered]];
  }));
}

/** Names that differ in case only would share artifacts. */
function fold(pkg: FoundPackage): string {
  return encodeName(plainName(pkg)).toLowerCase();
}

/** The name without what names of this file may not hold: `__` stands for `/` in artifact names, `..` not in tags. */
function plainName({ registryName, kind }: FoundPackage): string {
  const plain = registryName.replace(/[^A-Za-z0-9._+/@-]/g, "-").replace(/_{2,}/g, "_")
    .replace(/\.{2,}/g, ".").replace(/(^@?|\/)[.-]+/g, "$1");
  return /^@?[A-Za-z0-9_]/.test(plain) ? plain : `${kind}-package`;
}
