/**
 * Checks a release's distributions by content and makes their upload forms. Every problem of every file is found before
 * any of them is reported.
 *
 * @module
 */

import { join } from "node:path";
import { refuseCredentials } from "../../artifact/credential_files.ts";
import { type ReadSdist, readSdist } from "../../artifact/sdist.ts";
import { type ReadWheel, readWheel } from "../../artifact/wheel.ts";
import { namedByPython, namedInWheel } from "../../core/manifest/named_files.ts";
import type { PypiPackage } from "../../core/model/package.ts";
import { bundleMisfits, isBundled } from "../../core/pypi/bundled_program.ts";
import { type CoreMetadata, formFields } from "../../core/pypi/core_metadata.ts";
import { metadataDoubts } from "../../core/pypi/metadata_rules.ts";
import {
  metadataMisfits,
  type Misfit,
  platformMisfits,
  platformWarnings,
  rowMisfits,
  sdistNameMisfits,
  type WantedRelease,
  wheelNameMisfits,
} from "../../core/pypi/release_fit.ts";
import { normaliseName, pypiVersion } from "../../core/pypi/spelling.ts";
import { combineFailures, Failure } from "../../error.ts";
import { fileSize, readTextIfThere } from "../../host/files.ts";
import type { Refuse, Release } from "../registry.ts";
import { collect } from "./collect.ts";
import type { Distribution, PypiPrepared } from "./pypi_prepared.ts";
import { type BuiltFile, plannedRows } from "./row_files.ts";

/** PyPI's limit for one file; projects can have a higher one (pypi/warehouse `constants.py`). */
const USUAL_LIMIT = 100 * 2 ** 20;

/**
 * Prepares every release of a checkout, or throws what is wrong with all of them together: `PIOT_ARTIFACT_MISSING`,
 * `PIOT_ARTIFACT_INVALID`, `PIOT_VERSION_UNMAPPABLE`.
 */
export async function prepareAll(
  releases: readonly Release<PypiPackage>[],
  root: string,
  refuse?: Refuse,
): Promise<readonly PypiPrepared[]> {
  const prepared: PypiPrepared[] = [];
  const failures: Failure[] = [];
  for (const release of releases) {
    const outcome = await prepareRelease(release, root).catch(asFailure);
    if (!(outcome instanceof Failure)) prepared.push(outcome);
    else if (refuse === undefined) failures.push(outcome);
    else refuse(release, outcome);
  }
  if (failures.length > 0) throw combineFailures(failures);
  return prepared;
}

function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  throw error;
}

async function prepareRelease(
  release: Release<PypiPackage>,
  root: string,
): Promise<PypiPrepared> {
  const version = pypiVersion(release.version);
  const wanted = { project: release.package.registryName, version };
  const { files, failures, warnings } = await collect({ release, pypiVersion: version });
  const named = await readNamedFiles(join(root, release.package.path));
  const checked = [];
  for (const file of files) checked.push(await checkFile(file, { wanted, release, named }));
  const all = [...failures, ...checked.flatMap((file) => file.failures)];
  if (all.length > 0) throw combineFailures(all);
  return {
    release,
    project: normaliseName(wanted.project),
    pypiVersion: version,
    files: inUploadOrder(checked.flatMap(({ distribution }) => distribution ?? [])),
    warnings: [...warnings, ...checked.flatMap((file) => file.warnings)],
  };
}

/** Wheels first: an installer that sees the release while it fills up would build the sdist otherwise. */
function inUploadOrder(files: readonly Distribution[]): readonly Distribution[] {
  const byName = [...files].sort((left, right) => (left.name < right.name ? -1 : 1));
  const of = (kind: string): Distribution[] => byName.filter((file) => file.kind === kind);
  return [...of("wheel"), ...of("sdist")];
}

interface CheckedFile {
  readonly distribution: Distribution | undefined;
  readonly failures: readonly Failure[];
  readonly warnings: readonly string[];
}

interface CheckContext {
  readonly wanted: WantedRelease;
  readonly release: Release<PypiPackage>;
  /** The paths that the project names to be packaged. */
  readonly named: ReadonlySet<string>;
}

async function readNamedFiles(project: string): Promise<ReadonlySet<string>> {
  const [pyproject, manifestIn] = await Promise.all(
    ["pyproject.toml", "MANIFEST.in"].map((file) => readTextIfThere(join(project, file))),
  );
  return namedByPython({ pyproject, manifestIn });
}

async function checkFile(file: BuiltFile, context: CheckContext): Promise<CheckedFile> {
  const read = await readFile(file, context).catch(asFailure);
  if (read instanceof Failure) return failed([read]);
  if (typeof read === "string") return failed([fileFailure(file, { clause: read, hint: REBUILD })]);
  const { metadata } = read;
  const misfits = misfitsOf(read, { file, ...context });
  const credentials = credentialProblems(read, context);
  if (misfits.length > 0 || credentials.length > 0 || metadata === undefined) {
    return failed([...misfits.map((misfit) => fileFailure(file, misfit)), ...credentials]);
  }
  const size = await fileSize(file.path);
  const distribution = makeDistribution(file, { read, metadata, size });
  return { distribution, failures: [], warnings: fileWarnings(read, size) };
}

