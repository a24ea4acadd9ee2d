/**
 * Every service that a release talks to, on 127.0.0.1, and the environment that leads a run to them and nowhere else.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import { createGit } from "../../host/git.ts";
import type { Env, Host } from "../../host/host.ts";
import { type LocalCrates, serveCrates } from "../../rehearsal/crates/serve_crates.ts";
import { type LocalGitHub, serveGitHub } from "../../rehearsal/github/serve_github.ts";
import { actionsVariables, type JobIdentity } from "../../rehearsal/identity/actions_job.ts";
import { createTokenSigner, type TokenSigner } from "../../rehearsal/identity/json_web_token.ts";
import { type LocalIdentity, serveIdentity } from "../../rehearsal/identity/serve_identity.ts";
import { type NpmServer, serveNpm } from "../../rehearsal/npm/serve_npm.ts";
import { type PypiServer, servePypi } from "../../rehearsal/pypi/serve_pypi.ts";
import type { Fault } from "../../rehearsal/server/faults.ts";
import type { ServiceName } from "../../rehearsal/server/places.ts";
import type { LocalServer, LoggedRequest } from "../../rehearsal/server/serve.ts";
import { type LocalSigstore, serveSigstore } from "../../rehearsal/sigstore/serve_sigstore.ts";
import { makeTokens, programEnv, registryEnv, type Tokens } from "./service_env.ts";

/** The services that every release talks to, by their names. */
export interface Servers {
  readonly "crates.io": LocalCrates;
  readonly PyPI: PypiServer;
  readonly npm: NpmServer;
  readonly GitHub: LocalGitHub;
}

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

/** The services, running. */
export interface Services extends AsyncDisposable {
  /** The whole environment of a rehearsed run. */
  readonly env: Env;
  /** The address of the git remote. */
  readonly remoteUrl: string;
  readonly addresses: Readonly<Record<keyof Servers, string>>;
  /** All requests so far, in the order in which they were answered. */
  readonly requests: () => readonly ServiceRequest[];
  /**
   * Breaks requests to come, of one service; gives whether that happened by now. Throws `PIOT_USAGE` for a service that
   * only a job with an identity talks to, when there is none.
   */
  readonly breakNext: (service: ServiceName, fault: Fault) => () => boolean;
  /** The tags that have a GitHub Release. */
  readonly releases: () => readonly string[];
  /** The registries' memories. What npm holds and whom it trusts may be changed as its users would on its site. */
  readonly crates: LocalCrates["state"];
  readonly pypi: PypiServer["state"];
  readonly npm: NpmServer["state"];
  /** Undefined unless a job was given. */
  readonly job: JobServices | undefined;
}

/** What the services are set up with. */
export interface ServiceOptions {
  /** `owner/name` on GitHub. */
  readonly repository: string;
  /** The bare repository that is the remote. */
  readonly bare: string;
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
  const tokens = makeTokens();
  const base = programEnv(host.env, options.home);
  const job = await openJob(options.job, host.clock);
  const servers = await startServers(host, { ...options, base, tokens, job });
  const { "crates.io": crates, PyPI: pypi, npm, GitHub: github } = servers;
  const all: AllServers = job === undefined
    ? servers
    : { ...servers, Actions: job.identity, Sigstore: job.sigstore };
  return {
    env: {
      ...base,
      ...(options.job === undefined ? {} : actionsVariables(options.job)),
      ...github.env,
      ...job?.identity.env,
      ...job?.sigstore.env,
      ...registryEnv({ crates, pypi, npm }, tokens),
    },
    remoteUrl: github.remoteUrl,
    addresses: { "crates.io": crates.url, PyPI: pypi.url, npm: npm.url, GitHub: github.url },
    requests: () => mergeLogs(all),
    breakNext: (service, fault) => requireServer(all, service).breakNext(fault),
    releases: () => github.releases.map((release) => release.tag_name),
    crates: crates.state,
    pypi: pypi.state,
    npm: npm.state,
    job,
    [Symbol.asyncDispose]: () => closeAll(Object.values(all)),
  };
}

/** The servers that there are; the last two for a job with an identity. */
type AllServers = Servers & Partial<Record<ServiceName, LocalServer>>;

function requireServer(servers: AllServers, service: ServiceName): LocalServer {
  const server = servers[service];
  if (server !== undefined) return server;
  throw new Failure("PIOT_USAGE", `Cannot break a request to ${service}: this run makes none`, {
    hint: "Only a job that npm trusts asks for identity tokens and signs: add --oidc",
  });
}

const USER = "rehearsal";

async function startServers(
  { clock }: Pick<Host, "clock">,
  { repository, bare, base, tokens, job }: Pick<ServiceOptions, "repository" | "bare"> & {
    readonly base: Env;
    readonly tokens: Tokens;
    readonly job: JobServices | undefined;
  },
): Promise<Servers> {
  const now = (): Date => clock.now();
  const git = createGit({ cwd: bare, env: base });
  const identity = job === undefined ? {} : { identity: job.identity };
  const [crates, pypi, npm, github] = await Promise.all([
    serveCrates({ tokens: [{ secret: tokens.crates, user: USER }], now }),
    servePypi({ tokens: { [tokens.pypi]: { holder: { user: USER } } }, clock }),
    serveNpm({ tokens: { [tokens.npm]: { user: USER } }, now, ...identity }),
    serveGitHub({ repository, git, token: tokens.github, clock }),
  ]);
  return { "crates.io": crates, PyPI: pypi, npm, GitHub: github };
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

function mergeLogs(servers: AllServers): readonly ServiceRequest[] {
  const all = Object.entries<LocalServer>({ ...servers }).flatMap(([service, { log }]) =>
    log.map((request) => ({ service: service as ServiceName, request }))
  );
  return all.sort((left, right) => left.request.at - right.request.at);
}

/** Closes every server before it complains about any: one that stays open would keep the process alive. */
async function closeAll(servers: readonly LocalServer[]): Promise<void> {
  await Promise.all(servers.map((server) => server.close()));
  const unknown = servers.flatMap((server) => server.unknown);
  if (unknown.length > 0) throw new Error(`requests that no service knows: ${unknown.join(", ")}`);
}
