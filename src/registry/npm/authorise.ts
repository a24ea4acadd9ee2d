/**
 * Stage four for npm: finds the credential for each unit of a release, proves it as far as the registry lets us, and decides
 * what its upload will carry. Nothing is written.
 *
 * @module
 */

import pLimit from "p-limit";
import { combineFailures, Failure } from "../../error.ts";
import type { Http } from "../../host/host.ts";
import { distTagOf } from "./look.ts";
import { visibilityUrl } from "./npm_urls.ts";
import type { Packuments } from "./packuments.ts";
import { decideProvenance, type ProvenanceDecision, provenanceWish } from "./provenance.ts";
import { fileOf, type NpmPrepared, type NpmUnit } from "./publish_unit.ts";
import { readReply, type Reply, tellReply } from "./reply.ts";
import { findWaiting } from "./staging.ts";
import {
  type AuthorisedUnit,
  type CredentialContext,
  findCredential,
  type NpmCredential,
  secretOf,
  type UnitCredential,
} from "./unit_credential.ts";

/** What authorising needs. */
export interface AuthoriseContext extends Omit<CredentialContext, "prepared"> {
  /** A token of the environment, which may ask what waits for approval. */
  readonly userToken: string | undefined;
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
  const found = await allOrFailures(
    units.map((unit) =>
      gate(() => {
        signal.throwIfAborted();
        return authoriseUnit(unit, { ...context, prepared });
      })
    ),
  );
  const decided = await decideAll(units, { ...context, prepared, found });
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
    return [unit.name, { ...found[index]!, tag, signs, waitsAs: waits[index]?.id }];
  });
  return credentialOf(new Map(authorised), decided);
}

async function authoriseUnit(unit: NpmUnit, context: CredentialContext): Promise<UnitCredential> {
  const credential = await findCredential(unit, context);
  if (context.prepared.release.package.access === "public") {
    const { registry, look: { packuments }, host: { http } } = context;
    const token = secretOf(credential);
    await requirePublicAccess(unit.name, { http, registry, packuments, token });
  }
  return credential;
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
  if (failures.length > 0) throw combineFailures([...different.values()]);
  return settled.flatMap((result) => result.status === "fulfilled" ? [result.value] : []);
}

function credentialOf(
  units: NpmCredential["units"],
  decided: readonly ProvenanceDecision[],
): NpmCredential {
  const authorised = [...units.values()];
  const last = authorised.at(-1);
  if (last === undefined) throw new Error("unreachable: a release has a unit at least");
  return {
    kind: authorised.every(({ kind }) => kind === "oidc") ? "oidc" : "token",
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
  const reasons = new Set(decided.flatMap((decision) => decision.signs ? [] : [decision.why]));
  return reasons.size === 0 ? "with provenance" : `no provenance: ${[...reasons].join(", ")}`;
}

/**
 * Refuses to publish as public what is restricted on npm: an upload that says `public` makes the whole package so. A
 * package that strangers see is public; a scoped one that they do not see is asked about. Throws `PIOT_NPM_ACCESS`, and
 * `PIOT_REGISTRY_UNKNOWN` when npm does not come to an answer: what is laid open stays so.
 */
async function requirePublicAccess(
  name: string,
  { http, registry, token, packuments }: {
    readonly http: Http;
    readonly registry: string;
    readonly token: string;
    readonly packuments: Packuments;
  },
): Promise<void> {
  // Only scoped packages can be restricted.
  if (!name.startsWith("@") || (packuments.get(name)?.versions.size ?? 0) > 0) return;
  const headers = { accept: "application/json", authorization: `Bearer ${token}` };
  const reply = await readReply(await http(visibilityUrl(name, registry), { headers }));
  const { public: isPublic } = (reply.json ?? {}) as { public?: unknown };
  if (isNoAnswer(reply)) {
    throw new Failure(
      "PIOT_REGISTRY_UNKNOWN",
      `Cannot tell whether "${name}" is restricted on npm: ${tellReply(reply)}`,
      { hint: "Check npm's status page and PIOT_NPM_URL, then run again; nothing was written" },
    );
  }
  // A refusal proves nothing: whether such tokens are for this page is not documented.
  if (reply.status !== 200 || isPublic !== false) return;
  throw new Failure(
    "PIOT_NPM_ACCESS",
    `Cannot publish "${name}" as public: it is restricted on npm, and an upload would show all of it to everybody`,
    {
      hint:
        'Set `access = "restricted"` in putitoutthere.toml; or make it public on npm\'s site first, if that is what you want',
    },
  );
}

/** A registry that stands in for npm and lacks the page says so with a 4xx or 501. */
function isNoAnswer({ status }: Reply): boolean {
  return status === 408 || status === 429 || (status >= 500 && status !== 501);
}
