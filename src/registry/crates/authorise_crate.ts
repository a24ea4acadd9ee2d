/**
 * Finds the credential for one crate and proves what can be proven of it without using it: crates.io has no address
 * where a token could be tried.
 *
 * @module
 */

import { combineFailures, Failure } from "../../error.ts";
import type { Env } from "../../host/host.ts";
import { readToken } from "../../secret/token_shape.ts";
import type { Credential } from "../registry.ts";
import type { CratesPrepared, CratesRelease } from "./crates_work.ts";
import type { HeldCrate, HeldCrates } from "./held_crates.ts";

/** What authorising needs. */
export interface AuthoriseContext {
  readonly env: Env;
  readonly held: HeldCrates;
}

/**
 * The credential for a release. Throws, together, what crates.io's data says against it: `PIOT_CRATES_NAME_TAKEN` for a
 * name that it has in another spelling, `PIOT_CRATES_UNPUBLISHABLE` for a category that it does not have,
 * `PIOT_AUTH_MISSING` without a credential, `PIOT_CRATES_TRUSTPUB_ONLY` for a token that the crate would refuse.
 */
export async function authoriseCrate(
  { env, held }: AuthoriseContext,
  { release, categories }: CratesPrepared,
): Promise<Credential> {
  const crate = await held.crate(release.package.registryName);
  const token = tokenFrom(env);
  const failures = [
    ...otherSpelling(release, crate),
    ...await unknownCategories(held, { release, categories }),
    ...token === undefined ? [missing(release, crate)] : [],
    ...token !== undefined && crate?.isTrustpubOnly === true ? [trustpubOnly(release)] : [],
  ];
  if (failures.length > 0 || token === undefined) throw combineFailures(failures);
  return {
    kind: "token",
    secret: token,
    why: crate === undefined
      ? `CARGO_REGISTRY_TOKEN: ${release.package.registryName} is new, and only a token can create a crate`
      : "CARGO_REGISTRY_TOKEN",
  };
}

/**
 * cargo's own variable; empty counts as unset, which is what a workflow makes of a secret that does not exist. Throws
 * `PIOT_AUTH_REFUSED` for what no token is: cargo would quote it.
 */
function tokenFrom(env: Env): string | undefined {
  return readToken(env, { variable: "CARGO_REGISTRY_TOKEN", code: "PIOT_AUTH_REFUSED" });
}

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
