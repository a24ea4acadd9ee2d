/**
 * Finds the credential for one crate and proves what can be proven of it without using it: crates.io has no address
 * where a token could be tried.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import { combineRefusals } from "../combine_refusals.ts";
import { CRATES } from "../../core/crates/crates_kind.ts";
import { isReservedName } from "../../core/crates/metadata_rules.ts";
import { versionsBefore } from "../../core/model/version.ts";
import { evidenceOf } from "../../core/release/evidence.ts";
import { type Credential, type Look, type Proof, ReleaseRefused } from "../registry.ts";
import type { CratesPrepared, CratesRelease } from "./crates_work.ts";
import {
  type CratesCredential,
  type CredentialContext,
  findCredential,
} from "./find_credential.ts";
import type { HeldCrate, HeldCrates } from "./held_crates.ts";
import { GIVE_IDENTITY } from "./trusted_tokens.ts";

/** What authorising needs. */
export interface AuthoriseContext extends CredentialContext {
  readonly held: HeldCrates;
}

/** What is to be authorised. */
interface Wanted {
  readonly prepared: CratesPrepared;
  readonly look: Pick<Look, "versions">;
}

/**
 * The credential for a release. Throws, together, what crates.io's data says against it: `PIOT_CRATES_NAME_TAKEN` for a
 * name that it has in another spelling, `PIOT_CRATES_UNPUBLISHABLE` for a category that it does not have or a name that it
 * reserves; and what `findCredential()` says of a missing or useless credential.
 */
export async function authoriseCrate(
  context: AuthoriseContext,
  { prepared: { release, categories }, look }: Wanted,
): Promise<CratesCredential> {
  const { held } = context;
  const crate = await held.crate(release.package.registryName);
  const found = await findCredential(context, { release, crate });
  const failures = [
    ...otherSpelling(release, crate),
    ...reservedName(release, crate),
    ...await unknownCategories(held, { release, categories }),
    ...found instanceof Failure ? [found] : [],
  ];
  if (failures.length > 0 || found instanceof Failure) throw combineRefusals(failures);
  const { whyNoMore, ...credential } = found;
  const proof = await proofOf(release, { kind: found.kind, whyNoMore, held, look });
  return { ...credential, proofs: [proof] };
}

/** What the version will show, and what the one before it shows. */
async function proofOf(
  { version, package: { registryName: name } }: CratesRelease,
  { kind, whyNoMore, held, look }: Pick<Credential, "kind"> & Pick<Wanted, "look"> & {
    readonly whyNoMore: string | undefined;
    readonly held: HeldCrates;
  },
): Promise<Proof> {
  const before = versionsBefore(version, look.versions).map(async (version) => ({
    version,
    evidence: evidenceOf({ "trusted-publisher": await held.isTrustpub(name, version) }),
  }));
  const evidence = evidenceOf({ "trusted-publisher": kind === "oidc" });
  const proof = { name, kind, evidence, before: await Promise.all(before) };
  return whyNoMore === undefined ? proof : { ...proof, whyNoMore, hint: GIVE_IDENTITY };
}

function otherSpelling(release: CratesRelease, crate: HeldCrate | undefined): Failure[] {
  const { name, registryName: wanted } = release.package;
  if (crate === undefined || crate.name === wanted) return [];
  return [
    new ReleaseRefused(
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
      new ReleaseRefused(
        "PIOT_CRATES_UNPUBLISHABLE",
        `Cannot publish ${release.package.name}: crates.io has no category "${slug}"`,
        { hint: "Take slugs from https://crates.io/category_slugs for `categories` in Cargo.toml" },
      ),
    );
  }
  return failures;
}
