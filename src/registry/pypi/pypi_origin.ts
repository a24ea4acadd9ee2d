/**
 * Where a version on PyPI came from: the publisher that its integrity API names (PEP 740; warehouse, `api/integrity.py`).
 *
 * @module
 */

import type { ReleaseOrigin } from "../../core/doctor/online_facts.ts";
import { normaliseName } from "../../core/pypi/spelling.ts";
import { readJson } from "../../host/json_answer.ts";
import { type OriginReader, repositoryOf, workflowOf } from "../origin_reader.ts";
import type { RegistryOptions } from "../registry_kind.ts";
import { isOfVersion } from "./files_of_version.ts";
import { readProject, unknownAnswer } from "./read_index.ts";

/** Makes the reader. One file speaks for all: they are uploaded by one run. */
export function readPypiOrigin(
  access: Pick<RegistryOptions, "host" | "endpoints">,
): OriginReader {
  return async ({ registryName }, version): Promise<ReleaseOrigin | undefined> => {
    const project = normaliseName(registryName);
    const index = await readProject(access, project);
    const file = index?.files.find((one) =>
      one.isAttested !== false && isOfVersion(one, { project, version })
    );
    if (file === undefined) return undefined;
    const path = [project, version, file.name].map(encodeURIComponent).join("/");
    const url = `${access.endpoints.pypi}/integrity/${path}/provenance`;
    const headers = { accept: "application/vnd.pypi.integrity.v1+json, application/json" };
    const answer = await access.host.http(url, { headers });
    const { json } = readJson(new Uint8Array(await answer.arrayBuffer()));
    if (answer.status === 404 || answer.status === 403) return undefined;
    const { attestation_bundles: bundles } = (json ?? {}) as { attestation_bundles?: unknown };
    if (answer.status !== 200 || !Array.isArray(bundles)) {
      throw unknownAnswer(url, `it answered ${answer.status}`);
    }
    return originOf((bundles[0] as { publisher?: unknown } | undefined)?.publisher);
  };
}

function originOf(publisher: unknown): ReleaseOrigin | undefined {
  const { kind, repository, workflow, environment } = (publisher ?? {}) as Readonly<
    Record<string, unknown>
  >;
  if (kind !== "GitHub") return undefined;
  return {
    repository: repositoryOf(repository),
    workflow: workflowOf(workflow),
    environment: typeof environment === "string" && environment !== "" ? environment : null,
  };
}
