/**
 * npm as one of the registries: the four verbs, over HTTP alone.
 *
 * @module
 */

import type { Host } from "../../host/host.ts";
import { PUBLIC_NPM_REGISTRY } from "../../host/npm_default.ts";
import type { Endpoints } from "../endpoints.ts";
import type { Credential, Registry } from "../registry.ts";
import { authorise } from "./authorise.ts";
import { compare, distTagOf, type Packuments, readPackuments } from "./look.ts";
import type { ExchangeParts } from "./oidc_exchange.ts";
import { currentRight, plainRight, type Rights } from "./rights.ts";
import { prepareNpm } from "./prepare.ts";
import { type NpmPrepared, unitOf } from "./prepared.ts";
import { readingToken } from "./reading_token.ts";
import { sendUnit } from "./send_unit.ts";
import { askingToken, type TokenOwners } from "./token.ts";

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
): Registry<NpmPrepared> {
  const { http, clock } = host;
  const registry = endpoints.npm;
  const parts: ExchangeParts = { host, registry, onSecret };
  const tokenFor = readingToken(parts, { oidcOnly });
  const packuments = rememberPackuments({ http, registry, tokenFor });
  const rightsOf = new WeakMap<Credential, Rights>();
  const owners: TokenOwners = new Map();
  const unapproved = new WeakSet<NpmPrepared>();
  const userToken = oidcOnly ? undefined : askingToken(host.env);
  if (userToken !== undefined) onSecret(userToken);

  return {
    prepare: (releases, defer, { standing = [] } = {}) =>
      prepareNpm(releases, { root, registries: [registry, PUBLIC_NPM_REGISTRY], standing, defer }),
    // Every read is fresh: see fetchPackument.
    look: async (prepared) =>
      compare(prepared, { packuments: await packuments.read(prepared), clock }),
    authorise: async (prepared, look) => {
      const held = await packuments.last(prepared);
      const asked = { ...parts, packuments: held, look, oidcOnly, owners, userToken };
      const authorised = await authorise(prepared, asked);
      rightsOf.set(authorised.credential, authorised.rights);
      return authorised.credential;
    },
    upload: async (prepared, file, credential) => {
      const unit = unitOf(prepared, file);
      const { tag } = distTagOf(unit, { prepared, packuments: await packuments.last(prepared) });
      const { access } = prepared.release.package;
      const rights = rightsOf.get(credential);
      const right = rights === undefined
        ? plainRight(credential)
        : await currentRight(rights, unit.name, parts);
      const isEarly = (unit.wave ?? 0) > 0 && unapproved.has(prepared);
      const settings = { ...parts, endpoints, right, tag, access, userToken, isEarly };
      const uploaded = await sendUnit(unit, settings);
      if (uploaded !== undefined) unapproved.add(prepared);
      return uploaded;
    },
  };
}

interface RememberedPackuments {
  /** Asks the registry. */
  readonly read: (prepared: NpmPrepared) => Promise<Packuments>;
  /** What was read last; asks when nothing was. */
  readonly last: (prepared: NpmPrepared) => Promise<Packuments>;
}

function rememberPackuments(
  request: Parameters<typeof readPackuments>[1],
): RememberedPackuments {
  const seen = new WeakMap<NpmPrepared, Packuments>();
  const read = async (prepared: NpmPrepared): Promise<Packuments> => {
    const packuments = await readPackuments(prepared, request);
    seen.set(prepared, packuments);
    return packuments;
  };
  return { read, last: async (prepared) => seen.get(prepared) ?? await read(prepared) };
}
