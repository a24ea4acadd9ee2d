/**
 * The manifest of the publish document: package.json as npm normalises it before it is sent.
 *
 * @module
 */

import normalize from "normalize-package-data";
import type { PackageJson } from "../../core/npm/package_json.ts";
import { Failure, messageOf } from "../../error.ts";
import { USER_AGENT } from "../../host/version.ts";
import type { Manifest } from "./prepared.ts";

/** What the manifest takes from outside package.json. */
export interface ManifestExtras {
  /** HEAD; undefined outside a git work tree. */
  readonly commit: string | undefined;
  /** The README that is in the tarball; undefined when there is none. */
  readonly readme: { readonly name: string; readonly text: string } | undefined;
  /** Whether `binding.gyp` is at the package's top. */
  readonly hasBindingGyp: boolean;
}

/** Makes the manifest. Throws `PIOT_NPM_MANIFEST` when the normaliser refuses the name or the version. */
export function makeManifest(manifest: PackageJson, extras: ManifestExtras): Manifest {
  const data = structuredClone(withoutOurs(manifest.raw)) as Record<string, unknown>;
  const declared = dependencyNames(data);
  delete data["bin"];
  if (Object.keys(manifest.bin).length > 0) data["bin"] = { ...manifest.bin };
  if (extras.readme !== undefined) data["readme"] = extras.readme.text;
  if (extras.hasBindingGyp) addGypInstall(data);
  try {
    normalize(data as normalize.Input);
  } catch (error) {
    throw new Failure("PIOT_NPM_MANIFEST", `Cannot publish package.json: ${messageOf(error)}`, {
      hint: "Mend the field that the message names",
      cause: error,
    });
  }
  dedupeOptional(data, declared);
  return {
    ...data,
    ...(extras.readme === undefined ? {} : { readmeFilename: extras.readme.name }),
    ...(extras.commit === undefined ? {} : { gitHead: extras.commit }),
    // Says which client sent it; other clients that are not npm write their own name too.
    _npmVersion: USER_AGENT.split(" ")[0],
  } as unknown as Manifest;
}

/** Fields that start with `_`, and `dist`, are the registry's to write; a package.json that was installed has them. */
function withoutOurs(raw: PackageJson["raw"]): Record<string, unknown> {
  const entries = Object.entries(raw).filter(([key]) => !key.startsWith("_") && key !== "dist");
  return Object.fromEntries(entries);
}

function dependencyNames({ dependencies }: Record<string, unknown>): readonly string[] {
  return typeof dependencies === "object" && dependencies !== null ? Object.keys(dependencies) : [];
}

/** The normaliser copies optional dependencies into `dependencies`; npm takes them out again before it publishes. */
function dedupeOptional(data: Record<string, unknown>, declared: readonly string[]): void {
  const { dependencies, optionalDependencies } = data;
  if (typeof dependencies !== "object" || dependencies === null) return;
  const optional = Object.keys((optionalDependencies as object | undefined) ?? {});
  const kept = Object.entries(dependencies).filter(([name]) => !optional.includes(name));
  if (kept.length === 0 && declared.every((name) => optional.includes(name))) {
    delete data["dependencies"];
  } else data["dependencies"] = Object.fromEntries(kept);
}

/** npm builds a package with a `binding.gyp` and no install script of its own (npm's docs, scripts). */
function addGypInstall(data: Record<string, unknown>): void {
  const scripts = (data["scripts"] ?? {}) as Record<string, unknown>;
  if (data["gypfile"] === false || scripts["install"] || scripts["preinstall"]) return;
  data["scripts"] = { ...scripts, install: "node-gyp rebuild" };
  data["gypfile"] = true;
}
