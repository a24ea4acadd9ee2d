/**
 * The Cargo.toml that cargo writes into a `.crate`: everything inherited is filled in, paths are gone, and each dependency
 * has a table. What is read from it is what crates.io reads.
 *
 * @module
 */

import { parse } from "smol-toml";
import { Failure, messageOf } from "../../error.ts";
import { showPlatform } from "./platform_key.ts";
import { showRequirement } from "./version_requirement.ts";

/** A table of TOML. */
export type TomlTable = Readonly<Record<string, unknown>>;

/** A dependency, as cargo sends it. */
export interface PackagedDependency {
  /** The crate's own name. */
  readonly name: string;
  /** The name that it has in the manifest, where it was renamed. */
  readonly alias: string | undefined;
  /** In cargo's one spelling. */
  readonly requirement: string;
  readonly kind: "normal" | "dev" | "build";
  /** In cargo's one spelling; null for every platform. */
  readonly target: string | null;
  readonly optional: boolean;
  readonly defaultFeatures: boolean;
  readonly features: readonly string[];
  /** The index of another registry than crates.io. */
  readonly registry: string | undefined;
}

/** What such a manifest says. */
export interface PackagedManifest {
  /** `[package]`. */
  readonly package: TomlTable;
  /** In the order in which cargo sends them. */
  readonly dependencies: readonly PackagedDependency[];
  readonly features: Readonly<Record<string, readonly string[]>>;
  readonly badges: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

/** Reads one. `shown` is how the file is called. Throws `PIOT_ARTIFACT_INVALID` for what cargo would not have written. */
export function parsePackagedManifest(text: string, shown: string): PackagedManifest {
  const document = parseToml(text, shown);
  if (!isTable(document.package)) throw invalid(shown, "it has no [package]");
  return {
    package: document.package,
    dependencies: dependenciesOf(document, shown),
    features: tableOf(document.features) as Record<string, readonly string[]>,
    badges: tableOf(document.badges) as PackagedManifest["badges"],
  };
}

function parseToml(text: string, shown: string): TomlTable {
  try {
    return parse(text);
  } catch (error) {
    throw invalid(shown, `it is no TOML: ${messageOf(error).split("\n")[0]}`);
  }
}

function invalid(shown: string, found: string): Failure {
  return new Failure("PIOT_ARTIFACT_INVALID", `Cannot use ${shown}: ${found}`, {
    hint: "Package the crate again with `cargo package`, and deliver what it makes",
  });
}

function isTable(value: unknown): value is TomlTable {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function tableOf(value: unknown): TomlTable {
  return isTable(value) ? value : {};
}

/** Tables of dependencies in the order in which cargo gathers them; those of a platform have another one. */
const OWN = [["dependencies", "normal"], ["dev-dependencies", "dev"], [
  "build-dependencies",
  "build",
]] as const;
const OF_PLATFORM = [OWN[0], OWN[2], OWN[1]] as const;

function dependenciesOf(document: TomlTable, shown: string): PackagedDependency[] {
  const own = OWN.flatMap(([key, kind]) => readTable(document[key], { kind, target: null, shown }));
  const platforms = entriesOf(document.target).flatMap(([key, tables]) =>
    OF_PLATFORM.flatMap(([name, kind]) =>
      readTable(tableOf(tables)[name], { kind, target: showPlatform(key), shown })
    )
  );
  return [...own, ...platforms];
}

/** By key in the order of bytes, as cargo's maps are. */
function entriesOf(value: unknown): [string, unknown][] {
  return Object.entries(tableOf(value)).sort(([left], [right]) => compareBytes(left, right));
}

/** The order of UTF-8, which is that of code points. */
export function compareBytes(left: string, right: string): number {
  const [ours, theirs] = [[...left], [...right]];
  for (let at = 0; at < Math.min(ours.length, theirs.length); at++) {
    const difference = ours[at]!.codePointAt(0)! - theirs[at]!.codePointAt(0)!;
    if (difference !== 0) return difference;
  }
  return ours.length - theirs.length;
}

function readTable(
  table: unknown,
  { kind, target, shown }: Pick<PackagedDependency, "kind" | "target"> & { readonly shown: string },
): PackagedDependency[] {
  return entriesOf(table).map(([key, value]) => {
    const said = isTable(value) ? value : { version: value };
    const requirement = showRequirement(String(said.version ?? "*"));
    if (requirement === undefined) {
      throw invalid(shown, `its dependency "${key}" has the requirement "${said.version}"`);
    }
    const renamed = typeof said.package === "string" ? said.package : undefined;
    return {
      name: renamed ?? key,
      alias: renamed === undefined ? undefined : key,
      requirement,
      kind,
      target,
      optional: said.optional === true,
      defaultFeatures: (said["default-features"] ?? said.default_features) !== false,
      features: Array.isArray(said.features) ? said.features.map(String) : [],
      registry: registryOf(said),
    };
  });
}

function registryOf(said: TomlTable): string | undefined {
  const { registry, "registry-index": index } = said;
  if (typeof index === "string") return index;
  return typeof registry === "string" ? registry : undefined;
}
