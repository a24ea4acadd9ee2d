/**
 * Stage four for npm: finds the right to publish each package name of a release, trusted publishing first, and proves it
 * as far as the registry lets us. Nothing is written.
 *
 * @module
 */

import pLimit from "p-limit";
import { publisherOf } from "../../core/identity_claims.ts";
import { combineFailures, Failure, messageOf } from "../../error.ts";
import { whyNoIdentity } from "../../host/identity_token.ts";
import type { Credential, Look } from "../registry.ts";
import { requirePublicAccess } from "./access.ts";
import type { Packuments } from "./look.ts";
import {
  exchange,
  type ExchangeParts,
  NPM_VARIABLE,
  npmIdentity,
  type OidcGrant,
} from "./oidc_exchange.ts";
import { exchangeFailure, NPM_READING } from "./oidc_refusal.ts";
import { type ReadyRight, type Rights, secretOf, type UnitRight } from "./oidc_rights.ts";
import { fileOf, type NpmPrepared, type NpmUnit } from "./prepared.ts";
import {
  decideProvenance,
  type ProvenanceDecision,
  provenanceWish,
} from "./provenance_decision.ts";
import { findToken, type TokenOwners, tokenRight } from "./token.ts";

/** What authorising needs. */
export interface AuthoriseParts extends ExchangeParts {
  readonly packuments: Packuments;
  readonly look: Look;
  /** Whether a token from the environment may not stand in for trusted publishing. */
  readonly oidcOnly: boolean;
  readonly owners: TokenOwners;
}

/** The credential of a release, and what each of its units is uploaded with. */
export interface Authorised {
  readonly credential: Credential;
  readonly rights: Rights;
}

const SIDE_BY_SIDE = 6;

/**
 * Authorises every unit that has something to upload. Throws `PIOT_AUTH_MISSING` and `PIOT_OIDC_UNAVAILABLE` when there is
 * no credential, `PIOT_OIDC_REFUSED` and `PIOT_AUTH_REFUSED` for one that is not taken, and what stands against provenance.
 */
export async function authorise(
  prepared: NpmPrepared,
  parts: AuthoriseParts,
): Promise<Authorised> {
  const absent = prepared.units.filter((unit) =>
    parts.look.files.get(fileOf(unit).name)?.state === "absent"
  );
  const units = absent.length === 0 ? prepared.units : absent;
  const gate = pLimit(SIDE_BY_SIDE);
  const found = await allOrFailures(
    units.map((unit) => gate(() => rightTo(unit, { ...parts, prepared }))),
  );
  const { access, registryName } = prepared.release.package;
  // Platform packages follow the package that they belong to.
  const main = prepared.units.find(({ name }) => name === registryName) ?? units[0]!;
  const wish = provenanceWish(main, parts.host.env);
  const decided = await allOrFailures(
    // Async, so that one that throws does not hide the others.
    units.map(async (unit, index) => {
      const { env } = parts.host;
      const { kind, claims } = found[index]!;
      return await Promise.resolve(decideProvenance(unit, { kind, claims, env, access, wish }));
    }),
  );
  const rights: Rights = new Map();
  for (const [index, unit] of units.entries()) {
    rights.set(unit.name, { ...found[index]!, signs: decided[index]!.signs });
  }
  return { credential: credentialOf(rights, decided), rights };
}

async function allOrFailures<T>(promises: readonly Promise<T>[]): Promise<readonly T[]> {
  const settled = await Promise.allSettled(promises);
  const failures = settled.flatMap((result): readonly Failure[] => {
    if (result.status === "fulfilled") return [];
    if (!(result.reason instanceof Failure)) throw result.reason;
    return [result.reason];
  });
  if (failures.length > 0) throw combineFailures(failures);
  return settled.flatMap((result) => result.status === "fulfilled" ? [result.value] : []);
}

interface UnitParts extends AuthoriseParts {
  readonly prepared: NpmPrepared;
}

/** Trusted publishing first; the token of the environment when that is not to be had. */
async function rightTo(unit: NpmUnit, parts: UnitParts): Promise<UnitRight> {
  const attempt = await tryTrust(unit, parts);
  if ("grant" in attempt) return await trusted(unit, { ...parts, grant: attempt.grant });
  const { failure, why, claims } = attempt;
  const token = parts.oidcOnly ? undefined : findToken(parts.host.env);
  if (token === undefined) throw failure;
  parts.onSecret(token.secret);
  return { ...await tokenRight(token, { ...parts, http: parts.host.http, why }), claims };
}

