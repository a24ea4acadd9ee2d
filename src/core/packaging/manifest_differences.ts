/**
 * Where the Cargo.toml of a crate is not the one that cargo makes of the author's and of the workspace's.
 *
 * @module
 */

import { isTable, type Table } from "../config/toml_document.ts";
import { tableAt, textAt } from "../init/manifest_values.ts";
import { isFollowing } from "../model/follow_requirement.ts";
import { expectManifest, workspaceResolver } from "./expect_manifest.ts";
import type { Requirement, WorkspaceRoot } from "./inherit_manifest.ts";
import { plainManifest } from "./plain_manifest.ts";

/** A crate's manifests. */
export interface ManifestPair {
  /** `Cargo.toml.orig`: the author's, with the versions of the release. */
  readonly own: Table;
  /** The workspace's, as the commit has it; undefined for a crate that stands alone. */
  readonly root: WorkspaceRoot | undefined;
  /** The crate's `Cargo.toml`. */
  readonly packaged: Table;
  /** The files of the crate, from its folder. */
  readonly files: ReadonlySet<string>;
  /** The crate's folder from the top of the repository. */
  readonly folder: string;
}

/**
 * Each difference as a clause: `dependencies.log.features is ["std"], and cargo makes it []`. The version of the package is
 * not looked at: an inherited one is written at its source.
 */
export function manifestDifferences(
  { own, root, packaged, files, folder }: ManifestPair,
): readonly string[] {
  const requirement: Requirement = (place, committed) => {
    const found = textAt(place.reduce<Table>(tableAt, packaged), "version");
    return found !== undefined && isFollowing(committed, found) ? found : committed;
  };
  const made = expectManifest(own, { root, requirement });
  const resolver = root === undefined ? undefined : workspaceResolver(root);
  const expected = plainManifest(made, { files, folder, resolver });
  const found = plainManifest(packaged, { files, folder });
  return differences({ expected, found, path: [] }).filter((text) =>
    !text.startsWith("package.version is ")
  );
}

interface Pair {
  readonly expected: unknown;
  readonly found: unknown;
  readonly path: readonly string[];
}

function differences({ expected, found, path }: Pair): readonly string[] {
  if (isTable(expected) && isTable(found)) {
    const keys = [...new Set([...Object.keys(found), ...Object.keys(expected)])];
    return keys.flatMap((key) => {
      const inner = {
        expected: valueAt(expected, key),
        found: valueAt(found, key),
        path: [...path, key],
      };
      // cargo leaves out what it does not know, and warns.
      return inner.found === undefined && !isKnown(inner.path) ? [] : differences(inner);
    });
  }
  return isSame(expected, found) ? [] : [
    `${path.map(showKey).join(".")} is ${show(found)}, and cargo makes it ${show(expected)}`,
  ];
}

function valueAt(table: Table, key: string): unknown {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}

function isSame(left: unknown, right: unknown): boolean {
  if (isTable(left) && isTable(right)) {
    const keys = Object.keys(left);
    return keys.length === Object.keys(right).length &&
      keys.every((key) => isSame(left[key], valueAt(right, key)));
  }
  if (Array.isArray(left) && Array.isArray(right)) {
    return left.length === right.length && left.every((item, at) => isSame(item, right[at]));
  }
  return left instanceof Date && right instanceof Date
    ? left.toISOString() === right.toISOString()
    : Object.is(left, right);
}

const LONGEST = 80;

function show(value: unknown): string {
  if (value === undefined) return "nothing";
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST)}…`;
}

function showKey(key: string): string {
  return /^[\w-]+$/.test(key) ? key : JSON.stringify(key);
}

const words = (text: string): readonly string[] => text.split(" ");

/** Keys that cargo takes (`cargo-util-schemas`, `manifest/mod.rs`), where it takes no others. */
const TOP = words(
  "cargo-features package badges features lib bin example test bench dependencies dev-dependencies build-dependencies target lints profile hints",
);
const PACKAGE = words(
  "edition rust-version name version authors build metabuild default-target forced-target links exclude include publish workspace autolib autobins autoexamples autotests autobenches default-run description homepage documentation readme keywords categories license license-file repository resolver metadata",
);
const DEPENDENCY = words(
  "version registry features optional default-features package public artifact lib target",
);
const TARGET = words(
  "name path filename crate-type test doctest bench doc doc-scrape-examples proc-macro harness required-features edition",
);
const PROFILE = words(
  "opt-level lto codegen-backend codegen-units debug split-debuginfo debug-assertions rpath panic overflow-checks incremental dir-name inherits strip rustflags package build-override trim-paths hint-mostly-unused",
);

function isKnown(path: readonly string[]): boolean {
  const key = path.at(-1)!;
  const [first = "", second] = path;
  if (path.length === 1) return TOP.includes(key);
  if (first === "package" && path.length === 2) return PACKAGE.includes(key);
  if (first === "lib" && path.length === 2) return TARGET.includes(key);
  if (words("bin example test bench").includes(first) && path.length === 3) {
    return TARGET.includes(key);
  }
  if (first === "profile" && path.length === 3) return PROFILE.includes(key);
  if (first === "target" && path.length === 3) return key.endsWith("dependencies");
  const isTables = first.endsWith("dependencies") || first === "target";
  if (isTables && path.length === (first === "target" ? 5 : 3)) return DEPENDENCY.includes(key);
  return second !== undefined;
}
