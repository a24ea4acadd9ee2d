/**
 * Every service that a release talks to, on 127.0.0.1, and the environment that leads a run to them and nowhere else.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import { createGit } from "../../host/git.ts";
import type { Env, Host } from "../../host/host.ts";
import type { StoredRun } from "../../rehearsal/github/github_state.ts";
import { type LocalGitHub, serveGitHub } from "../../rehearsal/github/serve_github.ts";
import { actionsVariables, type JobIdentity } from "../../rehearsal/identity/actions_job.ts";
import { createTokenSigner, type TokenSigner } from "../../rehearsal/identity/json_web_token.ts";
import { type LocalIdentity, serveIdentity } from "../../rehearsal/identity/serve_identity.ts";
import type { Fault } from "../../rehearsal/server/faults.ts";
import type { ServiceName } from "../../rehearsal/server/places.ts";
import {
  type LocalServer,
  type LoggedRequest,
  refuseMistakes,
} from "../../rehearsal/server/serve.ts";
import { type LocalSigstore, serveSigstore } from "../../rehearsal/sigstore/serve_sigstore.ts";
import {
  type LocalRegistries,
  openRegistries,
  type RegistryStates,
  serviceOf,
} from "./kinds/kinds.ts";
import { makeSecret, type OutsideWorld } from "./kinds/rehearsed_kind.ts";
import { programEnv } from "./service_env.ts";

/** The services of a CI job that has an identity: who gives it, and who signs with it. */
export interface JobServices {
  readonly identity: LocalIdentity;
  readonly sigstore: LocalSigstore;
}

/** A request as the service that got it saw it. */
export interface ServiceRequest {
  readonly service: ServiceName;
  readonly request: LoggedRequest;
}

/** The services, running. What registries hold and whom they trust may be changed as their users would on their sites. */
export interface Services extends AsyncDisposable, RegistryStates {
  /** The whole environment of a rehearsed run. */
  readonly env: Env;
  /** The address of the git remote. */
  readonly remoteUrl: string;
  /** Where people would look for each service; those of a job's identity are nobody's business. */
  readonly addresses: ReadonlyMap<ServiceName, string>;
  readonly registries: LocalRegistries;
  /**
   * The release is over, and others may ask from now on. Throws when a request so far was unknown or could not be answered;
   * what strangers ask for is not held against the services.
   */
  readonly serveOthers: () => void;
  /** All requests so far, in the order in which they were answered. */
  readonly requests: () => readonly ServiceRequest[];
  /**
   * Breaks requests to come, of one service; gives whether that happened by now. Throws `PIOT_USAGE` for a service that
   * only a job with an identity talks to, when there is none.
   */
  readonly breakNext: (service: ServiceName, fault: Fault) => () => boolean;
  /** The tags that have a GitHub Release. */
  readonly releases: () => readonly string[];
  /** Undefined unless a job was given. */
  readonly job: JobServices | undefined;
}

/** What the services are set up with. */
export interface ServiceOptions {
  /** `owner/name` on GitHub. */
  readonly repository: string;
  /** The bare repository that is the remote. */
  readonly bare: string;
  /** Runs of its workflows that GitHub tells of; none by default. */
  readonly runs?: readonly StoredRun[];
  /** Where registries read what they do not hold; nowhere by default. */
  readonly outside?: OutsideWorld;
  /** An empty folder for the homes of the programs that a run starts. */
  readonly home: string;
  /** The job of GitHub Actions that the run is; without one it has no identity, and tokens are all there is. */
  readonly job?: JobIdentity;
}

/** Starts the services, all empty. Their tokens are made up here and are worth nothing anywhere else. */
export async function openServices(
  host: Pick<Host, "env" | "clock">,
  options: ServiceOptions,
): Promise<Services> {
  const { clock } = host;
  const base = programEnv(host.env, options.home);
  const job = await openJob(options.job, clock);
  const [registries, github] = await Promise.all([
    openRegistries({
      clock,
      outside: options.outside,
      identity: job?.identity,
      sigstore: job?.sigstore,
    }),
    openGitHub({ ...options, base, clock }),
  ]);
  const all = serversOf({ registries, github, job });
  const { crates, pypi, npm } = registries;
  let isOpenToAll = false;
  return {
    env: {
      ...base,
      ...(options.job === undefined ? {} : actionsVariables(options.job)),
      ...github.env,
      ...job?.identity.env,
      ...job?.sigstore.env,
      ...Object.assign({}, ...Object.values(registries).map(({ env }) => env)) as Env,
    },
    remoteUrl: github.remoteUrl,
    addresses: new Map(
      [...all].filter(([name]) => !OF_A_JOB.includes(name)).map(([name, { url }]) => [name, url]),
    ),
    registries,
    serveOthers: () => {
      refuseMistakes([...all.values()]);
      isOpenToAll = true;
    },
    requests: () => mergeLogs(all),
    breakNext: (service, fault) => requireServer(all, service).breakNext(fault),
    releases: () => github.releases.map((release) => release.tag_name),
    crates: crates.state,
    pypi: pypi.state,
    npm: npm.state,
    job,
    // Every server before any is complained about: one that stays open would keep the process alive.
    [Symbol.asyncDispose]: async () => {
      const servers = [...all.values()];
      await Promise.all(servers.map((server) => server.close()));
      if (!isOpenToAll) refuseMistakes(servers);
    },
  };
}

/** What only a job with an identity talks to. */
const OF_A_JOB: readonly ServiceName[] = ["Actions", "Sigstore"];

type Servers = ReadonlyMap<ServiceName, LocalServer>;

function serversOf(
  { registries, github, job }: Pick<Services, "registries" | "job"> & {
    readonly github: LocalGitHub;
  },
): Servers {
  const kinds = Object.keys(registries) as (keyof LocalRegistries)[];
  return new Map<ServiceName, LocalServer>([
    ...kinds.map((kind) => [serviceOf({ name: kind, kind }), registries[kind].server] as const),
    ["GitHub", github],
    ...(job === undefined ? [] : [["Actions", job.identity], ["Sigstore", job.sigstore]] as const),
  ]);
}

function requireServer(servers: Servers, service: ServiceName): LocalServer {
  const server = servers.get(service);
  if (server !== undefined) return server;
  throw new Failure("PIOT_USAGE", `Cannot break a request to ${service}: this run makes none`, {
    hint: "Only a job that npm trusts asks for identity tokens and signs: add --oidc",
  });
}

async function openGitHub(
  { repository, bare, runs = [], base, clock }:
    & Pick<ServiceOptions, "repository" | "bare" | "runs">
    & {
      readonly base: Env;
      readonly clock: Host["clock"];
    },
): Promise<LocalGitHub> {
  const git = createGit({ cwd: bare, env: base });
  return await serveGitHub({ repository, git, token: makeSecret("ghs_"), clock, runs });
}

/** One key for all rehearsals of a process: making it takes longer than most of what they do. */
let signer: Promise<TokenSigner> | undefined;

async function openJob(
  job: JobIdentity | undefined,
  clock: Host["clock"],
): Promise<JobServices | undefined> {
  if (job === undefined) return undefined;
  const identity = await serveIdentity({
    job,
    clock,
    signer: await (signer ??= createTokenSigner()),
  });
  return { identity, sigstore: await serveSigstore({ jwks: identity.jwks, clock }) };
}

function mergeLogs(servers: Servers): readonly ServiceRequest[] {
  const all = [...servers].flatMap(([service, { log }]) =>
    log.map((request) => ({ service, request }))
  );
  return all.sort((left, right) => left.request.at - right.request.at);
}
