/**
 * What the crates of a release ask of other crates, as cargo itself reads their manifests.
 *
 * @module
 */

import { exec } from "../../../host/exec.ts";
import type { Env } from "../../../host/host.ts";
import type { Demand } from "../../../rehearsal/crates/through/stand_in.ts";

/** The part of `cargo metadata --no-deps` that is looked at. */
interface Metadata {
  readonly packages: readonly {
    readonly dependencies: readonly {
      readonly name: string;
      readonly rename: string | null;
      readonly req: string;
      readonly features: readonly string[];
    }[];
    /** Feature → what it switches on: `derive`, `dep:serde`, `serde/derive`, `serde?/derive`. */
    readonly features: Readonly<Record<string, readonly string[]>>;
  }[];
}

/**
 * Reads what all crates ask for in the workspaces that folders belong to. Needs no network. A manifest that cargo cannot
 * read asks for nothing: publishing says what is wrong with it.
 */
export async function readCrateDemands(
  folders: readonly string[],
  env: Env,
): Promise<readonly Demand[]> {
  const demands: Demand[] = [];
  for (const cwd of folders) {
    const args = ["metadata", "--no-deps", "--format-version", "1"];
    const { code, stdout } = await exec("cargo", args, { cwd, env });
    if (code !== 0) continue;
    const { packages } = JSON.parse(new TextDecoder().decode(stdout)) as Metadata;
    demands.push(...packages.flatMap(demandsOf));
  }
  return demands;
}

function demandsOf({ dependencies, features }: Metadata["packages"][number]): readonly Demand[] {
  const switched = Object.values(features).flat().flatMap((value) => {
    const [, dependency, feature] = /^([^/?]+)\??\/(.+)$/.exec(value) ?? [];
    return dependency === undefined ? [] : [{ dependency, feature: feature! }];
  });
  return dependencies.map(({ name, rename, req, features: own }) => ({
    name,
    req,
    features: [
      ...own,
      ...switched.filter(({ dependency }) => dependency === (rename ?? name))
        .map(({ feature }) => feature),
    ],
  }));
}
