/**
 * How PyPI spells what is released: a project's name, in its index and in the names of files, and its version, from
 * semver to PEP 440: the versions that both worlds read alike, and a refusal for every other.
 *
 * @module
 */

import { Failure } from "../../error.ts";

/** Whether a text is a project name at all: ASCII letters and digits at both ends, `.`, `-` and `_` inside (PEP 508). */
export function isProjectName(name: string): boolean {
  return /^(?:[a-z0-9]|[a-z0-9][a-z0-9._-]*[a-z0-9])$/i.test(name);
}

/** A project's name as the index knows it (PEP 503): lower case, each run of `-`, `_`, `.` one `-`. `"My.Pkg"` → `"my-pkg"`. */
export function normaliseName(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, "-");
}

/** A project's name as file names carry it (PEP 625, binary distribution format): normalised, with `_` for `-`. */
export function fileNamePart(name: string): string {
  return normaliseName(name).replaceAll("-", "_");
}

const PLAIN = /^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)$/;
const PRE = /^(.+?)-(alpha|beta|rc)\.(0|[1-9]\d*)$/;
const PHASES: Readonly<Record<string, string>> = { alpha: "a", beta: "b", rc: "rc" };

/**
 * A semver version as PyPI spells it: `1.2.3` stays, `1.0.0-rc.1` becomes `1.0.0rc1`. Only `X.Y.Z` and
 * `-alpha.N`, `-beta.N`, `-rc.N` have a mapping that keeps the order and never makes one of two; everything else is
 * `PIOT_VERSION_UNMAPPABLE`, which tells the package's name when it is given.
 */
export function pypiVersion(semver: string, name?: string): string {
  if (PLAIN.test(semver)) return semver;
  const [, release = "", phase = "", number = ""] = PRE.exec(semver) ?? [];
  if (PLAIN.test(release)) return `${release}${PHASES[phase]}${number}`;
  throw new Failure(
    "PIOT_VERSION_UNMAPPABLE",
    `Cannot publish version "${semver}"${name === undefined ? "" : ` of ${name}`} to PyPI: ${
      whyNot(semver)
    }`,
    { hint: "Use X.Y.Z, or X.Y.Z-alpha.N, X.Y.Z-beta.N or X.Y.Z-rc.N" },
  );
}

/** The way back: `1.0.0rc1` → `1.0.0-rc.1`; undefined for what `pypiVersion()` never makes, as `1.0` and `1.0.0.post1`. */
export function semverOfPypi(version: string): string | undefined {
  if (PLAIN.test(version)) return version;
  const [, release = "", letters = "", number = ""] = /^(.+?)(a|b|rc)(0|[1-9]\d*)$/.exec(version) ??
    [];
  const phase = Object.keys(PHASES).find((word) => PHASES[word] === letters);
  return PLAIN.test(release) ? `${release}-${phase}.${number}` : undefined;
}

/** Traps in the order of their harm; each was checked against `packaging.version`. */
const TRAPS: readonly { readonly shape: RegExp; readonly why: string }[] = [
  {
    shape: /\+/,
    why: "PyPI refuses local versions, and without it two builds would be one version",
  },
  {
    shape: /-(\d+|(post|rev|r)\.?\d*)$/i,
    why: "Python reads it as a post-release, newer than the release",
  },
  { shape: /-dev\b/i, why: "Python sorts dev before alpha, semver after beta" },
  {
    shape: /-(alpha|beta|rc)$/i,
    why: "Python reads it as number 0, which is another version in semver",
  },
  {
    shape: /-(a|b|c|pre|preview)\.\d+$/i,
    why: "Python reads it as another spelling of alpha, beta or rc",
  },
  {
    shape: /-(alpha|beta|rc)\d+$/i,
    why: "semver compares its number as text, so 10 would stand before 9",
  },
];

function whyNot(semver: string): string {
  return TRAPS.find(({ shape }) => shape.test(semver))?.why ??
    "Python's versions (PEP 440) know no such form";
}
