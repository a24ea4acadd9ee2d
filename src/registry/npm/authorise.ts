/**
 * Stage four for npm: finds the right to publish each package name of a release, trusted publishing first, and proves it
 * as far as the registry lets us. Nothing is written.
 *
 * @module
 */

import pLimit from "p-limit";
import { combineFailures, Failure } from "../../error.ts";
import { distTagOf } from "./look.ts";
import {
  type AuthorisedUnit,
  type NpmCredential,
  secretOf,
  type UnitCredential,
} from "./unit_credential.ts";
import { fileOf, type NpmPrepared, type NpmUnit } from "./prepared.ts";
import {
  decideProvenance,
  type ProvenanceDecision,
  provenanceWish,
} from "./provenance_decision.ts";
import { findWaiting } from "./waiting_version.ts";
import { rightTo, type UnitParts } from "./unit_right.ts";

/** What authorising needs. */
export interface AuthoriseParts extends Omit<UnitParts, "prepared"> {
  /** A token of the environment, which may ask what waits for approval. */
  readonly userToken: string | undefined;
}

const SIDE_BY_SIDE = 6;

/**
 * Authorises every unit that has something to upload. Throws what {@link rightTo} throws, what stands against provenance,
 * and `PIOT_VERSION_TAKEN` for other bytes that wait for approval; all of it in one go.
 */
export async function authorise(
  prepared: NpmPrepared,
  parts: AuthoriseParts,
): Promise<NpmCredential> {
  const absent = prepared.units.filter((unit) =>
    parts.look.files.get(fileOf(unit).name)?.state === "absent"
  );
  const units = absent.length === 0 ? prepared.units : absent;
  const gate = pLimit(SIDE_BY_SIDE);
  const found = await allOrFailures(
    units.map((unit) => gate(() => rightTo(unit, { ...parts, prepared }))),
  );
  const decided = await decideAll(units, { ...parts, prepared, found });
  // What waits already is neither signed nor sent again: each signature stays in a public log.
  const waits = await allOrFailures(
    units.map((unit, index) =>
      gate(async () =>
        decided[index]!.signs
          ? await findWaiting(unit, { ...parts, http: parts.host.http })
          : undefined
      )
    ),
  );
  const authorised = units.map((unit, index): [string, AuthorisedUnit] => {
    const { tag } = distTagOf(unit, { prepared, packuments: parts.look.packuments });
    const { signs } = decided[index]!;
    return [unit.name, { ...found[index]!, tag, signs, waitsAs: waits[index]?.id }];
  });
  return credentialOf(new Map(authorised), decided);
}

function decideAll(
  units: readonly NpmUnit[],
  { prepared, host: { env }, found }: AuthoriseParts & {
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
  const different = new Map(failures.map((one) => [`${one.code} ${one.message}`, one]));
  if (failures.length > 0) throw combineFailures([...different.values()]);
  return settled.flatMap((result) => result.status === "fulfilled" ? [result.value] : []);
}

function credentialOf(
  units: NpmCredential["units"],
  decided: readonly ProvenanceDecision[],
): NpmCredential {
  const all = [...units.values()];
  const last = all.at(-1);
  if (last === undefined) throw new Error("unreachable: a release has a unit at least");
  return {
    kind: all.every(({ kind }) => kind === "oidc") ? "oidc" : "token",
    secret: secretOf(last),
    why: `${tellHow(units)}; ${tellProvenance(decided)}`,
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

function tellProvenance(decided: readonly ProvenanceDecision[]): string {
  const reasons = new Set(decided.flatMap((one) => one.signs ? [] : [one.why]));
  return reasons.size === 0 ? "with provenance" : `no provenance: ${[...reasons].join(", ")}`;
}
