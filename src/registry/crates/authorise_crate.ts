/**
 * Finds the credential for one crate and proves what can be proven of it without using it: crates.io has no address
 * where a token could be tried.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import type { Env } from "../../host/host.ts";
import type { Credential } from "../registry.ts";
import type { CratesRelease } from "./crates_prepared.ts";
import type { HeldCrate, HeldCrates } from "./held_crates.ts";

/** What authorising needs. */
export interface AuthoriseParts {
  readonly env: Env;
  readonly held: HeldCrates;
}

/**
 * The credential for a release. Throws `PIOT_CRATES_NAME_TAKEN` for a name that crates.io has in another spelling,
 * `PIOT_AUTH_MISSING` without a credential, and `PIOT_CRATES_TRUSTPUB_ONLY` for a token that the crate would refuse.
 */
export async function authoriseCrate(
  { env, held }: AuthoriseParts,
  release: CratesRelease,
): Promise<Credential> {
  const crate = await held.crate(release.package.registryName);
  requireSpelling(release, crate);
  const token = tokenFrom(env);
  if (token === undefined) throw missing(release, crate);
  if (crate?.isTrustpubOnly === true) throw trustpubOnly(release);
  return {
    kind: "token",
    secret: token,
    why: crate === undefined
      ? `CARGO_REGISTRY_TOKEN: ${release.package.registryName} is new, and only a token can create a crate`
      : "CARGO_REGISTRY_TOKEN",
  };
}

/** cargo's own variable; empty counts as unset, which is what a workflow makes of a secret that does not exist. */
function tokenFrom(env: Env): string | undefined {
  const token = env.CARGO_REGISTRY_TOKEN?.trim() ?? "";
  return token === "" ? undefined : token;
}

function requireSpelling(release: CratesRelease, crate: HeldCrate | undefined): void {
  const wanted = release.package.registryName;
  if (crate === undefined || crate.name === wanted) return;
  throw new Failure(
    "PIOT_CRATES_NAME_TAKEN",
    `Cannot publish ${release.package.name}: crates.io has "${crate.name}", which is the same name to it as "${wanted}"`,
    { hint: `Use the name "${crate.name}" in Cargo.toml if the crate is yours, else another one` },
  );
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
