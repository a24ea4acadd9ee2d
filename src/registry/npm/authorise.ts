/**
 * Stage four for npm: finds the credential for each unit of a release, proves it as far as the registry lets us, and decides
 * what its upload will carry. Nothing is written.
 *
 * @module
 */

import pLimit from "p-limit";
import { Failure } from "../../error.ts";
import { combineRefusals } from "../combine_refusals.ts";
import { type CredentialContext, findCredential } from "./find_credential.ts";
import { distTagOf } from "./look.ts";
import {
  decideProvenance,
  type ProvenanceDecision,
  provenanceWish,
} from "./provenance_decision.ts";
import { fileOf, type NpmPrepared, type NpmUnit } from "./publish_unit.ts";
import { requirePublicAccess } from "./public_access.ts";
import { findWaiting } from "./staging.ts";
import {
  type AuthorisedUnit,
  type NpmCredential,
  secretOf,
  type UnitCredential,
} from "./unit_credential.ts";
import { approvedBefore, proofOf, type ProvenUnit, silentLosses } from "./unit_proof.ts";

/** What authorising needs. */
export interface AuthoriseContext extends Omit<CredentialContext, "prepared"> {
  /** A token of the environment, which may ask what waits for approval. */
  readonly userToken: string | undefined;
  /** Whether what follows an approved version may be published at once. */
  readonly allowDowngrade: boolean;
}

const SIDE_BY_SIDE = 6;

/**
 * Authorises every unit that has something to upload. Throws what `findCredential` throws, `PIOT_NPM_ACCESS` for a
 * package that the upload would lay open, what stands against provenance, and `PIOT_VERSION_TAKEN` for other bytes that wait
 * for approval; all of it in one go.
 */
export async function authorise(
  prepared: NpmPrepared,
  context: AuthoriseContext,
): Promise<NpmCredential> {
  const absent = prepared.units.filter((unit) =>
    context.look.files.get(fileOf(unit).name)?.state === "absent"
  );
  const units = absent.length === 0 ? prepared.units : absent;
  const { signal } = context.host;
  const gate = pLimit(SIDE_BY_SIDE);
  const each = await allOrFailures(
    units.map((unit) =>
      gate(() => {
        signal.throwIfAborted();
        return authoriseUnit(unit, { ...context, prepared });
      })
    ),
  );
  const found = each.map(({ credential }) => credential);
  const decided = await decideAll(units, { ...context, prepared, found });
  const proven = proveUnits(units, { ...context, found, decided });
  // What waits already is neither signed nor sent again: each signature stays in a public log.
  const waits = await allOrFailures(
    units.map((unit, index) =>
      gate(async () => {
        if (!decided[index]!.signs) return undefined;
        signal.throwIfAborted();
        return await findWaiting(unit, { ...context, http: context.host.http });
      })
    ),
  );
  const authorised = units.map((unit, index): [string, AuthorisedUnit] => {
    const { tag } = distTagOf(unit, { prepared, packuments: context.look.packuments });
    const { signs } = decided[index]!;
    const { stagesAfter } = proven[index]!;
    return [unit.name, { ...found[index]!, tag, signs, stagesAfter, waitsAs: waits[index]?.id }];
  });
  const doubts = each.flatMap(({ doubt }) => doubt ?? []);
  return credentialOf(new Map(authorised), { proven, doubts });
}

function proveUnits(
  units: readonly NpmUnit[],
  { found, decided, look: { packuments }, allowDowngrade }:
    & Pick<
      AuthoriseContext,
      "look" | "allowDowngrade"
    >
    & {
      readonly found: readonly UnitCredential[];
      readonly decided: readonly ProvenanceDecision[];
    },
): readonly ProvenUnit[] {
  return units.map((unit, index): ProvenUnit => {
    const packument = packuments.get(unit.name)!;
    return {
      ...{ unit, packument, credential: found[index]!, decision: decided[index]! },
      stagesAfter: allowDowngrade ? undefined : approvedBefore(unit, packument),
    };
  });
}