function credentialProblems(
  { kind, name: { fileName }, credentials }: ReadWheel | ReadSdist,
  { named }: CheckContext,
): readonly Failure[] {
  const paths = credentials.map(({ path }) => path);
  const names = kind === "wheel" ? namedInWheel(named, paths) : named;
  const place = "pyproject.toml below `[tool]`, or in an `include` line of MANIFEST.in";
  return refuseCredentials(credentials, { subject: `"${fileName}"`, named: { names, place } });
}

function makeDistribution(
  { name, path, sha256 }: BuiltFile,
  { read, metadata, size }: {
    readonly read: ReadWheel | ReadSdist;
    readonly metadata: CoreMetadata;
    readonly size: number;
  },
): Distribution {
  const isWheel = read.kind === "wheel";
  return {
    kind: read.kind,
    name,
    path,
    size,
    sha256,
    digest: `sha256-${sha256}`,
    // An installer that finds an sdist alone starts to build it.
    wave: isWheel ? 0 : 1,
    fields: formFields(metadata, {
      filetype: isWheel ? "bdist_wheel" : "sdist",
      pyversion: isWheel ? read.name.pythonTag : "source",
      sha256,
    }),
  };
}

const REBUILD =
  "Mend the build so that the file is as its format and PyPI ask; PyPI would refuse it as it is";

async function readFile(
  { name, path }: BuiltFile,
  { release: { package: { bundleCli } } }: CheckContext,
): Promise<ReadWheel | ReadSdist | string> {
  if (!name.endsWith(".whl")) return await readSdist(path);
  return await readWheel(
    path,
    bundleCli === undefined ? {} : { isProgram: (member) => isBundled(member, bundleCli) },
  );
}

function failed(failures: readonly Failure[]): CheckedFile {
  return { distribution: undefined, failures, warnings: [] };
}

function fileFailure(file: BuiltFile, { clause, hint }: Misfit): Failure {
  return new Failure("PIOT_ARTIFACT_INVALID", `Cannot publish "${file.name}": ${clause}`, { hint });
}

function misfitsOf(
  read: ReadWheel | ReadSdist,
  context: CheckContext & { readonly file: BuiltFile },
): readonly Misfit[] {
  return [
    ...(read.kind === "wheel"
      ? wheelMisfits(read, context)
      : sdistNameMisfits(read.name, context.wanted)),
    ...(read.metadata === undefined ? [] : metadataMisfits(read.metadata, context.wanted)),
    ...read.problems.map((clause) => ({ clause, hint: REBUILD })),
  ];
}

function wheelMisfits(
  { name, native }: ReadWheel,
  { file, wanted, release }: CheckContext & { readonly file: BuiltFile },
): readonly Misfit[] {
  const refused = platformMisfits(name);
  return [
    ...wheelNameMisfits(name, wanted),
    ...native.misfits,
    ...bundledMisfits(native.programs, { file, release }),
    ...refused,
    // A tag that PyPI takes nowhere fits no row either; one word about it is enough.
    ...(refused.length > 0
      ? []
      : file.rows.flatMap((row) => rowMisfits(name, plannedRows(release.package).get(row.name)))),
  ];
}

/** A program is asked for in the wheels of planned rows, each of a triple. */
function bundledMisfits(
  programs: ReadWheel["native"]["programs"],
  { file, release }: Pick<CheckContext, "release"> & { readonly file: BuiltFile },
): readonly Misfit[] {
  const { bundleCli } = release.package;
  if (bundleCli === undefined) return [];
  const planned = plannedRows(release.package);
  const triples = new Set(file.rows.flatMap((row) => planned.get(row.name) ?? []));
  return [...triples].flatMap((triple) => bundleMisfits(programs, { bundle: bundleCli, triple }));
}

function fileWarnings(read: ReadWheel | ReadSdist, size: number): readonly string[] {
  const { fileName } = read.name;
  const unknown = read.metadata?.unknown ?? [];
  return [
    ...(read.kind === "wheel"
      ? [
        ...platformWarnings(read.name),
        ...read.native.warnings.map((clause) => `"${fileName}" ${clause}`),
      ]
      : []),
    ...(size > USUAL_LIMIT
      ? [
        `"${fileName}" has ${size} bytes; PyPI takes ${USUAL_LIMIT} unless the project's limit was raised`,
      ]
      : []),
    ...(read.metadata === undefined ? [] : metadataDoubts(read.metadata))
      .map((doubt) => `"${fileName}": ${doubt}`),
    ...(unknown.length > 0
      ? [`"${fileName}" has metadata that PyPI does not store: ${unknown.join(", ")}`]
      : []),
  ];
}
