/**
 * What the index shows of a project to whoever looks.
 *
 * @module
 */

import { type PypiPackage, targetsOf } from "../../core/model/package.ts";
import { parseWheelName } from "../../core/pypi/file_name.ts";
import type { IndexFile } from "../../core/pypi/index_answer.ts";
import { heldPep440Versions, parsePep440 } from "../../core/pypi/pep440.ts";
import { fitsTriple } from "../../core/pypi/platform_tag.ts";
import { PYPI } from "../../core/pypi/pypi_kind.ts";
import { normaliseName, pypiVersion } from "../../core/pypi/spelling.ts";
import type { HeldRelease, ReadState } from "../../core/status/registry_state.ts";
import type { RegistryOptions } from "../registry_kind.ts";
import { closesAt, evidenceOfFiles, isOfVersion } from "./files_of_version.ts";
import { readProject } from "./read_index.ts";

/** Makes the reader. */
export function readPypiState(access: Pick<RegistryOptions, "host" | "endpoints">): ReadState {
  return async ({ package: pkg, tagged }) => {
    if (pkg.kind !== "pypi") throw new Error(`unreachable: ${pkg.name} is no project on PyPI`);
    const project = normaliseName(pkg.registryName);
    const index = await readProject(access, project);
    const files = index?.files ?? [];
    const ofVersion = (version: string): readonly IndexFile[] =>
      files.filter((file) => isOfVersion(file, { project, version }));
    const version = tagged === undefined ? undefined : pypiVersion(tagged);
    const held = heldPep440Versions(version ?? "0.dev0", index?.versions ?? []);
    // A version whose files were all deleted is still listed.
    const newest = held.versions.filter((text) => ofVersion(text).length > 0).at(-1);
    return {
      ...(newest === undefined
        ? {}
        : { newest: { version: newest, evidence: evidenceOfFiles(ofVersion(newest)) } }),
      ...(version === undefined ? {} : { tagged: heldOf(pkg, ofVersion(version)) }),
      above: held.notBelow.filter((text) => parsePep440(text) !== undefined),
      notes: statusNotes(pkg, index?.status ?? "active"),
    };
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
  const triples = targetsOf(pkg).map(({ triple }) => triple);
  const missing = PYPI.artifacts.ends(triples).flatMap(({ target }) => {
    if (target === "sdist") return hasSdist ? [] : ["an sdist"];
    if (target === "any") return wheels.length > 0 ? [] : ["a wheel"];
    const fits = wheels.some(({ platforms }) => fitsTriple(platforms, target));
    return fits ? [] : [`a wheel for ${target}`];
  });
  if (missing.length === 0) return { state: "whole", missing };
  const closes = closesAt(files);
  return { state: "half", missing, ...(closes === undefined ? {} : { closes }) };
}

function statusNotes({ registryName }: PypiPackage, status: string): readonly string[] {
  return status === "active" ? [] : [`${registryName} is ${status} on PyPI`];
}
