/**
 * Python projects as `init` finds them: what a pyproject.toml declares (the pyproject.toml specification; maturin's guide,
 * "Configuration").
 *
 * @module
 */

import { Failure } from "../../error.ts";
import type { Table } from "../config/toml_document.ts";
import { type FoundPackage, leaveOut, type Manifest, type Need } from "../init/found.ts";
import type { KindDraft, Manifests, Verdict } from "../init/kind_draft.ts";
import {
  fileIn,
  firstVersionOf,
  folderFrom,
  readTomlManifest,
  releasedVersion,
  tableAt,
  textAt,
  textsAt,
} from "../init/manifest_values.ts";
import type { PypiPackage } from "../model/package.ts";
import { hasExtensions, projectBuild } from "./project_build.ts";
import { PYPI_BUILDS } from "./pypi_build_steps.ts";
import { PYPI } from "./pypi_kind.ts";
import { pypiVersion, semverOfPypi } from "./spelling.ts";

/** The manifest of what maturin compiles. */
const CARGO = "Cargo.toml";

/** Python projects, also those that maturin makes of a crate. */
export const PYPI_DRAFT: KindDraft<PypiPackage> = {
  rules: PYPI,
  mark: "py",
  words: ["py", "python", "pip", "wheel", "wheels"],
  sources: /^(setup\.cfg|MANIFEST\.in)$|\.pyi?$/,
  example: {
    about: "A Python project that is made of the crate: a wheel for each platform.",
    table: `[[package]]
name = "my-project"
kind = "pypi"
path = "python/my-project"
paths = ["python/my-project/**"]
build = "maturin"
targets = ["x86_64-unknown-linux-gnu", "aarch64-apple-darwin"]
depends_on = ["my-crate"]
`,
  },
  read: readTomlManifest,
  judge: judgeProject,
  compiles: ({ ownKeys: { build } }) => build === "maturin" ? CARGO : undefined,
  builds: PYPI_BUILDS,
  nextSteps: () => [
    "PyPI: give the publish job a token of https://pypi.org/manage/account/token/ as " +
    "PYPI_API_TOKEN; the first release of a project needs one of the whole account",
  ],
};

function judgeProject(manifest: Manifest, manifests: Manifests): Verdict {
  const { table } = manifest;
  const name = textAt(tableAt(table, "project"), "name");
  const read = projectBuild(table);
  if ("reason" in read) return leaveOut(manifest, read.reason, name);
  return { found: describe(manifest, { name: name!, build: read.build, manifests }) };
}

function describe(
  manifest: Manifest,
  { name, build, manifests }: {
    readonly name: string;
    readonly build: PypiPackage["build"];
    readonly manifests: Manifests;
  },
): FoundPackage {
  const { table, file, folder } = manifest;
  const crate = build === "maturin" ? crateOf(manifest, manifests) : undefined;
  const version = textAt(tableAt(table, "project"), "version") ??
    (crate === undefined ? undefined : manifests.versionOf(crate));
  const firstVersion = firstRelease(version);
  const isNative = build === "maturin" || hasExtensions(table);
  return {
    kind: "pypi",
    file,
    folder,
    registryName: name,
    ...(version === undefined ? {} : { version: threeNumbers(version) }),
    ...(firstVersion === undefined ? {} : { firstVersion }),
    ownKeys: build === "setuptools" ? {} : { build },
    targets: isNative ? USUAL_WHEELS : [],
    areTargetsGuessed: isNative,
    ...(crate === undefined ? {} : { builtFrom: crate.file }),
    needs: projectNeeds(table),
    notes: build === "maturin" && crate === undefined
      ? [`${file} is built with maturin, and its Cargo.toml was not found`]
      : [],
  };
}

/** The crate that maturin builds: the one that `manifest-path` names, else the one beside it or in `rust/`. */
function crateOf({ table, folder }: Manifest, { byFile }: Manifests): Manifest | undefined {
  const named = textAt(tableAt(tableAt(table, "tool"), "maturin"), "manifest-path");
  const places = named === undefined ? [".", "rust"] : [`${named}/..`];
  return places.flatMap((place) => folderFrom(folder, place) ?? [])
    .map((place) => byFile.get(fileIn(place, CARGO))).find((crate) => crate !== undefined);
}

/** What most wheels are built for, as Rust spells it: pyproject.toml names no targets. */
const USUAL_WHEELS: readonly string[] = [
  "x86_64-unknown-linux-gnu",
  "aarch64-unknown-linux-gnu",
  "x86_64-apple-darwin",
  "aarch64-apple-darwin",
  "x86_64-pc-windows-msvc",
];

/** The projects that it requires, also by its extras (PEP 508: a requirement starts with the name). */
function projectNeeds(table: Table): readonly Need[] {
  const project = tableAt(table, "project");
  const extras = tableAt(project, "optional-dependencies");
  const needs = (requirements: readonly string[], isWeak: boolean): readonly Need[] =>
    requirements.flatMap((requirement) => {
      const name = /^\s*([A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?)/.exec(requirement)?.[1];
      return name === undefined ? [] : [{ kind: "pypi", name, isWeak }];
    });
  return [
    ...needs(textsAt(project, "dependencies"), false),
    ...needs(Object.keys(extras).flatMap((extra) => textsAt(extras, extra)), true),
  ];
}

/** The version of a first release in semver's spelling, where PyPI can hold it. */
function firstRelease(version: string | undefined): string | undefined {
  if (version === undefined) return undefined;
  const released = releasedVersion(threeNumbers(version));
  const first = firstVersionOf(semverOfPypi(released) ?? released);
  return first !== undefined && isOfPypi(first) ? first : undefined;
}

/** Python's versions may have fewer numbers: `1.2` is `1.2.0` (PEP 440, "Final releases"). */
function threeNumbers(version: string): string {
  if (/^\d+$/.test(version)) return `${version}.0.0`;
  return /^\d+\.\d+$/.test(version) ? `${version}.0` : version;
}

function isOfPypi(version: string): boolean {
  try {
    pypiVersion(version);
    return true;
  } catch (error) {
    if (error instanceof Failure) return false;
    throw error;
  }
}