/** A credential, and what could not be made sure of. */
interface FoundUnit {
  readonly credential: UnitCredential;
  readonly doubt: string | undefined;
}

async function authoriseUnit(unit: NpmUnit, context: CredentialContext): Promise<FoundUnit> {
  const credential = await findCredential(unit, context);
  if (context.prepared.release.package.access !== "public") return { credential, doubt: undefined };
  const { registry, look: { packuments }, host: { http } } = context;
  const isKnown = credential.kind === "oidc";
  const asked = { http, registry, packuments, token: secretOf(credential), isKnown };
  return { credential, doubt: await requirePublicAccess(unit.name, asked) };
}

function decideAll(
  units: readonly NpmUnit[],
  { prepared, host: { env }, found }: AuthoriseContext & {
    readonly prepared: NpmPrepared;
    readonly found: readonly UnitCredential[];
  },
): Promise<readonly ProvenanceDecision[]> {
  const { access, registryName } = prepared.release.package;
  // Platform packages follow the package that they belong to.
  const main = prepared.units.find(({ name }) => name === registryName) ?? units[0]!;
  const wish = provenanceWish(main, env);
  return allOrFailures(
    // Async, so that one that throws does not hide the others.
    units.map(async (unit, index) => {
      const { kind, claims } = found[index]!;
      return await Promise.resolve(decideProvenance(unit, { kind, claims, env, access, wish }));
    }),
  );
}

async function allOrFailures<T>(promises: readonly Promise<T>[]): Promise<readonly T[]> {
  const settled = await Promise.allSettled(promises);
  const failures = settled.flatMap((result): readonly Failure[] => {
    if (result.status === "fulfilled") return [];
    if (!(result.reason instanceof Failure)) throw result.reason;
    return [result.reason];
  });
  // A token that is dead, or none at all, is one problem for however many names.
  const different = new Map(
    failures.map((failure) => [`${failure.code} ${failure.message}`, failure]),
  );
  if (failures.length > 0) throw combineRefusals([...different.values()]);
  return settled.flatMap((result) => result.status === "fulfilled" ? [result.value] : []);
}

function credentialOf(
  units: NpmCredential["units"],
  { proven, doubts }: {
    readonly proven: readonly ProvenUnit[];
    readonly doubts: readonly string[];
  },
): NpmCredential {
  const authorised = [...units.values()];
  const last = authorised.at(-1);
  if (last === undefined) throw new Error("unreachable: a release has a unit at least");
  const ways = [tellHow(units), tellProvenance(proven), ...tellStaging(proven)];
  return {
    kind: authorised.every(({ kind }) => kind === "oidc") ? "oidc" : "token",
    secret: secretOf(last),
    why: ways.join("; "),
    proofs: proven.map(proofOf),
    warnings: [...doubts, ...silentLosses(proven)],
    units,
  };
}

/** Each way once, with the names that it is for when there are several. */
function tellHow(units: NpmCredential["units"]): string {
  const ways = new Map<string, string[]>();
  for (const [name, { how }] of units) ways.set(how, [...ways.get(how) ?? [], name]);
  if (ways.size === 1) return [...ways.keys()].join();
  return [...ways].map(([how, names]) => `${how} (for ${names.join(", ")})`).join("; ");
}

function tellProvenance(proven: readonly ProvenUnit[]): string {
  const reasons = new Set(proven.flatMap(({ decision }) => decision.signs ? [] : [decision.why]));
  return reasons.size === 0 ? "with provenance" : `no provenance: ${[...reasons].join(", ")}`;
}

function tellStaging(proven: readonly ProvenUnit[]): readonly string[] {
  const versions = new Set(proven.flatMap(({ stagesAfter }) => stagesAfter ?? []));
  return versions.size === 0 ? [] : [`staged, as ${[...versions].join(", ")} was approved`];
}
