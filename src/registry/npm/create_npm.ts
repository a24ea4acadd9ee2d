/**
 * npm as one of the registries: the four verbs, over HTTP alone.
 *
 * @module
 */

import type { Host } from "../../host/host.ts";
import { PUBLIC_NPM_REGISTRY } from "../../host/npm_default.ts";
import type { Endpoints } from "../endpoints.ts";
import type { Registry } from "../registry.ts";
import { authorise } from "./authorise.ts";
import { compare, type NpmLook, readPackuments } from "./look.ts";
import type { ExchangeParts } from "./oidc_exchange.ts";
import { prepareNpm } from "./prepare.ts";
import { type NpmPrepared, unitOf } from "./prepared.ts";
import { readingToken } from "./reading_token.ts";
import { sendUnit } from "./send_unit.ts";
import { askingToken, type TokenOwners } from "./token.ts";
import type { NpmCredential } from "./unit_credential.ts";

/** What {@link createNpm} is made of. */
export interface NpmParts {
  readonly host: Pick<Host, "http" | "env" | "clock" | "signal">;
  /** Absolute path of the checkout. */
  readonly root: string;
  readonly endpoints: Pick<Endpoints, "npm" | "fulcio" | "rekor">;
  /** Whether a token from the environment may not stand in for trusted publishing. */
  readonly oidcOnly?: boolean;
  /** Hears of every secret before it is used. */
  readonly onSecret?: (secret: string) => void;
}

/** Makes npm's registry. */
export function createNpm(
  { host, root, endpoints, oidcOnly = false, onSecret = (): void => {} }: NpmParts,
): Registry<NpmPrepared, NpmLook, NpmCredential> {
  const { http, clock } = host;
  const registry = endpoints.npm;
  const parts: ExchangeParts = { host, registry, onSecret };
  const tokenFor = readingToken(parts, { oidcOnly });
  const owners: TokenOwners = new Map();
  const userToken = oidcOnly ? undefined : askingToken(host.env);
  if (userToken !== undefined) onSecret(userToken);

  return {
    prepare: (releases, defer, { standing = [] } = {}) =>
      prepareNpm(releases, { root, registries: [registry, PUBLIC_NPM_REGISTRY], standing, defer }),
    // Every read is fresh: see fetchPackument.
    look: async (prepared) => {
      const packuments = await readPackuments(prepared, { http, registry, tokenFor });
      return compare(prepared, { packuments, clock });
    },
    authorise: (prepared, look) =>
      authorise(prepared, { ...parts, look, oidcOnly, owners, userToken }),
    upload: async (prepared, file, { credential, afterStaged = false }) => {
      const unit = unitOf(prepared, file);
      const authorised = credential.units.get(unit.name);
      if (authorised === undefined) throw new Error(`unreachable: ${unit.name} was not authorised`);
      const { access } = prepared.release.package;
      return await sendUnit(unit, {
        ...{ ...parts, endpoints, userToken },
        ...{ authorised, access, afterStaged },
      });
    },
  };
}
