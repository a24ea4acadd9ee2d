/** PyPI, an identity provider and Sigstore on this machine, and a job that publishes there. */

import { Buffer } from "node:buffer";
import { createPypi } from "../../../src/registry/pypi/create_pypi.ts";
import type { PypiCredential, PypiPrepared } from "../../../src/registry/pypi/pypi_prepared.ts";
import type { TrustPolicy } from "../../../src/core/model/package.ts";
import { actionsVariables, type JobIdentity } from "../../../src/rehearsal/identity/actions_job.ts";
import {
  type LocalIdentity,
  serveIdentity,
} from "../../../src/rehearsal/identity/serve_identity.ts";
import { holdEarlierRelease } from "../../../src/rehearsal/pypi/earlier_release.ts";
import { type PypiServer, servePypi } from "../../../src/rehearsal/pypi/serve_pypi.ts";
import type { Attestation } from "../../../src/rehearsal/pypi/state.ts";
import {
  type LocalSigstore,
  serveSigstore,
} from "../../../src/rehearsal/sigstore/serve_sigstore.ts";
import { makeSdist, makeWheel } from "../../../src/rehearsal/synthesise/python_distribution.ts";
import { absentFiles, ADA, TOKEN } from "../../support/pypi_publisher.ts";
import { pypiRelease } from "../../support/pypi_release.ts";
import { type TestHost, testHost } from "../../support/test_host.ts";

export const JOB: JobIdentity = { repository: "ada/engine", workflow: "release.yml" };
export const WHEEL = "demo-1.0.0-py3-none-any.whl";
export const SDIST = "demo-1.0.0.tar.gz";

export interface TrustedWorld extends AsyncDisposable {
  readonly host: TestHost;
  readonly server: PypiServer;
  readonly identity: LocalIdentity;
  readonly sigstore: LocalSigstore;
  readonly pypi: ReturnType<typeof createPypi>;
  readonly prepared: PypiPrepared;
  readonly secrets: readonly string[];
  readonly authorise: () => Promise<PypiCredential>;
  /** Authorises, and sends every absent file in order, after so many minutes each; gives the credential. */
  readonly publish: (minutesBetween?: number) => Promise<PypiCredential>;
  /** How often a path was asked. */
  readonly asked: (path: string) => number;
}

export interface TrustedOptions {
  readonly job?: JobIdentity;
  /** Whether the job may ask for an identity; so by default. */
  readonly hasIdentity?: boolean;
  readonly hasToken?: boolean;
  readonly oidcOnly?: boolean;
  readonly policy?: TrustPolicy;
  /** Whether PyPI has the project, at 0.9.0; so by default. */
  readonly isKnown?: boolean;
  /** Whether it trusts the plain job with the project; so by default. */
  readonly isTrusted?: boolean;
}

export async function trustedWorld(options: TrustedOptions = {}): Promise<TrustedWorld> {
  const { job = JOB, hasIdentity = true, isKnown = true, isTrusted = true } = options;
  const clock = testHost().clock;
  const identity = await serveIdentity({ job, clock });
  const sigstore = await serveSigstore({ jwks: identity.jwks, clock });
  const server = await servePypi({ tokens: ADA, clock, identity, sigstore });
  const host = {
    ...testHost({
      env: {
        ...(hasIdentity ? { ...identity.env, ...actionsVariables(job) } : {}),
        ...(options.hasToken === true ? { PYPI_API_TOKEN: TOKEN } : {}),
      },
    }),
    clock,
  };
  if (isKnown) {
    const sdist = await makeSdist({ name: "demo", version: "0.9.0" });
    holdEarlierRelease(server.state, { name: "demo", version: "0.9.0", owner: "ada", sdist });
  }
  if (isTrusted) {
    const { publishers, pending } = server.state;
    (isKnown ? publishers : pending).push({ project: "demo", ...JOB });
  }
  const input = { name: "demo", version: "1.0.0" };
  const fixture = await pypiRelease({
    files: { any: [makeWheel(input)], sdist: [await makeSdist(input)] },
  });
  const secrets: string[] = [];
  const pypi = createPypi({
    host,
    root: host.cwd,
    oidcOnly: options.oidcOnly ?? false,
    onSecret: (secret) => void secrets.push(secret),
    endpoints: {
      ...{ pypi: server.url, pypiUpload: server.uploadUrl },
      ...{ fulcio: sigstore.url, rekor: sigstore.url },
    },
  });
  const { policy } = options;
  const release = policy === undefined ? fixture.release : {
    ...fixture.release,
    package: { ...fixture.release.package, trustPolicy: policy },
  };
  const prepared = (await pypi.prepare([release], () => {}))[0]!;
  const authorise = async (): Promise<PypiCredential> =>
    await pypi.authorise(prepared, await pypi.look(prepared));
  return {
    ...{ host, server, identity, sigstore, pypi, prepared, secrets, authorise },
    publish: async (minutesBetween = 0) => {
      const look = await pypi.look(prepared);
      const credential = await pypi.authorise(prepared, look);
      for (const file of absentFiles(prepared, look)) {
        await clock.sleep(minutesBetween * 60_000);
        await pypi.upload(prepared, file, { credential });
      }
      return credential;
    },
    asked: (path) => server.log.filter((request) => request.path === path).length,
    [Symbol.asyncDispose]: async () => {
      await Promise.all([identity.close(), sigstore.close(), server.close()]);
      await fixture[Symbol.asyncDispose]();
    },
  };
}

export function statementOf({ envelope }: Attestation): unknown {
  return JSON.parse(Buffer.from(envelope.statement, "base64").toString());
}
