/**
 * Versions of Python projects, written into pyproject.toml for the job that builds. One that is dynamic stands in no file
 * of the project's: then the sentence says where the build takes it from.
 *
 * @module
 */

import { join } from "node:path";
import { readPyproject, setPyprojectVersion } from "../../core/manifest/pyproject.ts";
import { PYPI } from "../../core/pypi/pypi_kind.ts";
import { combineFailures, Failure } from "../../error.ts";
import { readTextIfThere } from "../../host/files.ts";
import type {
  PackageVersion,
  VersionTexts,
  VersionWork,
  VersionWriter,
} from "../version_writer.ts";

/** Python projects among the kinds that versions are written for. */
export const PYPI_VERSIONS: VersionWriter = { writesRequirements: false, write: writePypiVersions };

async function writePypiVersions({ root, releases }: VersionWork): Promise<VersionTexts> {
  const texts = new Map<string, string>();
  const notes: string[] = [];
  const problems: Failure[] = [];
  const variables = new Map<string, string>();
  const torn = new Set<string>();
  for (const release of releases) {
    const { package: { path: folder }, version } = release;
    const path = join(root, folder, "pyproject.toml");
    const file = `${folder}/pyproject.toml`.replace(/^\.\//, "");
    try {
      const before = await readTextIfThere(path);
      if (before === undefined) throw missing(file);
      const text = setPyprojectVersion(before, { version, file });
      if (text !== before) texts.set(path, text);
      notes.push(...noteOf(before, { release, file }));
      const variable = variableOf(before, { release, file });
      if (variable === undefined) continue;
      const [name, value] = variable;
      if ((variables.get(name) ?? value) !== value) torn.add(name);
      variables.set(name, value);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      problems.push(error);
    }
  }
  if (problems.length > 0) throw combineFailures(problems);
  // One job cannot build two projects that read one variable at two versions: each build has to be given its own.
  return { texts, notes, variables: new Map([...variables].filter(([name]) => !torn.has(name))) };
}

/** The variable that a build takes its version from, with the version as Python spells it. */
function variableOf(
  text: string,
  { release, file }: { readonly release: PackageVersion; readonly file: string },
): readonly [string, string] | undefined {
  const { source } = readPyproject(text, file);
  const { package: { name }, version } = release;
  return source.kind === "scm" ? [source.variable, PYPI.spelling(version, name)] : undefined;
}

function noteOf(
  text: string,
  { release, file }: { readonly release: PackageVersion; readonly file: string },
): readonly string[] {
  const { source } = readPyproject(text, file);
  if (source.kind === "static") return [];
  const { package: { name }, version } = release;
  const spelled = PYPI.spelling(version, name);
  const begin = `The version of ${name} is dynamic in ${file}, and is not written: `;
  switch (source.kind) {
    case "scm":
      return [`${begin}set ${source.variable}=${spelled} for its build`];
    case "cargo":
      return [`${begin}maturin takes it from Cargo.toml, which has to say ${version}`];
    case "backend":
      return [`${begin}its build backend has to be given ${spelled}`];
  }
}

function missing(file: string): Failure {
  return new Failure("PIOT_PYPROJECT_INVALID", `Cannot set the version of ${file}: there is none`, {
    hint: "Set `path` in putitoutthere.toml to the folder that has the pyproject.toml",
  });
}
