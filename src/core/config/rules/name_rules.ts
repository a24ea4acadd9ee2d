/**
 * Names that must not meet: of packages, and of the artifacts that their build jobs upload.
 *
 * @module
 */

import { artifactNames, encodeName } from "../../model/artifact_name.ts";
import { type Draft, type Rule, triplesOf } from "../draft.ts";
import { type Finding, quote } from "../finding.ts";

/** Artifacts that differ in case only overwrite each other (github.com/actions/upload-artifact), and so do folders. */
function fold(name: string): string {
  return encodeName(name).toLowerCase();
}

function namePath(draft: Draft): Finding["path"] {
  return [...draft.path, "name"];
}

/** No two packages have one name, nor names that their artifacts would share. */
export const namesAreUnique: Rule = (drafts) => {
  const first = new Map<string, string>();
  return drafts.flatMap((draft): Finding[] => {
    const { name } = draft.values;
    if (name === undefined) return [];
    const taken = first.get(fold(name));
    if (taken === undefined) {
      first.set(fold(name), name);
      return [];
    }
    const found = taken === name
      ? "a package above has it"
      : `the artifacts of package ${quote(taken)} would have the same names`;
    return [{
      path: namePath(draft),
      message: `Cannot use name ${quote(name)}: ${found}`,
      hint: "Give each package a name of its own; its name on the registry can be set beside it",
    }];
  });
};

interface Claim {
  readonly draft: Draft;
  readonly artifact: string;
}

function claimsOf(draft: Draft): Claim[] {
  const { rules, values: { name, dists } } = draft;
  if (rules === undefined || name === undefined) return [];
  const triples = triplesOf(draft).map(({ value }) => value);
  return artifactNames({ name, triples, dists }, rules).map((artifact) => ({
    draft,
    artifact: artifact.name.toLowerCase(),
  }));
}

/**
 * No artifact of a package can be taken for one of another: neither by its name, nor because it starts as the wheels
 * of a Python project do (`a-wheel-…` and `a-wheels-…` are wheels of `a`, whoever built them).
 */
export const artifactsAreUnique: Rule = (drafts) => {
  const owners = new Map<string, Draft>();
  const named = new Map(drafts.map((draft) => [fold(draft.values.name ?? ""), draft]));
  return drafts.flatMap((draft) => {
    const clash = claimsOf(draft).map((claim) => {
      const other = owners.get(claim.artifact) ?? ownerByFolder(claim, named);
      if (!owners.has(claim.artifact)) owners.set(claim.artifact, draft);
      return { other, artifact: claim.artifact };
    }).find(({ other }) => other !== undefined && !sameName(other, draft));
    return clash?.other === undefined ? [] : [taken(draft, clash.other, clash.artifact)];
  });
};

/** Packages of one name are another rule's finding, and twice the same target is too. */
function sameName(a: Draft, b: Draft): boolean {
  return a === b || fold(a.values.name ?? "") === fold(b.values.name ?? "");
}

/** Whose build jobs could name a folder so themselves: the artifact starts with the package's name. */
function ownerByFolder(
  { draft, artifact }: Claim,
  named: ReadonlyMap<string, Draft>,
): Draft | undefined {
  for (const { index } of artifact.matchAll(/-/g)) {
    const owner = named.get(artifact.slice(0, index));
    if (owner === undefined || owner === draft) continue;
    if (owner.rules?.artifacts.ownFolders?.test(artifact.slice(index))) return owner;
  }
  return undefined;
}

function taken(draft: Draft, other: Draft, artifact: string): Finding {
  return {
    path: namePath(draft),
    message: `Cannot use name ${quote(draft.values.name)}: its artifact ${
      quote(artifact)
    } would be taken for one of ${other.label}`,
    hint: "Choose another name; its name on the registry can be set beside it",
  };
}
