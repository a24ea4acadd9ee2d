/**
 * What a repository's tags tell of releases before: their schemes, and for the highest tag of each what manifests said
 * there, and where its history parts from HEAD's.
 *
 * @module
 */

import type { Past, TagFacts } from "../../core/init/adopt_tags.ts";
import { NO_PAST } from "../../core/init/adopt_tags.ts";
import { findPackages } from "../../core/init/find_packages.ts";
import type { ManifestFile } from "../../core/init/found.ts";
import { draftFor, type KindDrafts, nameKey } from "../../core/init/kind_draft.ts";
import { isLookedInto } from "../../core/init/manifest_files.ts";
import { type ExistingTag, tagSchemes, type VersionTag } from "../../core/init/tag_schemes.ts";
import { Failure } from "../../error.ts";
import { createGit, type Git } from "../../host/git.ts";
import { type Objects, openObjects } from "../../host/git_facts/objects.ts";
import { listTags, readRepository } from "../../host/git_facts/repository.ts";
import type { Host } from "../../host/host.ts";

/** What the tags tell, and what kept them from telling more: sentences without a full stop. */
export interface ReadPast {
  readonly past: Past;
  readonly warnings: readonly string[];
}

/** Schemes whose highest tags are looked into. */
const MOST_SCHEMES = 50;

/** Manifests of one commit that are read. */
const MOST_MANIFESTS = 2_000;

/** Reads them. What git refuses is a warning: the draft is made without. */
export async function readPast(
  host: Pick<Host, "env" | "vault">,
  { root, drafts }: { readonly root: string; readonly drafts: KindDrafts },
): Promise<ReadPast> {
  const git = createGit({ cwd: root, env: host.env, ...(host.vault && { vault: host.vault }) });
  try {
    const tags = await existingTags(git);
    if (tags.length === 0) return { past: NO_PAST, warnings: await shallowWarning(git) };
    const schemes = tagSchemes(tags);
    const facts = new Map<string, TagFacts>();
    const objects = openObjects(git);
    try {
      for (const { highest } of schemes.schemes.slice(0, MOST_SCHEMES)) {
        facts.set(highest.name, await factsOf(highest, { git, objects, drafts }));
      }
    } finally {
      await objects.stop();
    }
    return { past: { ...schemes, facts }, warnings: await shallowWarning(git) };
  } catch (error) {
    if (!(error instanceof Failure) || error.code === "PIOT_INTERRUPTED") throw error;
    // A repository without a commit has released nothing.
    if (error.code === "PIOT_NO_COMMIT") return { past: NO_PAST, warnings: [] };
    const warning = `What was tagged before is not known: ${error.message}`;
    return { past: NO_PAST, warnings: [warning] };
  }
}

async function existingTags(git: Git): Promise<readonly ExistingTag[]> {
  const { tags } = await listTags(git);
  if (tags.length === 0) return [];
  const args = ["for-each-ref", "--merged", "HEAD", "--format=%(refname:lstrip=2)", "refs/tags"];
  const merged = new Set((await git.text(args)).split("\n"));
  return tags.filter(({ isNested }) => !isNested)
    .map(({ name, target }) => ({ name, commit: target, isReachable: merged.has(name) }));
}

async function shallowWarning(git: Git): Promise<readonly string[]> {
  const { boundary } = await readRepository(git);
  return boundary.size === 0
    ? []
    : ["This clone is shallow: tags that it does not have are not known; fetch the whole history"];
}

async function factsOf(
  { commit, isReachable }: VersionTag,
  { git, objects, drafts }: {
    readonly git: Git;
    readonly objects: Objects;
    readonly drafts: KindDrafts;
  },
): Promise<TagFacts> {
  const { packages } = findPackages(await manifestsAt(commit, { git, objects, drafts }), drafts);
  const versions = new Map(
    packages.map(({ kind, registryName: name, version }) =>
      [nameKey(drafts, { kind, name }), version] as const
    ),
  );
  if (isReachable) return { versions };
  // 1: they share nothing.
  const base = await git.run(["merge-base", "HEAD", commit], { accept: [0, 1] });
  const mergeBase = new TextDecoder().decode(base.stdout).trim();
  return mergeBase === "" ? { versions } : { versions, mergeBase };
}

/** The manifests of a commit, below the folder that git runs in. */
async function manifestsAt(
  commit: string,
  { git, objects, drafts }: {
    readonly git: Git;
    readonly objects: Objects;
    readonly drafts: KindDrafts;
  },
): Promise<readonly ManifestFile[]> {
  const listed = await git.text(["ls-tree", "-r", "-z", "--name-only", commit]);
  const paths = listed.split("\0").filter((path) =>
    draftFor(drafts, path) !== undefined && !path.includes("\n") &&
    path.split("/").slice(0, -1).every(isLookedInto)
  ).slice(0, MOST_MANIFESTS);
  const manifests: ManifestFile[] = [];
  await objects.each(paths.map((path) => `${commit}:./${path}`), (object, index) => {
    if (object?.type === "blob") manifests.push({ file: paths[index]!, bytes: object.bytes });
  });
  return manifests;
}
