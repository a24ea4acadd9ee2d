/**
 * The job as a trusted publisher of PyPI: one token for all of its projects, minted once for the run and again when it has
 * grown old, and the signer of its attestations.
 *
 * @module
 */

import {
  attestationsField,
  publishStatement,
  STATEMENT_TYPE,
} from "../../core/pypi/attestation.ts";
import { PYPI_READING } from "../../core/pypi/mint_answer.ts";
import { type IdentityClaims, publisherOf } from "../../core/release/identity_claims.ts";
import type { Host } from "../../host/host.ts";
import { findIdentity, type IdentitySource } from "../../host/identity_token.ts";
import type { Endpoints } from "../endpoints.ts";
import { signingContext } from "../sigstore/job_signer.ts";
import type { Sign } from "../sigstore/sign.ts";
import { type Mint, type MintedToken, mintToken } from "./mint_token.ts";
import type { Distribution } from "./pypi_prepared.ts";

/** What it is made of. */
export interface PublisherOptions {
  readonly host: Pick<Host, "http" | "env" | "clock" | "signal">;
  readonly endpoints: Pick<Endpoints, "pypiUpload" | "fulcio" | "rekor">;
  /** Hears of every secret before anybody else. */
  readonly onSecret: (secret: string) => void;
}

/** The job, as PyPI knows it. */
export interface TrustedPublisher {
  /** The variable that holds a ready identity token, where a CI sets one. */
  readonly variable: string;
  /** Undefined where the job has no identity. */
  readonly source: IdentitySource | undefined;
  /** What the index says to this job, asked once for all packages. */
  readonly mint: () => Promise<Mint>;
  /** A token that is young enough for an upload to begin. Throws what `mintToken` throws. */
  readonly youngToken: () => Promise<string>;
  /** Signs an attestation of a file, as the upload form has it. Throws `PIOT_PROVENANCE_…`. */
  readonly attest: (file: Distribution) => Promise<string>;
}

/** Makes it; nothing is asked before it is used. */
export function trustedPublisher(options: PublisherOptions): TrustedPublisher {
  const { host, endpoints: { pypiUpload: upload } } = options;
  const variable = identityVariable(upload);
  const source = findIdentity(host.env, variable);
  const ask = async (): Promise<Mint> => {
    if (source === undefined) throw new Error("unreachable: nobody mints without an identity");
    return await mintToken({ ...options, upload, source });
  };
  let first: Promise<Mint> | undefined;
  let latest: Promise<MintedToken> | undefined;
  const renew = async (old: MintedToken): Promise<MintedToken> => {
    const mint = await ask();
    // It was given for the same claims before: let the upload itself show what is wrong with the old one.
    return "minted" in mint ? mint.minted : old;
  };
  return {
    variable,
    source,
    mint: () => {
      first ??= ask();
      latest ??= first.then(mintedOf);
      // Whoever asked hears of it through `first`.
      latest.catch(() => {});
      return first;
    },
    youngToken: async () => {
      const asked = latest;
      const held = await asked;
      if (held === undefined) throw new Error("unreachable: a release was authorised before");
      if (host.clock.now().getTime() < held.renewAt) return held.secret;
      // Uploads go side by side: one of them renews, the others wait for it.
      if (latest === asked) {
        latest = renew(held).catch((error: unknown) => {
          // The next file asks again.
          latest = asked;
          throw error;
        });
      }
      return (await latest!).secret;
    },
    attest: attester(options),
  };
}

function mintedOf(mint: Mint): MintedToken {
  if ("minted" in mint) return mint.minted;
  throw new Error("unreachable: no token was minted");
}

function attester(options: PublisherOptions): TrustedPublisher["attest"] {
  let signer: Promise<Sign> | undefined;
  return async (file) => {
    signer ??= import("../sigstore/sign.ts").then(({ openSigner }) =>
      openSigner(signingContext(options, "attestations for PyPI"))
    );
    const { json } = await (await signer)({ type: STATEMENT_TYPE, text: publishStatement(file) });
    return attestationsField(json);
  };
}

/** Who the job is, as people read it: ` of ada/engine, release.yml in environment pypi`; empty where its claims do not tell. */
export function tellJob(claims: IdentityClaims): string {
  const job = publisherOf(claims, PYPI_READING);
  if (job === undefined) return "";
  const place = job.environment === undefined ? "" : ` in environment ${job.environment}`;
  return ` of ${job.repository}, ${job.workflow}${place}`;
}

/** `<AUDIENCE>_ID_TOKEN`, as clients of PyPI read it on GitLab (di/id `ambient.py`). */
export function identityVariable(upload: string): string {
  return new URL(upload).hostname === "test.pypi.org" ? "TESTPYPI_ID_TOKEN" : "PYPI_ID_TOKEN";
}
