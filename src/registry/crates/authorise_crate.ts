/**
 * Finds the credential for one crate and proves what can be proven of it without using it: crates.io has no address
 * where a token could be tried.
 *
 * @module
 */

import { combineFailures, Failure } from "../../error.ts";
import type { Env } from "../../host/host.ts";
import { CRATES } from "../../core/crates/crates_kind.ts";
import { isReservedName } from "../../core/crates/metadata_rules.ts";
import { versionsBefore } from "../../core/model/version.ts";
import { evidenceOf } from "../../core/release/evidence.ts";
import { readToken } from "../../secret/token_shape.ts";
import type { Credential, Look, Proof } from "../registry.ts";
import type { CratesPrepared, CratesRelease } from "./crates_work.ts";
import type { HeldCrate, HeldCrates } from "./held_crates.ts";

/** What authorising needs. */
export interface AuthoriseContext {
  readonly env: Env;
  readonly held: HeldCrates;
  /** Whether no token of a user may be used. */
  readonly oidcOnly: boolean;
}

/** What is to be authorised. */
interface Wanted {
  readonly prepared: CratesPrepared;
  readonly look: Pick<Look, "versions">;
}

/**
 * The credential for a release. Throws, together, what crates.io's data says against it: `PIOT_CRATES_NAME_TAKEN` for a
 * name that it has in another spelling, `PIOT_CRATES_UNPUBLISHABLE` for a category that it does not have or a
 * name that it reserves,
 * `PIOT_AUTH_MISSING` and `PIOT_OIDC_UNAVAILABLE` without a credential, `PIOT_CRATES_TRUSTPUB_ONLY` for a token that the
 * crate would refuse, `PIOT_AUTH_REFUSED` for one that cannot create it.
 */
export async function authoriseCrate(
  context: AuthoriseContext,
  { prepared: { release, categories }, look }: Wanted,
): Promise<Credential> {
  const { env, held } = context;
  const crate = await held.crate(release.package.registryName);
  const token = tokenFrom(env);
  const failures = [
    ...otherSpelling(release, crate),
    ...reservedName(release, crate),
    ...await unknownCategories(held, { release, categories }),
    ...flawsOf(token, { ...context, release, crate }),
  ];
  if (failures.length > 0 || token === undefined) throw combineFailures(failures);
  const kind = isTrusted(token) ? "oidc" : "token";
  const proof = await proofOf(release, { kind, held, look });
  return { kind, secret: token, why: tellToken(token, { release, crate }), proofs: [proof] };
}

/**
 * cargo's own variable; empty counts as unset, which is what a workflow makes of a secret that does not exist. Throws
 * `PIOT_AUTH_REFUSED` for what no token is: cargo would quote it.
 */
function tokenFrom(env: Env): string | undefined {
  return readToken(env, { variable: "CARGO_REGISTRY_TOKEN", code: "PIOT_AUTH_REFUSED" });
}

/** What crates-io-auth-action leaves: tokens of trusted publishing have a shape of their own. */
function isTrusted(token: string): boolean {
  return token.startsWith("cio_tp_");
}

interface Known {
  readonly release: CratesRelease;
  readonly crate: HeldCrate | undefined;
}

function tellToken(token: string, { release, crate }: Known): string {
  if (isTrusted(token)) {
    return "CARGO_REGISTRY_TOKEN, a token of trusted publishing as crates-io-auth-action leaves it";
  }
  return crate === undefined
    ? `CARGO_REGISTRY_TOKEN: ${release.package.registryName} is new, and only a token can create a crate`
    : "CARGO_REGISTRY_TOKEN";
}

function flawsOf(
  token: string | undefined,
  { oidcOnly, release, crate }: Known & Pick<AuthoriseContext, "oidcOnly">,
): readonly Failure[] {
  if (token !== undefined && isTrusted(token)) {
    return crate === undefined ? [cannotCreate(release)] : [];
  }
  if (oidcOnly) return [notTrusted(release)];
  if (token === undefined) return [missing(release, crate)];
  return crate?.isTrustpubOnly === true ? [trustpubOnly(release)] : [];
}

