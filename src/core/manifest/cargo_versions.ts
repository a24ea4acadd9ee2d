/**
 * Writes planned versions into the manifests of a set of crates, at the place where each version really stands, and
 * lets the requirements between the crates follow.
 *
 * @module
 */

import { followRequirement } from "../model/follow_requirement.ts";
import type { Problem } from "../../error.ts";
import { type LockChange, writeLockVersions } from "./cargo_lock.ts";
import {
  joinFolder,
  packageVersionSite,
  pathRequirements,
  satisfiesRequirement,
  workspaceVersionLeaf,
} from "./cargo_sites.ts";
import { type CargoToml, parseCargoToml, requote, type Splice, spliceText } from "./cargo_toml.ts";

/** One manifest: of a crate, of a workspace's root, or of both. */
export interface CargoManifest {
  /** Its folder, absolute, with `/`. */
  readonly folder: string;
  readonly text: string;
  /** The folder of its workspace's root manifest; its own for a crate that stands alone. */
  readonly workspace: string;
  /** The crate that it declares, with the version that cargo reads from it; undefined for a bare workspace. */
  readonly crate: { readonly name: string; readonly version: string } | undefined;
}

/** The version that a crate is to have. */
export interface CrateVersion {
  readonly version: string;
  /** Whether it ships now. One that does not keeps the version of its last release. */
  readonly isPlanned: boolean;
}

/** What there is to write. */
export interface CargoVersionsInput {
  /** Every manifest of every workspace that a planned crate lives in. */
  readonly manifests: readonly CargoManifest[];
  /** By the crate's folder. Crates without an entry stay as they are. */
  readonly versions: ReadonlyMap<string, CrateVersion>;
  /** The text of Cargo.lock by its workspace's folder, where there is one. */
  readonly locks: ReadonlyMap<string, string>;
  /** How a folder is called in messages. */
  readonly label: (folder: string) => string;
}

/** The files to write. Nothing may be written when there are problems. */
export interface CargoVersionsOutput {
  /** New texts by folder, only of manifests that change. */
  readonly manifests: ReadonlyMap<string, string>;
  /** New texts by folder, only of locks that change. */
  readonly locks: ReadonlyMap<string, string>;
  readonly problems: readonly Problem[];
}

interface Entry extends CargoManifest {
  readonly toml: CargoToml;
}

interface Draft {
  readonly entries: readonly Entry[];
  readonly input: CargoVersionsInput;
  readonly splices: Map<string, Splice[]>;
  readonly problems: Problem[];
}

/**
 * Makes the new texts. Writing twice gives the same texts as writing once. Throws `PIOT_CRATES_MANIFEST` for a manifest
 * that is no TOML; gives problems `PIOT_CRATES_MANIFEST` and `PIOT_CRATES_SHARED_VERSION`.
 */
export function writeCargoVersions(input: CargoVersionsInput): CargoVersionsOutput {
  const entries = input.manifests.map((manifest) => ({
    ...manifest,
    toml: parseCargoToml(manifest.text, `${input.label(manifest.folder)}/Cargo.toml`),
  }));
  const draft: Draft = { entries, input, splices: new Map(), problems: [] };
  for (const root of entries.filter((entry) => entry.folder === entry.workspace)) {
    writeShared(draft, root);
  }
  for (const entry of entries) {
    writeOwn(draft, entry);
    writeRequirements(draft, entry);
  }
  const manifests = entries.flatMap(({ folder, text }) => {
    const written = spliceText(text, draft.splices.get(folder) ?? []);
    return written === text ? [] : [[folder, written] as const];
  });
  return { manifests: new Map(manifests), locks: writeLocks(draft), problems: draft.problems };
}

function add(draft: Draft, entry: Entry, splice: Splice): void {
  draft.splices.set(entry.folder, [...draft.splices.get(entry.folder) ?? [], splice]);
}

function complain(draft: Draft, problem: Problem): void {
  draft.problems.push(problem);
}

