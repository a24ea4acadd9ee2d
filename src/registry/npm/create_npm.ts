/**
 * npm as one of the registries: the five verbs, over HTTP alone. Which file to open:
 *
 * - `prepare`: `source` finds a package's files; `check_folder` with its `folder_problems`, or `check_tarball`, comes to a
 *   `package_check`; `package_files` lists what npm packs, `pack` makes the tarball, and a `publish_unit` comes out.
 * - A platform `family`: its `family_main` package, and for each `platform_target` a `platform_package`, made here of a lone
 *   program or addon, or `platform_delivered` with a package.json of its own.
 * - `look`: compares the units with the `packuments` of their names.
 * - `records`: `unit_records` asks for the attestations, of which `provenance_source` reads the commit.
 * - `authorise`: `find_credential` comes to a `unit_credential` for each, by trusted publishing (`oidc_exchange`, `oidc_refusal`) or by the
 *   `environment_token`, takes the `provenance_decision`, and holds the `unit_proof` ready.
 * - `upload`: sends the `publish_document`, `sign`ed through the `fulcio_signer`; an `upload_refusal` may lead to `staging`.
 * - `shortfalls` are what an accepted upload did not come to.
 *
 * @module
 */

import { createGit } from "../../host/git.ts";
import type { Host } from "../../host/host.ts";
import type { Endpoints } from "../endpoints.ts";
import type { Registry } from "../registry.ts";
import { authorise } from "./authorise.ts";
import { userNpmrc } from "../../host/npm_settings.ts";
import { secretsOfNpmrc } from "../../secret/known.ts";
import { findUserToken, type TokenOwners } from "./environment_token.ts";
import { compare, type NpmLook } from "./look.ts";
import type { ExchangeContext } from "./oidc_exchange.ts";
import { readingToken, readPackuments } from "./packuments.ts";
import { prepareNpm } from "./prepare.ts";
import { type NpmPrepared, unitOf } from "./publish_unit.ts";
import type { NpmCredential } from "./unit_credential.ts";
import { shortfalls } from "./shortfalls.ts";
import { unitRecords } from "./unit_records.ts";
import { sendUnit } from "./upload.ts";

/** What {@link createNpm} is made of. */
export interface NpmOptions {
  readonly host: Pick<Host, "http" | "env" | "clock" | "signal">;
  /** Absolute path of the checkout. */
  readonly root: string;
  readonly endpoints: Pick<Endpoints, "npm" | "fulcio" | "rekor">;
  /** Absolute folders of the run itself, such as the one with the artifacts: no package of the checkout takes them along. */
  readonly ownFolders?: readonly string[];
  /** Whether a token from the environment may not stand in for trusted publishing. */
  readonly oidcOnly?: boolean;
  /** Hears of every secret before it is used. */
  readonly onSecret?: (secret: string) => void;
}

/** Makes npm's registry. */
export function createNpm(
  { host, root, endpoints, ownFolders = [], oidcOnly = false, onSecret = (): void => {} }:
    NpmOptions,
): Registry<NpmPrepared, NpmLook, NpmCredential> {
  const { http, clock } = host;
  const registry = endpoints.npm;
  const context: ExchangeContext = { host, registry, onSecret };
  const git = createGit({ cwd: root, env: host.env });
  const tokenFor = readingToken(context, { oidcOnly });
  const owners: TokenOwners = new Map();
  const userToken = oidcOnly ? undefined : findUserToken(host.env);
  if (userToken !== undefined) onSecret(userToken);
  for (const secret of secretsOfNpmrc(userNpmrc(host.env)?.text ?? "")) onSecret(secret);

  return {
    prepare: (releases, defer, { standing = [], refuse } = {}) =>
      prepareNpm(releases, {
        ...{ root, env: host.env, git, ownFolders, registry, standing, defer, refuse },
      }),
    // Every read is fresh: it goes round the CDN.
    look: async (prepared) => {
      const packuments = await readPackuments(prepared, { http, registry, tokenFor });
      return compare(prepared, { packuments, clock });
    },
    records: (prepared, look) => unitRecords(prepared, look, { http, registry, env: host.env }),
    authorise: (prepared, look, { allowDowngrade = false } = {}) =>
      authorise(prepared, { ...context, look, oidcOnly, owners, userToken, allowDowngrade }),
    upload: async (prepared, file, { credential, afterStaged = false }) => {
      const unit = unitOf(prepared, file);
      const authorised = credential.units.get(unit.name);
      if (authorised === undefined) throw new Error(`unreachable: ${unit.name} was not authorised`);
      const { access, name: packageName } = prepared.release.package;
      const settings = { authorised, access, packageName, userToken, afterStaged };
      return await sendUnit(unit, { ...context, endpoints, ...settings });
    },
    shortfalls,
  };
}