/** What came of trusted publishing. */
type Attempt =
  | { readonly grant: OidcGrant }
  | {
    readonly failure: Failure;
    /** Why it could not be used, as a clause. */
    readonly why: string;
    readonly claims: UnitRight["claims"];
  };

async function tryTrust(unit: NpmUnit, parts: UnitParts): Promise<Attempt> {
  const { env } = parts.host;
  const source = npmIdentity(env);
  if (source === undefined) {
    const why = whyNoIdentity(env, NPM_VARIABLE);
    return { failure: nothingFound(unit, { ...parts, why }), why, claims: undefined };
  }
  try {
    const result = await exchange(unit.name, { ...parts, source });
    if ("grant" in result) return result;
    const failure = exchangeFailure({
      ...result,
      name: unit.name,
      policy: parts.prepared.release.package.trustPolicy,
      isNew: parts.packuments.get(unit.name)?.versions.size === 0,
      registry: parts.registry,
    });
    return { failure, why: whyRefused(failure), claims: result.claims };
  } catch (error) {
    if (!(error instanceof Failure) || error.code === "PIOT_INTERRUPTED") throw error;
    return { failure: error, why: whyRefused(error), claims: undefined };
  }
}

async function trusted(
  unit: NpmUnit,
  parts: UnitParts & { readonly grant: OidcGrant },
): Promise<UnitRight> {
  const { grant } = parts;
  if (parts.prepared.release.package.access === "public") {
    await requirePublicAccess(unit.name, { ...parts, http: parts.host.http, token: grant.secret });
  }
  const found = publisherOf(grant.claims, NPM_READING);
  const place = found?.environment === undefined ? "" : ` in environment ${found.environment}`;
  const who = found === undefined ? "" : ` of ${found.repository}, ${found.workflow}${place}`;
  return { kind: "oidc", grant, claims: grant.claims, how: `trusted publishing${who}` };
}

function whyRefused(failure: Failure): string {
  return `trusted publishing failed: ${messageOf(failure)}`;
}

function nothingFound(
  { name }: NpmUnit,
  { oidcOnly, why }: UnitParts & { readonly why: string },
): Failure {
  if (oidcOnly) {
    return new Failure(
      "PIOT_OIDC_UNAVAILABLE",
      `Cannot publish "${name}" to npm with --oidc-only: ${why}`,
      { hint: "Publish from a CI job that has an identity token, or leave --oidc-only out" },
    );
  }
  return new Failure(
    "PIOT_AUTH_MISSING",
    `Cannot publish "${name}" to npm: ${why}; and NODE_AUTH_TOKEN and NPM_TOKEN are unset, empty or a placeholder`,
    {
      hint:
        "Publish from a job with `permissions: id-token: write` and register it as trusted publisher on npm; or make a granular access token on npm's site (read and write for this package or scope, with bypass 2FA) and pass it to the publish step as NODE_AUTH_TOKEN",
    },
  );
}

/** One credential for the report; the rights behind it are per name. */
function credentialOf(rights: Rights, decided: readonly ProvenanceDecision[]): Credential {
  const all = [...rights.values()];
  const main = all.at(-1);
  if (main === undefined) throw new Error("unreachable: a release has a unit at least");
  return {
    kind: all.every(({ kind }) => kind === "oidc") ? "oidc" : "token",
    secret: secretOf(main),
    why: `${tellHow(rights)}; ${tellProvenance(decided)}`,
  };
}

/** Each way once, with the names that it is for when there are several. */
function tellHow(rights: ReadonlyMap<string, ReadyRight>): string {
  const ways = new Map<string, string[]>();
  for (const [name, { how }] of rights) ways.set(how, [...ways.get(how) ?? [], name]);
  if (ways.size === 1) return [...ways.keys()].join();
  return [...ways].map(([how, names]) => `${how} (for ${names.join(", ")})`).join("; ");
}

function tellProvenance(decided: readonly ProvenanceDecision[]): string {
  const reasons = new Set(decided.flatMap((one) => one.signs ? [] : [one.why]));
  return reasons.size === 0 ? "with provenance" : `no provenance: ${[...reasons].join(", ")}`;
}
