/**
 * Drafts a configuration from the manifests of a repository. What it gives is read back before anybody sees it, so it is
 * a configuration that every command takes.
 *
 * @module
 */

import { Failure, type Problem } from "../../error.ts";
import { parseConfig } from "../config/parse_config.ts";
import type { Config } from "../model/config.ts";
import { EXAMPLE_CONFIG } from "./example_config.ts";
import { type Findings, findPackages } from "./find_packages.ts";
import type { FoundPackage, LeftOut, ManifestFile, Unreadable } from "./found.ts";
import { type Linked, linkPackages } from "./link_packages.ts";
import { packageGlobs } from "./package_globs.ts";
import { namesFor } from "./package_names.ts";
import { type PackageEntry, writeConfig, type WrittenConfig } from "./write_config.ts";

/** A drafted configuration. */
export interface ConfigDraft {
  readonly text: string;
  /** What the text declares; undefined when no package was found, and it holds examples only. */
  readonly config: Config | undefined;
  /** What was found and is not declared. */
  readonly leftOut: readonly LeftOut[];
  /** What its maintainer should know of how packages are declared; sentences without a full stop. */
  readonly notes: readonly string[];
  readonly unreadable: readonly Unreadable[];
}

/** What a draft is made from. */
export interface DraftInput {
  /** Every file of the repository, as far as it is known, relative to the folder of the configuration. */
  readonly files: readonly string[];
  readonly manifests: readonly ManifestFile[];
}

/** Drafts a configuration. */
export function draftConfig({ files, manifests }: DraftInput): ConfigDraft {
  const findings = findPackages(manifests);
  const { leftOut, unreadable } = findings;
  const named = namePackages(findings, files);
  const rest = { leftOut: [...leftOut, ...named.leftOut], unreadable };
  if (named.config === undefined) {
    return { ...rest, text: EXAMPLE_CONFIG, config: undefined, notes: [] };
  }
  return { ...rest, text: named.text, config: named.config, notes: named.notes };
}

interface Named extends Pick<ConfigDraft, "text" | "config" | "leftOut" | "notes"> {}

/**
 * Writes, reads back, and gives every package that something is wrong with its next name, until nothing is: the rules of
 * the configuration decide, and are not told a second time here. A package without a name left is left out.
 */
function namePackages(findings: Findings, files: readonly string[]): Named {
  const names = namesFor(findings.packages);
  const tries = new Map<FoundPackage, number>(findings.packages.map((one) => [one, 0]));
  const leftOut: LeftOut[] = [];
  const folders = [...new Set(findings.packages.map(({ folder }) => folder))];
  while (tries.size > 0) {
    const packages = [...tries.keys()];
    const linked = linkPackages(packages, findings.crates);
    const nameOf = (one: FoundPackage): string => names.get(one)![tries.get(one)!]!;
    const written = writeConfig(
      packages.map((one) => entryOf(one, { linked, nameOf, scene: { files, folders } })),
    );
    const read = readBack(written.text);
    if ("config" in read) {
      const notes = [...packages.flatMap((one) => one.notes), ...linked.notes];
      return { text: written.text, config: read.config, leftOut, notes };
    }
    for (const [one, reason] of blame(read.problems, written)) {
      const next = tries.get(one)! + 1;
      if (next < names.get(one)!.length) tries.set(one, next);
      else {
        tries.delete(one);
        leftOut.push({ file: one.file, name: one.registryName, reason });
      }
    }
  }
  return { text: "", config: undefined, leftOut, notes: [] };
}

function entryOf(
  found: FoundPackage,
  { linked, nameOf, scene }: {
    readonly linked: Linked;
    readonly nameOf: (one: FoundPackage) => string;
    readonly scene: { readonly files: readonly string[]; readonly folders: readonly string[] };
  },
): PackageEntry {
  const { dependsOn, sources } = linked.links.get(found)!;
  const globs = packageGlobs(found, { sources, scene });
  return { found, name: nameOf(found), globs, dependsOn: dependsOn.map(nameOf) };
}

function readBack(
  text: string,
): { readonly config: Config } | { readonly problems: readonly Problem[] } {
  try {
    return { config: parseConfig(text, "putitoutthere.toml") };
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
