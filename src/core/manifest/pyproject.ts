/**
 * pyproject.toml: where a project's version comes from, and writing it there as text, every other byte kept.
 *
 * @module
 */

import { Failure, type Problem } from "../../error.ts";
import { pypiVersion } from "../pypi/spelling.ts";
import {
  type CargoLeaf,
  type CargoToml,
  leafAt,
  parseCargoToml,
  requote,
  spliceText,
} from "./cargo_toml.ts";

/** Where a build takes its version from. */
export type VersionSource =
  /** Written in this file, in `[project]` or, for Poetry before 2, in `[tool.poetry]`. */
  | { readonly kind: "static"; readonly version: string }
  /** maturin reads Cargo.toml; `manifestPath` is the one that `[tool.maturin]` names. */
  | { readonly kind: "cargo"; readonly manifestPath?: string }
  /** The git tag, unless a variable says otherwise. */
  | { readonly kind: "scm"; readonly variable: string }
  /** Something else that only the build backend knows: a module, a file, a variable. */
  | { readonly kind: "backend" };

/** What a pyproject.toml says, as far as releases go. */
export interface Pyproject {
  /** `[project].name`, or Poetry's; undefined without one. */
  readonly name: string | undefined;
  /** `[build-system].build-backend`; undefined for the default, which is setuptools. */
  readonly backend: string | undefined;
  readonly source: VersionSource;
}

/** Reads a pyproject.toml. Throws `PIOT_PYPROJECT_INVALID` for bad TOML, and for a version that is nowhere or in two places. */
export function readPyproject(text: string, file: string): Pyproject {
  const toml = parse(text, file);
  return {
    name: textAt(toml, ["project", "name"]) ?? textAt(toml, ["tool", "poetry", "name"]),
    backend: textAt(toml, ["build-system", "build-backend"]),
    source: sourceOf(toml, file),
  };
}

/**
 * The text with a version, given in semver's spelling and written in Python's. A text whose version is dynamic comes
 * back as it was: removing `dynamic` would be another project. Throws as {@link readPyproject} and {@link pypiVersion}.
 */
export function setPyprojectVersion(
  text: string,
  { version, file }: { readonly version: string; readonly file: string },
): string {
  const toml = parse(text, file);
  if (sourceOf(toml, file).kind !== "static") return text;
  const leaf = versionLeaf(toml)!;
  const spelled = pypiVersion(version);
  const edited = spliceText(text, [requote(toml, leaf, spelled)]);
  // The proof that the right place was hit, whatever notation the file uses.
  if (versionLeaf(parse(edited, file))?.value !== spelled) {
    throw new Error(`unreachable: ${file} does not read ${spelled} after the edit`);
  }
  return edited;
}

function parse(text: string, file: string): CargoToml {
  try {
    return parseCargoToml(text, file);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    throw invalid(error.message, {
      hint: "Mend the line that is shown",
      ...(error.location === undefined ? {} : { location: error.location }),
    }, error);
  }
}

function invalid(
  message: string,
  rest: Pick<Problem, "hint" | "location">,
  cause?: unknown,
): Failure {
  return new Failure("PIOT_PYPROJECT_INVALID", message, { ...rest, cause });
}

function textAt(toml: CargoToml, path: readonly string[]): string | undefined {
  const value = leafAt(toml, path)?.value;
  return typeof value === "string" ? value : undefined;
}

function versionLeaf(toml: CargoToml): CargoLeaf | undefined {
  const leaf = leafAt(toml, ["project", "version"]) ?? leafAt(toml, ["tool", "poetry", "version"]);
  return typeof leaf?.value === "string" ? leaf : undefined;
}

function has(toml: CargoToml, ...path: string[]): boolean {
  return toml.leaves.some((leaf) => path.every((key, index) => leaf.path[index] === key));
}

/** The strings of an array. */
function textsAt(toml: CargoToml, path: readonly string[]): readonly string[] {
  const items = leafAt(toml, path)?.items ?? [];
  return items.filter((item) => typeof item === "string");
}

function sourceOf(toml: CargoToml, file: string): VersionSource {
  const isDynamic = textsAt(toml, ["project", "dynamic"]).includes("version");
  const isStatic = leafAt(toml, ["project", "version"]) !== undefined;
  const leaf = versionLeaf(toml);
  // A project's version is either written or listed in `dynamic` (pyproject.toml specification, "version").
  if (isStatic && isDynamic) {
    throw invalid(`Cannot read ${file}: [project] has a version and lists "version" in dynamic`, {
      hint: "Keep the one that the build is to use, and remove the other",
      location: { file },
    });
  }
  if (leaf !== undefined) return { kind: "static", version: String(leaf.value) };
  if (has(toml, "project") && !isDynamic) {
    throw invalid(`Cannot read ${file}: [project] has no version`, {
      hint: 'Write `version = "0.0.0"` under [project], or `dynamic = ["version"]`',
      location: { file },
    });
  }
  return dynamicSource(toml);
}

/** Each tool by a mark that only it leaves, and the variable with which it takes a version from outside. */
function dynamicSource(toml: CargoToml): VersionSource {
  const backend = textAt(toml, ["build-system", "build-backend"]) ?? "";
  const requires = textsAt(toml, ["build-system", "requires"]);
  if (backend === "maturin") {
    const manifestPath = textAt(toml, ["tool", "maturin", "manifest-path"]);
    return { kind: "cargo", ...(manifestPath === undefined ? {} : { manifestPath }) };
  }
  // hatch-vcs asks setuptools-scm without the project's name, so only the variable without a name reaches it.
  if (
    requires.some((text) =>
      /^\s*(?:hatch[-_.]vcs|setuptools[-_.]scm|vcs[-_.]versioning)\b/i.test(text)
    )
  ) {
    return { kind: "scm", variable: "SETUPTOOLS_SCM_PRETEND_VERSION" };
  }
  if (textAt(toml, ["tool", "pdm", "version", "source"]) === "scm") {
    return { kind: "scm", variable: "PDM_BUILD_SCM_VERSION" };
  }
  return { kind: "backend" };
}