/** What the version will show, and what the one before it shows. */
async function proofOf(
  { version, package: { registryName: name } }: CratesRelease,
  { kind, held, look }: Pick<Credential, "kind"> & Pick<Wanted, "look"> & {
    readonly held: HeldCrates;
  },
): Promise<Proof> {
  const before = versionsBefore(version, look.versions).map(async (version) => ({
    version,
    evidence: evidenceOf({ "trusted-publisher": await held.isTrustpub(name, version) }),
  }));
  const evidence = evidenceOf({ "trusted-publisher": kind === "oidc" });
  const proof = { name, kind, evidence, before: await Promise.all(before) };
  return kind === "oidc"
    ? proof
    : { ...proof, whyNoMore: "it goes out by a user's token", hint: TRUSTED };
}

const TRUSTED =
  "Have crates-io-auth-action set CARGO_REGISTRY_TOKEN, in the workflow that crates.io has on file";

function otherSpelling(release: CratesRelease, crate: HeldCrate | undefined): Failure[] {
  const { name, registryName: wanted } = release.package;
  if (crate === undefined || crate.name === wanted) return [];
  return [
    new Failure(
      "PIOT_CRATES_NAME_TAKEN",
      `Cannot publish ${name}: crates.io has "${crate.name}", which is the same name to it as "${wanted}"`,
      {
        hint: `Use the name "${crate.name}" in Cargo.toml if the crate is yours, else another one`,
      },
    ),
  ];
}

/** What is there already keeps its name. */
function reservedName(release: CratesRelease, crate: HeldCrate | undefined): Failure[] {
  const { name, registryName } = release.package;
  if (crate !== undefined || !isReservedName(CRATES.names.canonical(registryName))) return [];
  return [
    new Failure(
      "PIOT_CRATES_UNPUBLISHABLE",
      `Cannot publish ${name}: crates.io keeps the name "${registryName}" from everybody`,
      { hint: "Rename the crate: the compiler's crates and devices of Windows have such names" },
    ),
  ];
}

/** crates.io refuses a whole crate for one category that it does not have; only it knows which there are. */
async function unknownCategories(
  held: HeldCrates,
  { release, categories }: Pick<CratesPrepared, "release" | "categories">,
): Promise<Failure[]> {
  const failures: Failure[] = [];
  for (const slug of categories) {
    if (await held.hasCategory(slug)) continue;
    failures.push(
      new Failure(
        "PIOT_CRATES_UNPUBLISHABLE",
        `Cannot publish ${release.package.name}: crates.io has no category "${slug}"`,
        { hint: "Take slugs from https://crates.io/category_slugs for `categories` in Cargo.toml" },
      ),
    );
  }
  return failures;
}

function missing({ package: { name, registryName } }: CratesRelease, crate?: HeldCrate): Failure {
  const scope = crate === undefined ? "publish-new" : "publish-update";
  return new Failure(
    "PIOT_AUTH_MISSING",
    `Cannot publish ${name} to crates.io: CARGO_REGISTRY_TOKEN is not set`,
    {
      hint:
        `Make a token with the scope ${scope} for ${registryName} at https://crates.io/settings/tokens and pass it as CARGO_REGISTRY_TOKEN`,
    },
  );
}

/** crates.io's words to it would be "Trusted Publishing tokens do not support creating new crates". */
function cannotCreate({ package: { name, registryName } }: CratesRelease): Failure {
  return new Failure(
    "PIOT_AUTH_REFUSED",
    `Cannot publish ${name} with a token of trusted publishing: ${registryName} is new, and those cannot create a crate`,
    {
      hint:
        `Publish it once with a token that has the scope publish-new, from https://crates.io/settings/tokens, then register the workflow at https://crates.io/crates/${registryName}/settings`,
    },
  );
}

function notTrusted({ package: { name } }: CratesRelease): Failure {
  return new Failure(
    "PIOT_OIDC_UNAVAILABLE",
    `Cannot publish ${name} to crates.io with --oidc-only: CARGO_REGISTRY_TOKEN holds no token of trusted publishing, and piot exchanges none for crates.io so far`,
    { hint: `${TRUSTED}; or leave --oidc-only out` },
  );
}

function trustpubOnly({ package: { name, registryName } }: CratesRelease): Failure {
  return new Failure(
    "PIOT_CRATES_TRUSTPUB_ONLY",
    `Cannot publish ${name} with a token: crates.io takes new versions of ${registryName} from trusted publishing only`,
    {
      hint:
        `Release from the workflow that is registered at https://crates.io/crates/${registryName}/settings, or allow tokens there`,
    },
  );
}
