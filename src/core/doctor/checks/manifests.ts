/**
 * Manifests, against the configuration and what registries take: in the words of the release itself.
 *
 * @module
 */

import type { Failure } from "../../../error.ts";
import type { Package } from "../../model/package.ts";
import { parseRepositoryUrl } from "../../release/repository_url.ts";
import type { Check } from "../check.ts";
import type { DeclaredConfig, DoctorFacts } from "../facts.ts";
import type { Found } from "../finding.ts";
import type { ManifestFacts } from "../manifest_facts.ts";

interface Read {
  readonly pkg: Package;
  readonly manifest: ManifestFacts;
  readonly config: DeclaredConfig;
}

function each(
  facts: DoctorFacts,
  judge: (read: Read) => readonly Found[],
): readonly Found[] | undefined {
  const { config, manifests } = facts;
  if (config === undefined || manifests.size === 0) return undefined;
  return config.packages.flatMap((pkg) => {
    const manifest = manifests.get(pkg.name);
    return manifest === undefined ? [] : judge({ pkg, manifest, config });
  });
}

/** A failure as something that was found; without the program that would tell, nobody knows. */
function foundOf(failure: Failure, file: string): readonly Found[] {
  return failure.problems.map(({ code, message, hint, location }) => ({
    message,
    location: location ?? { file },
    ...(hint === undefined ? {} : { mend: hint }),
    ...(code === "PIOT_PROGRAM_MISSING" ? { weight: "unknown" as const } : {}),
  }));
}

/** Publishing takes the manifest. */
export const PUBLISHABLE: Check = {
  id: "manifest-publishable",
  subject: "manifest",
  title:
    "Every manifest is there, agrees with putitoutthere.toml, and is one that its registry takes",
  severity: "failed",
  why:
    "Names, features, the build backend, required metadata, limits: what the release would refuse after everything is built, in its own words.",
  mend: "Mend what is shown",
  run: (facts) =>
    each(
      facts,
      ({ manifest: { refusals, file } }) => refusals.flatMap((failure) => foundOf(failure, file)),
    ),
};

/** Versions can be written. */
export const VERSIONS_WRITABLE: Check = {
  id: "versions-writable",
  subject: "manifest",
  title: "The planned version can be written into every manifest",
  severity: "failed",
  why:
    "It is written where publishing and `set-version` would; a version that is nowhere, or inherited by packages that ship at several, cannot be.",
  mend: "Mend what is shown",
  run: (facts) =>
    each(facts, ({ pkg, manifest: { unwritable, file, refusals }, config }) => {
      // What cannot be read is told by itself, once.
      const isUnread = config.packages.some(({ kind, name }) =>
        kind === pkg.kind && facts.manifests.get(name)?.hasLicense === undefined
      );
      const told = refusals.flatMap(({ problems }) => problems.map(({ message }) => message));
      return isUnread
        ? []
        : unwritable.flatMap((failure) => foundOf(failure, file)).filter(({ message }) =>
          !told.includes(message)
        );
    }),
};

/** The repository is this one. */
export const REPOSITORY: Check = {
  id: "repository",
  subject: "manifest",
  title: "The repository that a manifest names is this one",
  severity: "warning",
  why:
    "npm refuses provenance for a package that names another repository or none, and the other registries show the wrong place to everybody.",
  mend: "Set `repository` to this repository's address",
  run: (facts) => {
    const { repository } = facts;
    if (repository === undefined) return undefined;
    return each(facts, ({ pkg, manifest: { repositories, file, hasLicense } }) => {
      const weight = pkg.kind === "npm" ? "failed" as const : "warning" as const;
      const other = repositories.find((url) => {
        const found = parseRepositoryUrl(url);
        return found !== undefined && found.repository.toLowerCase() !== repository.toLowerCase();
      });
      if (other !== undefined) {
        return [{
          message: `${pkg.name} names the repository ${other}, and this is ${repository}`,
          location: { file },
          weight,
        }];
      }
      const isSilent = pkg.kind === "npm" && repositories.length === 0 && hasLicense !== undefined;
      return isSilent
        ? [{
          message: `${pkg.name} names no repository`,
          location: { file },
          weight: "warning" as const,
        }]
        : [];
    });
  },
};

/** There is a licence. */
export const LICENSE: Check = {
  id: "license",
  subject: "manifest",
  title: "Every package names its licence",
  severity: "warning",
  why:
    "Without one nobody may use it, and the pages of registries say so; crates.io takes no crate without.",
  mend: "Write an SPDX expression into `license`",
  run: (facts) =>
    each(
      facts,
      ({ pkg, manifest: { hasLicense, file } }) =>
        hasLicense === false
          ? [{ message: `${pkg.name} names no licence`, location: { file } }]
          : [],
    ),
};

/** What is odd about the build. */
export const BUILD_FITS: Check = {
  id: "build-fits",
  subject: "manifest",
  title: "What a build makes and takes along is what the configuration counts on",
  severity: "warning",
  why:
    "A program that `bundle_cli` stages into a wheel has to be one of its crate, and is left out where git ignores it and `[tool.maturin].include` does not name it.",
  mend: "Add the folder to `include` in `[tool.maturin]`",
  run: (facts) => each(facts, ({ manifest: { oddities } }) => oddities),
};
