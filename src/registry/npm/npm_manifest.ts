/**
 * What publishing would refuse about a package.json in the checkout.
 *
 * @module
 */

import { join } from "node:path";
import type { ManifestReading } from "../../core/doctor/manifest_facts.ts";
import type { NpmPackage } from "../../core/model/package.ts";
import { judgeManifest } from "../../core/npm/manifest_rules.ts";
import { type PackageJson, parsePackageJson } from "../../core/npm/package_json.ts";
import { Failure } from "../../error.ts";
import { readTextIfThere } from "../../host/files.ts";
import { manifestPath, type ManifestPlace, type ManifestReader } from "../manifest_reader.ts";

/** Makes the reader. */
export function readNpmManifests({ root, endpoints }: ManifestPlace): ManifestReader {
  return async (pkg, version) => {
    const file = manifestPath(pkg, "package.json");
    const nothing = { file, repositories: [], hasLicense: undefined, oddities: [] };
    try {
      const text = await readTextIfThere(join(root, file));
      if (text === undefined) return { ...nothing, refusals: [missing(pkg.name, file)] };
      const manifest = parsePackageJson(text, file);
      const registries = [endpoints.npm];
      const refusals = judgeManifest({ manifest, package: pkg as NpmPackage, version, registries });
      return { ...nothing, ...fieldsOf(manifest), refusals };
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return { ...nothing, refusals: [error] };
    }
  };
}

function fieldsOf({ raw }: PackageJson): Pick<ManifestReading, "repositories" | "hasLicense"> {
  const { repository, license } = raw as { repository?: unknown; license?: unknown };
  const url = typeof repository === "string"
    ? repository
    : (repository as { url?: unknown } | undefined)?.url;
  // The short form is a repository on GitHub (npm's docs, package.json, repository).
  const whole = typeof url === "string" && /^(?:github:)?[\w.-]+\/[\w.-]+$/.test(url)
    ? `https://github.com/${url.replace(/^github:/, "")}`
    : url;
  return {
    repositories: typeof whole === "string" && whole !== "" ? [whole] : [],
    hasLicense: typeof license === "string" && license !== "" ||
      (typeof license === "object" && license !== null) || "licenses" in raw,
  };
}

function missing(name: string, file: string): Failure {
  return new Failure("PIOT_NPM_MANIFEST", `Cannot publish ${name}: there is no ${file}`, {
    hint: "Set `path` in putitoutthere.toml to the folder that has the package's package.json",
    location: { file },
  });
}
