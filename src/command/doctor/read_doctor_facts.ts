/**
 * Gathers everything that checks look at.
 *
 * @module
 */

import type { CredentialSource } from "../../core/doctor/credential_sources.ts";
import type { DeclaredConfig, DoctorFacts, RunFacts } from "../../core/doctor/facts.ts";
import { findOwnPlaces } from "../../core/doctor/own_places.ts";
import type { Kind } from "../../core/model/package.ts";
import { repositoryOfRun } from "../../core/release/repository_url.ts";
import { Failure } from "../../error.ts";
import { createGit } from "../../host/git.ts";
import { findRemote } from "../../host/git_remote.ts";
import type { Env, Host } from "../../host/host.ts";
import type { Endpoints } from "../../registry/endpoints.ts";
import { REGISTRY_KINDS } from "../../registry/kinds.ts";
import { findPlace } from "../init/repository_place.ts";
import { readDeclared } from "./read_declared.ts";
import { readManifests } from "./read_manifests.ts";
import { readWorkflows } from "./read_workflows.ts";

/** Reads files and the environment; asks git where the repository is. */
export async function readDoctorFacts(
  { cwd, env }: Pick<Host, "cwd" | "env">,
  { config: file, endpoints }: {
    readonly config: string | undefined;
    readonly endpoints: Endpoints;
  },
): Promise<DoctorFacts> {
  const [{ config, problems }, { root }, repository] = await Promise.all([
    readDeclared({ cwd, ...(file === undefined ? {} : { config: file }) }),
    findPlace(cwd, env),
    repositoryHere(cwd, env),
  ]);
  const { files, actions } = await readWorkflows({ root, cwd });
  const workflows = files.flatMap(({ workflow }) => workflow ?? []);
  return {
    config,
    configProblems: problems,
    ...{ files, workflows, actions },
    ...findOwnPlaces({ workflows, actions }),
    manifests: config === undefined
      ? new Map()
      : await readManifests(config, { host: { env }, root: cwd, endpoints }),
    credentials: await readCredentials(config, { env, endpoints }),
    online: undefined,
    run: runFacts(env),
    repository,
  };
}

async function repositoryHere(cwd: string, env: Env): Promise<string | undefined> {
  try {
    const remote = await findRemote(createGit({ cwd, env }), "origin");
    return repositoryOfRun({
      declared: env.GITHUB_REPOSITORY,
      server: env.GITHUB_SERVER_URL,
      remoteUrl: remote?.url,
    });
  } catch (error) {
    // Without git there is no remote.
    if (!(error instanceof Failure)) throw error;
    return repositoryOfRun({ declared: env.GITHUB_REPOSITORY });
  }
}

async function readCredentials(
  config: DeclaredConfig | undefined,
  { env, endpoints }: { readonly env: Env; readonly endpoints: Endpoints },
): Promise<ReadonlyMap<Kind, CredentialSource>> {
  const wanted = new Set(config?.packages.map(({ kind }) => kind));
  const sources = new Map<Kind, CredentialSource>();
  for (const { rules: { kind }, credentials } of REGISTRY_KINDS) {
    const source = wanted.has(kind) ? await credentials?.(env, endpoints) : undefined;
    if (source !== undefined) sources.set(kind, source);
  }
  return sources;
}

/** `ada/engine/.github/workflows/release.yml@refs/heads/main`. */
function runFacts(env: Env): RunFacts | undefined {
  if (env.GITHUB_ACTIONS !== "true" && (env.GITHUB_WORKFLOW_REF ?? "") === "") return undefined;
  const [, path] = /^[^/]+\/[^/]+\/(.+?)@/.exec(env.GITHUB_WORKFLOW_REF ?? "") ?? [];
  return {
    repository: env.GITHUB_REPOSITORY || undefined,
    workflow: path,
    event: env.GITHUB_EVENT_NAME ?? "",
  };
}
