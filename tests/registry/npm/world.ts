/** A checkout, a local npm registry, the services of a CI job, and the publisher between them. */

import { createNpm } from "../../../src/registry/npm/create_npm.ts";
import type { NpmLook } from "../../../src/registry/npm/look.ts";
import type { NpmPrepared } from "../../../src/registry/npm/publish_unit.ts";
import type { AuthorisedUnit, NpmCredential } from "../../../src/registry/npm/unit_credential.ts";
import type {
  Defer,
  Registry,
  Release,
  ReleaseFile,
  Uploaded,
} from "../../../src/registry/registry.ts";
import type { NpmPackage } from "../../../src/core/model/package.ts";
import {
  type NpmServer,
  type NpmServerOptions,
  serveNpm,
} from "../../../src/rehearsal/npm/serve_npm.ts";
import { actionsVariables, type JobIdentity } from "../../../src/rehearsal/identity/actions_job.ts";
import {
  type LocalIdentity,
  serveIdentity,
} from "../../../src/rehearsal/identity/serve_identity.ts";
import {
  type LocalSigstore,
  serveSigstore,
} from "../../../src/rehearsal/sigstore/serve_sigstore.ts";
import type { StoredPackage } from "../../../src/rehearsal/npm/state.ts";
import { tempFolder } from "../../support/temp.ts";
import { type TestHost, testHost } from "../../support/test_host.ts";

export const TOKEN = "npm_a1b2c3";
export const COMMIT = "0123456789abcdef0123456789abcdef01234567";

/** npm as one of the registries. */
export type NpmRegistry = Registry<NpmPrepared, NpmLook, NpmCredential>;

export interface World extends AsyncDisposable {
  readonly root: string;
  readonly server: NpmServer;
  readonly npm: NpmRegistry;
  readonly host: TestHost;
  readonly defer: Defer;
  /** Prepares one release. */
  readonly prepare: (release: Release<NpmPackage>) => Promise<NpmPrepared>;
  /** Prepares, looks, authorises and uploads one release. */
  readonly publish: (release: Release<NpmPackage>) => Promise<NpmPrepared>;
  /** Another publisher to the same registry, as a second run has it. */
  readonly again: (
    parts?: { env?: Record<string, string>; oidcOnly?: boolean },
  ) => NpmRegistry;
  /** The environment that publishers get. */
  readonly env: Record<string, string>;
  /** The identity provider; undefined without a job. */
  readonly identity: LocalIdentity | undefined;
  /** Sigstore; undefined without a job. */
  readonly sigstore: LocalSigstore | undefined;
  /** Every secret that publishers told of. */
  readonly secrets: readonly string[];
}

/** What {@link npmWorld} can be made with. */
export interface WorldOptions extends Partial<Omit<NpmServerOptions, "identity">> {
  readonly env?: Record<string, string>;
  /** The job of GitHub Actions that publishes; without one there is no identity. */
  readonly job?: JobIdentity;
  /** Whether tokens are out of the question. */
  readonly oidcOnly?: boolean;
  /** Interrupts publishers. */
  readonly signal?: AbortSignal;
}

export async function npmWorld(
  files: Readonly<Record<string, string | Uint8Array>>,
  options: WorldOptions = {},
): Promise<World> {
  const { env: own, job, oidcOnly = false, signal, ...server } = options;
  const folder = await tempFolder(files);
  const { clock } = testHost();
  const identity = job === undefined ? undefined : await serveIdentity({ job, clock });
  const sigstore = identity === undefined
    ? undefined
    : await serveSigstore({ jwks: identity.jwks, clock });
  const registry = await serveNpm({
    tokens: { [TOKEN]: { user: "ada" } },
    ...(identity === undefined ? {} : { identity, now: () => clock.now() }),
    sigstore,
    ...server,
  });
  const env = {
    ...(job === undefined ? {} : actionsVariables(job)),
    ...identity?.env,
    ...own ?? (job === undefined ? { NODE_AUTH_TOKEN: TOKEN } : {}),
  };
  const undo: (() => Promise<void>)[] = [];
  const secrets: string[] = [];
  const defer: Defer = (one) => void undo.push(one);
  const host = testHost({ env, ...(signal === undefined ? {} : { signal }) });
  const nowhere = "http://127.0.0.1:9";
  const again: World["again"] = (parts = {}) =>
    createNpm({
      host: parts.env === undefined ? host : { ...host, env: parts.env },
      root: folder.path,
      endpoints: {
        npm: registry.url,
        fulcio: sigstore?.url ?? nowhere,
        rekor: sigstore?.url ?? nowhere,
      },
      oidcOnly: parts.oidcOnly ?? oidcOnly,
      onSecret: (secret) => void secrets.push(secret),
    });
  const npm = again();
  const prepare: World["prepare"] = async (release) => {
    const [prepared] = await npm.prepare([release], defer);
    if (prepared === undefined) throw new Error("nothing was prepared");
    return prepared;
  };
  return {
    root: folder.path,
    server: registry,
    npm,
    host,
    defer,
    prepare,
    again,
    env,
    identity,
    sigstore,
    secrets,
    publish: async (release) => {
      const prepared = await prepare(release);
      const look = await npm.look(prepared);
      const credential = await npm.authorise(prepared, look);
      await uploadAll(npm, prepared, { credential });
      return prepared;
    },
    [Symbol.asyncDispose]: async () => {
      for (const one of undo) await one();
      await folder[Symbol.asyncDispose]();
      for (const one of [registry, identity, sigstore]) await one?.[Symbol.asyncDispose]();
    },
  };
}

