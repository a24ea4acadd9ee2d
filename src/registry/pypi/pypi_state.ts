/**
 * What the index shows of a project to whoever looks.
 *
 * @module
 */

import pLimit from "p-limit";
import { builtOf, type Package, type PypiPackage } from "../../core/model/package.ts";
import { parseWheelName } from "../../core/pypi/file_name.ts";
import type { IndexFile } from "../../core/pypi/index_answer.ts";
import { heldPep440Versions, parsePep440 } from "../../core/pypi/pep440.ts";
import { fitsTriple } from "../../core/pypi/platform_tag.ts";
import { PYPI } from "../../core/pypi/pypi_kind.ts";
import { normaliseName, pypiVersion } from "../../core/pypi/spelling.ts";
import type {
  HeldRelease,
  RegistryState,
  StateQuestion,
  StateReader,
  VersionRecords,
} from "../../core/status/registry_state.ts";
import type { RegistryOptions } from "../registry_kind.ts";
import { closesAt, evidenceOfFiles, isOfVersion } from "./files_of_version.ts";
import { AT_ONCE, readFileRecord } from "./file_records.ts";
import { readProject } from "./read_index.ts";

/** Makes the reader. */
export function readPypiState(access: Pick<RegistryOptions, "host" | "endpoints">): StateReader {
  return {
    read: (question) => readState(access, question),
    records: (pkg, version) => readRecords(access, { project: projectOf(pkg), version }),
  };
}

type Access = Pick<RegistryOptions, "host" | "endpoints">;

function projectOf({ kind, name, registryName }: Package): string {
  if (kind !== "pypi") throw new Error(`unreachable: ${name} is no project on PyPI`);
  return normaliseName(registryName);
}

async function readState(
  access: Access,
  { package: pkg, tagged }: StateQuestion,
): Promise<RegistryState> {
  const project = projectOf(pkg);
  const index = await readProject(access, project);
  const ofVersion = (version: string): readonly IndexFile[] =>
    (index?.files ?? []).filter((file) => isOfVersion(file, { project, version }));
  const version = tagged === undefined ? undefined : pypiVersion(tagged);
  const held = heldPep440Versions(version ?? "0.dev0", index?.versions ?? []);
  // A version whose files were all deleted is still listed.
  const newest = held.versions.filter((text) => ofVersion(text).length > 0).at(-1);
  return {
    ...(newest === undefined
      ? {}
      : { newest: { version: newest, evidence: evidenceOfFiles(ofVersion(newest)) } }),
    ...(version === undefined ? {} : { tagged: heldOf(pkg as PypiPackage, ofVersion(version)) }),
    above: held.notBelow.filter((text) => parsePep440(text) !== undefined),
    notes: statusNotes(pkg, index?.status ?? "active"),
  };
}

/** Every file is a witness: one that was added later may be of another commit. */
async function readRecords(
  access: Access,
  { project, version }: { readonly project: string; readonly version: string },
): Promise<VersionRecords> {
  const index = await readProject(access, project);
  const files = (index?.files ?? []).filter((file) => isOfVersion(file, { project, version }));
  const limit = pLimit(AT_ONCE);
  const found = await Promise.all(files.map((file) =>
    limit(async () => {
      const asked = { project, version, commit: undefined };
      const read = file.isAttested === false ? {} : await readFileRecord(access, asked, file);
      return { name: file.name, ...read };
    })
  ));
  return {
    commits: new Map(
      found.flatMap(({ name, record }) => record === undefined ? [] : [[name, record] as const]),
    ),
    notes: found.flatMap(({ note }) => note ?? []),
    witnesses: files.map(({ name }) => name),
  };
}

/** Which kinds of files the configuration asks for, and are not there. */
function heldOf(pkg: PypiPackage, files: readonly IndexFile[]): HeldRelease {
  if (files.length === 0) return { state: "absent", missing: [] };
  const wheels = files.flatMap(({ name }) => {
    const wheel = parseWheelName(name);
    return typeof wheel === "string" ? [] : [wheel];
  });
  const hasSdist = files.some(({ name }) => !name.endsWith(".whl"));
  const missing = PYPI.artifacts.ends(builtOf(pkg)).flatMap(({ target }) => {
    if (target === "sdist") return hasSdist ? [] : ["an sdist"];
    if (target === "any") return wheels.length > 0 ? [] : ["a wheel"];
    const fits = wheels.some(({ platforms }) => fitsTriple(platforms, target));
    return fits ? [] : [`a wheel for ${target}`];
  });
  if (missing.length === 0) return { state: "whole", missing };
  const closes = closesAt(files);
  return { state: "half", missing, ...(closes === undefined ? {} : { closes }) };
}

function statusNotes({ registryName }: Package, status: string): readonly string[] {
  return status === "active" ? [] : [`${registryName} is ${status} on PyPI`];
}
