/**
 * What the kinds know to tell of a plan before anything is built. No network; files are read as the planned commit has
 * them, by one more git process where a kind asks for any.
 *
 * @module
 */

import type { Package } from "../core/model/package.ts";
import type { Plan } from "../core/model/plan.ts";
import { Failure } from "../error.ts";
import { openObjects } from "../host/git_facts/objects.ts";
import { REGISTRY_KINDS } from "../registry/kinds.ts";
import type { Workspace } from "./workspace.ts";

/** Sentences, by the order of kinds. */
export async function foresee(
  workspace: Workspace,
  { packages: planned, commit, declared }: Pick<Plan, "packages"> & {
    readonly commit: string;
    readonly declared: readonly Package[];
  },
): Promise<readonly string[]> {
  const trusting = declared.filter(({ trustPolicy }) => trustPolicy !== undefined);
  const trusted = new Set(trusting.map(({ name }) => name));
  const sentences: string[] = [];
  for (const { rules, foresee: tell } of workspace.kinds ?? REGISTRY_KINDS) {
    const packages = planned.filter(({ kind }) => kind === rules.kind);
    if (tell === undefined || packages.length === 0) continue;
    const { prefix } = await workspace.repository();
    const read = (paths: readonly string[]) => readFiles(workspace, { commit, paths });
    sentences.push(...await tell({ packages, trusted, prefix, read }));
  }
  return sentences;
}

/** A partial clone would fetch what it lacks, and a plan asks no network (git 2.45 and newer can be kept from it). */
const OFFLINE = { GIT_NO_LAZY_FETCH: "1" };

async function readFiles(
  { git }: Workspace,
  { commit, paths }: { readonly commit: string; readonly paths: readonly string[] },
): Promise<ReadonlyMap<string, Uint8Array>> {
  if (paths.length === 0) return new Map();
  const objects = openObjects({ ...git, env: { ...git.env, ...OFFLINE } });
  const files = new Map<string, Uint8Array>();
  const named = paths.filter((path) => !path.includes("\n"));
  try {
    await objects.each(named.map((path) => `${commit}:${path}`), (object, index) => {
      if (object?.type === "blob") files.set(named[index]!, object.bytes);
    });
  } catch (error) {
    // What these files would tell is refused later on all the same.
    if (!(error instanceof Failure)) throw error;
  } finally {
    await objects.stop();
  }
  return files;
}