/** Uploads files in their order, as a run does; gives what came of each. */
export async function uploadAll(
  npm: NpmRegistry,
  prepared: NpmPrepared,
  { credential, files = prepared.files }: {
    readonly credential: NpmCredential;
    readonly files?: readonly ReleaseFile[];
  },
): Promise<readonly Uploaded[]> {
  const results: { readonly wave: number; readonly uploaded: Uploaded }[] = [];
  for (const file of files) {
    const { wave = 0 } = file;
    const afterStaged = results.some((one) => one.wave < wave && one.uploaded !== undefined);
    const uploaded = await npm.upload(prepared, file, { credential, afterStaged });
    results.push({ wave, uploaded });
  }
  return results.map(({ uploaded }) => uploaded);
}

/** What a release is uploaded with when nobody has asked the registry: a token, under `latest`. */
export function tokenCredential(prepared: NpmPrepared, secret: string = TOKEN): NpmCredential {
  const unit: AuthorisedUnit = {
    ...{ kind: "token", secret, how: "", claims: undefined },
    ...{ tag: "latest", signs: false },
  };
  const units = new Map(prepared.units.map(({ name }) => [name, unit]));
  return { kind: "token", secret, why: "", units };
}

/** A package that somebody published before, at 0.0.1. */
export function heldPackage(name: string, changes: Partial<StoredPackage> = {}): StoredPackage {
  const manifest = { name, version: "0.0.1", dist: { integrity: "sha512-eA==", shasum: "0" } };
  return {
    name,
    owner: "ada",
    access: "public",
    distTags: new Map([["latest", "0.0.1"]]),
    versions: new Map([["0.0.1", {
      manifest,
      tarball: new Uint8Array(),
      pending: false,
      provenance: undefined,
    }]]),
    time: new Map([["0.0.1", "2025-01-01T00:00:00.000Z"]]),
    revision: 1,
    ...changes,
  };
}

export function npmPackage(changes: Partial<NpmPackage> = {}): NpmPackage {
  return {
    kind: "npm",
    name: "demo",
    registryName: "demo",
    path: "packages/demo",
    paths: ["packages/demo/**"],
    dependsOn: [],
    firstVersion: "0.1.0",
    githubRelease: true,
    tagFormat: "{name}-v{version}",
    access: "public",
    distTag: "latest",
    build: "none",
    targets: [],
    ...changes,
  };
}

export function npmRelease(
  changes: Partial<Omit<Release<NpmPackage>, "package">> & { package?: Partial<NpmPackage> } = {},
): Release<NpmPackage> {
  const { package: own, ...rest } = changes;
  const version = rest.version ?? "1.0.0";
  const item = npmPackage(own);
  return {
    package: item,
    version,
    tag: `${item.name}-v${version}`,
    previous: null,
    commit: COMMIT,
    artifacts: [{ target: "noarch", name: `${item.name}-pkg`, folder: undefined }],
    ...rest,
  };
}

/** The text of a package.json. */
export function manifestText(fields: Record<string, unknown> = {}): string {
  return `${JSON.stringify({ name: "demo", version: "0.0.0", ...fields }, null, 2)}\n`;
}
