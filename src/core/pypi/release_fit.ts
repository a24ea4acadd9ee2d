/**
 * Whether a distribution belongs to a release: name, version, and for a wheel the row that delivered it.
 *
 * @module
 */

import { type CoreMetadata, metadataField } from "./core_metadata.ts";
import { type SdistName, sdistName, type WheelName } from "./file_name.ts";
import { isSamePep440, parsePep440 } from "./pep440.ts";
import { fitsTriple, judgePlatformTag, platformTagHint } from "./platform_tag.ts";
import { fileNamePart, normaliseName } from "./spelling.ts";

/** What a release asks of its files. */
export interface WantedRelease {
  /** The project's name as configured. */
  readonly project: string;
  /** As PyPI spells it. */
  readonly version: string;
}

/** A clause that says what is wrong, and what to do. */
export interface Misfit {
  readonly clause: string;
  readonly hint: string;
}

const REBUILD =
  "Build it again with the tool's current release; the file is not as its format says";

/** Where an sdist's name is not the only one that PyPI takes. */
export function sdistNameMisfits(name: SdistName, wanted: WantedRelease): readonly Misfit[] {
  const expected = sdistName(wanted.project, wanted.version);
  if (name.fileName === expected) return [];
  const version = versionMisfits(name.version, { wanted, where: "its file name" });
  return version.length > 0 ? version : [{
    clause: `PyPI takes the sdist as "${expected}" only`,
    hint:
      "Build with a backend that names sdists as PEP 625 says, such as setuptools 69.3 or newer",
  }];
}

/** Where a wheel's name does not carry the project and the version. */
export function wheelNameMisfits(name: WheelName, wanted: WantedRelease): readonly Misfit[] {
  const expected = fileNamePart(wanted.project);
  const isOther = normaliseName(name.name) !== normaliseName(wanted.project);
  return [
    ...(name.name === expected ? [] : [{
      clause: `its file name starts with "${name.name}", not "${expected}"`,
      hint: isOther ? "Publish it from the package that it was built from" : REBUILD,
    }]),
    ...versionMisfits(name.version, { wanted, where: "its file name" }),
  ];
}

/** Where METADATA or PKG-INFO names another project or version. */
export function metadataMisfits(metadata: CoreMetadata, wanted: WantedRelease): readonly Misfit[] {
  const name = metadataField(metadata, "Name");
  const version = metadataField(metadata, "Version");
  const isOther = name !== undefined && normaliseName(name) !== normaliseName(wanted.project);
  return [
    ...(isOther
      ? [{
        clause: `its metadata says Name "${name}", the release is of "${wanted.project}"`,
        hint: "Make `pypi` in putitoutthere.toml and `name` in pyproject.toml the same",
      }]
      : []),
    ...(version === undefined ? [] : versionMisfits(version, { wanted, where: "its metadata" })),
  ];
}

function versionMisfits(
  found: string,
  { wanted, where }: { readonly wanted: WantedRelease; readonly where: string },
): Misfit[] {
  if (isSamePep440(found, wanted.version)) return [];
  return [{
    clause: `${where} says version ${found}, the plan says ${wanted.version}`,
    hint: versionHint(found),
  }];
}

/** A version backend that finds no tag for the commit counts up from the last one: `1.2.4.dev3+g0a1b2c3`. */
function versionHint(found: string): string {
  const version = parsePep440(found);
  return version?.dev !== undefined || version?.local !== undefined
    ? "A version backend counted from the last tag: give the build SETUPTOOLS_SCM_PRETEND_VERSION " +
      "(PDM_BUILD_SCM_VERSION for pdm) with the planned version"
    : "Write the planned version into the project in the build job, before it builds";
}

/** Where a wheel's platform tags are none that PyPI takes. */
export function platformMisfits(name: WheelName): readonly Misfit[] {
  return name.platforms.filter((tag) => judgePlatformTag(tag) === "refused").map((tag) => ({
    clause: `PyPI takes no wheel with the platform tag "${tag}"`,
    hint: platformTagHint(tag),
  }));
}

/** Platform tags that PyPI may not take yet, as sentences. */
export function platformWarnings(name: WheelName): readonly string[] {
  return name.platforms.filter((tag) => judgePlatformTag(tag) === "unsure").map((tag) =>
    `"${name.fileName}" has the platform tag "${tag}", which PyPI may not take yet`
  );
}

/** Where a wheel does not belong to its row: `any`, a triple, or undefined for a folder beyond the planned rows. */
export function rowMisfits(name: WheelName, row: string | undefined): readonly Misfit[] {
  const isAny = name.platforms.includes("any");
  if (row === undefined) return [];
  if (row === "any") {
    return isAny ? [] : [{
      clause: `its platform is ${name.platforms.join(", ")}, in a row for wheels that run anywhere`,
      hint:
        "Name the platforms of this package in `targets`, let the job upload it as an artifact " +
        "<name>-wheels-…, or build it without compiled parts",
    }];
  }
  return fitsTriple(name.platforms, row) ? [] : [{
    clause: `its platform is ${name.platforms.join(", ")}, in the row for ${row}`,
    hint: isAny
      ? "Remove `targets` from this package if it has no compiled parts"
      : `Let the build job of ${row} build for ${row}`,
  }];
}
