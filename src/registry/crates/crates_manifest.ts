/**
 * What publishing would refuse about a crate's manifest, as cargo reads it.
 *
 * @module
 */

import { relative } from "node:path";
import type { ManifestReading } from "../../core/doctor/manifest_facts.ts";
import { joinFolder } from "../../core/manifest/cargo_sites.ts";
import type { CratesPackage } from "../../core/model/package.ts";
import { Failure } from "../../error.ts";
import { CARGO_INDEX, createCargo } from "../../host/cargo.ts";
import { manifestPath, type ManifestPlace, type ManifestReader } from "../manifest_reader.ts";
import { readCargoWorkspace } from "./cargo_workspace.ts";
import { preflight } from "./preflight.ts";

/** Makes the reader. cargo is asked without network, and runs no code of a package. */
export function readCratesManifests({ host, root }: ManifestPlace): ManifestReader {
  const label = (folder: string): string => relative(root, folder).replaceAll("\\", "/") || ".";
  const cargo = createCargo({ env: host.env, index: CARGO_INDEX });
  return async (pkg, version): Promise<ManifestReading> => {
    const file = manifestPath(pkg, "Cargo.toml");
    const nothing = { file, repositories: [], hasLicense: undefined, oddities: [] };
    const folder = joinFolder(root, pkg.path);
    try {
      const member = (await readCargoWorkspace({ cargo, label }, folder)).members.get(folder);
      if (member === undefined) return { ...nothing, refusals: [noPackage(pkg.name, file)] };
      const release = { package: pkg as CratesPackage, version, tag: "", previous: null };
      return {
        ...nothing,
        refusals: preflight(member, { ...release, commit: undefined, artifacts: [] }),
        repositories: member.repository === null ? [] : [member.repository],
        // What lacks one is refused.
        hasLicense: true,
      };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return { ...nothing, refusals: [error] };
    }
  };
}

function noPackage(name: string, file: string): Failure {
  return new Failure("PIOT_CRATES_MANIFEST", `Cannot publish ${name}: "${file}" has no [package]`, {
    hint: "Set `path` in putitoutthere.toml to the folder of the crate, not of its workspace",
    location: { file },
  });
}