/** The version that a workspace hands down, and the members that take another one: those get it written out. */
function writeShared(draft: Draft, root: Entry): void {
  const heirs = draft.entries.filter((entry) =>
    entry.workspace === root.folder && packageVersionSite(entry.toml)?.kind === "inherited"
  );
  const leaf = workspaceVersionLeaf(root.toml);
  if (heirs.length === 0 || leaf === undefined) return;
  const planned = heirs.filter(({ folder }) => draft.input.versions.get(folder)?.isPlanned);
  const versions = [
    ...new Set(planned.map(({ folder }) => draft.input.versions.get(folder)!.version)),
  ];
  if (versions.length > 1) return complain(draft, sharedProblem(draft, planned));
  const shared = versions[0] ?? String(leaf.value);
  if (shared !== leaf.value) add(draft, root, requote(root.toml, leaf, shared));
  for (const heir of heirs) {
    // One that does not ship must not move along: what depends on it would be resolved against a version that is nowhere.
    const version = draft.input.versions.get(heir.folder)?.version ?? heir.crate?.version;
    if (version !== undefined && version !== shared) writeOut(draft, heir, version);
  }
}

function sharedProblem(draft: Draft, planned: readonly Entry[]): Problem {
  const list = planned.map(({ folder, crate }) =>
    `${crate?.name} ${draft.input.versions.get(folder)!.version}`
  );
  return {
    code: "PIOT_CRATES_SHARED_VERSION",
    message:
      `Cannot write the version of [workspace.package]: the crates that inherit it are planned at different versions (${
        list.join(", ")
      })`,
    hint:
      'Give them the same `lockstep = "…"` in putitoutthere.toml, so that they ship together at one version; or give each crate a `version = "…"` of its own in place of `version.workspace = true`',
  };
}

/** Replaces `version.workspace = true` by a version. */
function writeOut(draft: Draft, heir: Entry, version: string): void {
  const { leaf } = packageVersionSite(heir.toml)!;
  if (leaf.table.join(".") === "package") {
    return add(draft, heir, { range: leaf.entry, text: `version = "${version}"` });
  }
  complain(draft, {
    code: "PIOT_CRATES_MANIFEST",
    message: `Cannot write the version of ${heir.crate?.name}: it is not a line below [package]`,
    hint: "Write `version.workspace = true` below [package]",
    location: { file: `${draft.input.label(heir.folder)}/Cargo.toml` },
  });
}

function writeOwn(draft: Draft, entry: Entry): void {
  const wanted = draft.input.versions.get(entry.folder);
  if (wanted === undefined) return;
  const site = packageVersionSite(entry.toml);
  if (site?.kind === "own") {
    if (site.leaf.value === wanted.version) return;
    return add(draft, entry, requote(entry.toml, site.leaf, wanted.version));
  }
  if (site === undefined && wanted.isPlanned) {
    complain(draft, {
      code: "PIOT_CRATES_MANIFEST",
      message: `Cannot write the version of ${entry.crate?.name}: [package] has no \`version\``,
      hint: 'Add `version = "0.0.0"` to [package]; the planned version is written there',
      location: { file: `${draft.input.label(entry.folder)}/Cargo.toml` },
    });
  }
}

function writeRequirements(draft: Draft, entry: Entry): void {
  for (const { path, leaf, requirement } of pathRequirements(entry.toml)) {
    const sibling = draft.entries.find(({ folder }) => folder === joinFolder(entry.folder, path));
    const wanted = sibling && draft.input.versions.get(sibling.folder);
    if (sibling?.crate === undefined || wanted === undefined) continue;
    const isMoved = wanted.version !== sibling.crate.version;
    if (!isMoved && satisfiesRequirement(requirement, wanted.version)) continue;
    const followed = followRequirement(requirement, wanted.version);
    if (followed !== undefined) add(draft, entry, requote(entry.toml, leaf, followed));
    else if (!satisfiesRequirement(requirement, wanted.version)) {
      complain(draft, {
        code: "PIOT_CRATES_MANIFEST",
        message: `Cannot let ${
          draft.input.label(entry.folder)
        }/Cargo.toml follow ${sibling.crate.name} ${wanted.version}: its requirement "${requirement}" does not allow that version`,
        hint: `Write a requirement that allows ${wanted.version}; comparisons are not rewritten`,
      });
    }
  }
}

function writeLocks(draft: Draft): Map<string, string> {
  const written = [...draft.input.locks].flatMap(([workspace, text]) => {
    const changes = draft.entries.flatMap(({ folder, crate, ...entry }): LockChange[] => {
      const wanted = draft.input.versions.get(folder)?.version;
      if (entry.workspace !== workspace || crate === undefined || wanted === undefined) return [];
      return [{ name: crate.name, from: crate.version, to: wanted }];
    });
    const changed = writeLockVersions(text, changes);
    return changed === text ? [] : [[workspace, changed] as const];
  });
  return new Map(written);
}
