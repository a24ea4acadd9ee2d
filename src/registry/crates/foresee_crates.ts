/**
 * What crates that are planned will meet, told before anything of them is built.
 *
 * @module
 */

import {
  manifestsAbout,
  namedWorkspaces,
  sharedVersionWarnings,
} from "../../core/crates/shared_version.ts";
import { tellForecast } from "../../core/crates/upload_limits.ts";
import { folderFrom } from "../../core/init/manifest_values.ts";
import type { Foresight } from "../registry_kind.ts";

/** Sentences about crates at different versions that inherit one, and about how long crates.io's limits will take. */
export async function foreseeCrates(foresight: Foresight): Promise<readonly string[]> {
  return [...await sharedVersions(foresight), ...limits(foresight)];
}

async function sharedVersions(
  { packages, prefix, read }: Foresight,
): Promise<readonly string[]> {
  // No manifest is read where all ship at one version.
  if (new Set(packages.map(({ version }) => version)).size < 2) return [];
  const crates = packages.flatMap(({ name, path, version }) => {
    const folder = folderFrom(folderFrom(".", prefix) ?? ".", path);
    return folder === undefined ? [] : [{ name, folder, version }];
  });
  const files = await read(manifestsAbout(crates));
  const named = await read(namedWorkspaces(files));
  return sharedVersionWarnings(crates, new Map([...files, ...named]));
}

/**
 * Which credential there will be is not known yet. A crate without a tag counts as new; one that has a tag and a
 * `trust_policy` goes out by trusted publishing.
 */
function limits({ packages, trusted }: Foresight): readonly string[] {
  const told = tellForecast(packages.flatMap(({ name, previous }) => {
    if (previous === null) return ["new"];
    return trusted.has(name) ? [] : ["update"];
  }));
  if (told === undefined) return [];
  return [
    `With a token, ${told}; new versions by trusted publishing have no such limit, and a package without a tag counts as a new crate`,
  ];
}
