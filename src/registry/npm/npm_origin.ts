/**
 * Where a version on npm came from: what its provenance says of the workflow that built it (SLSA 1.0, `externalParameters`
 * of GitHub's build type). It names no environment.
 *
 * @module
 */

import type { ReleaseOrigin } from "../../core/doctor/online_facts.ts";
import { type OriginReader, repositoryOf, workflowOf } from "../origin_reader.ts";
import type { RegistryOptions } from "../registry_kind.ts";
import { Failure } from "../../error.ts";
import { readReply, tellReply } from "../reply.ts";
import { readStatement } from "../attested_source.ts";
import { attestationsUrl } from "./npm_urls.ts";

/** Makes the reader. */
export function readNpmOrigin(
  { host, endpoints }: Pick<RegistryOptions, "host" | "endpoints">,
): OriginReader {
  return async ({ registryName: name }, version): Promise<ReleaseOrigin | undefined> => {
    const url = attestationsUrl({ name, version }, endpoints.npm);
    const reply = await readReply(
      await host.http(url, { headers: { accept: "application/json" } }),
    );
    if (reply.status === 404) return undefined;
    const { attestations } = (reply.json ?? {}) as { attestations?: unknown };
    if (reply.status !== 200 || !Array.isArray(attestations)) {
      throw new Failure(
        "PIOT_REGISTRY_UNKNOWN",
        `Cannot tell where ${name}@${version} came from: npm answers ${tellReply(reply)}`,
        { hint: "Run again" },
      );
    }
    return attestations.map(originOf).find((origin) => origin !== undefined);
  };
}

function originOf(attestation: unknown): ReleaseOrigin | undefined {
  const { bundle } = (attestation ?? {}) as {
    bundle?: { dsseEnvelope?: { payload?: unknown } | null } | null;
  };
  const statement = readStatement(bundle?.dsseEnvelope?.payload);
  if (statement?.predicateType !== "https://slsa.dev/provenance/v1") return undefined;
  const { buildDefinition } = (statement.predicate ?? {}) as {
    buildDefinition?: { externalParameters?: { workflow?: Record<string, unknown> } };
  };
  const workflow = buildDefinition?.externalParameters?.workflow;
  if (workflow === undefined) return undefined;
  return {
    repository: repositoryOf(workflow["repository"]),
    workflow: workflowOf(workflow["path"]),
  };
}
