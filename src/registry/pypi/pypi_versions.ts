/**
 * Versions of Python projects, written into pyproject.toml, or into the Cargo.toml that maturin reads, for the job that
 * builds. One that is dynamic otherwise stands in no file: then the sentence says where the build takes it from.
 *
 * @module
 */

import { join } from "node:path";
import { joinFolder } from "../../core/manifest/cargo_sites.ts";
import { readPyproject, setPyprojectVersion } from "../../core/manifest/pyproject.ts";
import { PYPI } from "../../core/pypi/pypi_kind.ts";
import { combineFailures, Failure } from "../../error.ts";
import { readTextIfThere } from "../../host/files.ts";
import { maturinTexts } from "./maturin_version.ts";
import type {
  PackageVersion,
  VersionTexts,
  VersionWork,
  VersionWriter,
} from "../version_writer.ts";

/** Python projects among the kinds that versions are written for. */
export const PYPI_VERSIONS: VersionWriter = { writesRequirements: false, write: writePypiVersions };

/** What one project comes to. */
interface Written {
  readonly texts: ReadonlyMap<string, string>;
  readonly notes: readonly string[];
  /** The variable that its build takes its version from, with the version as Python spells it. */
  readonly variable?: readonly [name: string, value: string];
}

async function writePypiVersions(work: VersionWork): Promise<VersionTexts> {
  const texts = new Map<string, string>();
  const notes: string[] = [];
  const problems: Failure[] = [];
  const variables = new Map<string, Map<string, string>>();
  for (const release of work.releases) {
    try {
      const made = new Map([...work.made ?? [], ...texts]);
      const written = await writeProject(release, { root: work.root, made });
      for (const [path, text] of written.texts) texts.set(path, text);
      notes.push(...written.notes);
      if (written.variable === undefined) continue;
      const [name, value] = written.variable;
      variables.set(name, (variables.get(name) ?? new Map()).set(release.package.name, value));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      problems.push(error);
    }
  }
  if (problems.length > 0) throw combineFailures(problems);
  const isTorn = (values: ReadonlyMap<string, string>): boolean =>
    new Set(values.values()).size > 1;
  const whole = [...variables].filter(([, values]) => !isTorn(values));
  return {
    texts,
    notes: [
      ...notes,
      ...[...variables].flatMap(([name, values]) => isTorn(values) ? [torn(name, values)] : []),
    ],
    variables: new Map(whole.map(([name, values]) => [name, [...values.values()][0]!])),
  };
}

/** One job cannot build two projects that read one variable at two versions: each build has to be given its own. */
function torn(name: string, values: ReadonlyMap<string, string>): string {
  const each = [...values].map(([project, value]) => `${value} for ${project}`);
  return `${name} is not set, since it would have to be ${
    each.join(" and ")
  }: build each by its own row, or ` +
    "set it for each build alone";
}

async function writeProject(
  { package: { path: folder, name }, version }: PackageVersion,
  { root, made }: { readonly root: string; readonly made: ReadonlyMap<string, string> },
): Promise<Written> {
  const path = join(root, folder, "pyproject.toml");
  const file = `${folder}/pyproject.toml`.replace(/^\.\//, "");
  const before = await readTextIfThere(path);
  if (before === undefined) throw missing(file);
  const { source } = readPyproject(before, file);
  const spelled = PYPI.spelling(version, name);
  const begin = `The version of ${name} is dynamic in ${file}, and is not written: `;
  switch (source.kind) {
    case "static": {
      const text = setPyprojectVersion(before, { version, file });
      return { texts: new Map(text === before ? [] : [[path, text]]), notes: [] };
    }
    case "scm":
      return {
        texts: new Map(),
        notes: [`${begin}set ${source.variable}=${spelled} for its build`],
        variable: [source.variable, spelled],
      };
    case "cargo": {
      const { manifestPath } = source;
      const at = joinFolder(root, folder);
      const written = await maturinTexts({
        root: joinFolder(root, "."),
        folder: at,
        manifestPath,
        version,
        made,
      });
      return "texts" in written
        ? { texts: written.texts, notes: [] }
        : { texts: new Map(), notes: [`${begin}${written.trouble}`] };
    }
    case "backend":
      return {
        texts: new Map(),
        notes: [`${begin}its build backend has to be given ${spelled}`],
      };
  }
}

function missing(file: string): Failure {
  return new Failure("PIOT_PYPROJECT_INVALID", `Cannot set the version of ${file}: there is none`, {
    hint: "Set `path` in putitoutthere.toml to the folder that has the pyproject.toml",
  });
}
