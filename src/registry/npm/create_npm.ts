/**
 * npm as one of the registries: the four verbs, over HTTP alone.
 *
 * @module
 */

import type { NpmPackage } from "../../core/package.ts";
import type { Host } from "../../host/host.ts";
import { PUBLIC_NPM_REGISTRY } from "../../host/npm_default.ts";
import type { Endpoints } from "../endpoints.ts";
import type { Credential, Registry, Uploaded } from "../registry.ts";
import { authorise } from "./authorise.ts";
import { compare, distTagOf, type Packuments, readPackuments } from "./look.ts";
import type { ExchangeParts } from "./oidc_exchange.ts";
import { currentRight, plainRight, type ReadyRight, type Rights, secretOf } from "./oidc_rights.ts";
import { prepareNpm } from "./prepare.ts";
import { type NpmPrepared, type NpmUnit, unitOf } from "./prepared.ts";
import { signProvenance } from "./provenance.ts";
import { readingToken } from "./reading_token.ts";
import { waiting } from "./staging.ts";
import { askingToken, type TokenOwners } from "./token.ts";
import { uploadUnit } from "./upload.ts";

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
  const seen = new WeakMap<NpmPrepared, Packuments>();
  const rightsOf = new WeakMap<Credential, Rights>();
  const owners: TokenOwners = new Map();
  const tokenFor = readingToken(parts, { oidcOnly });
  const userToken = oidcOnly ? undefined : askingToken(host.env);
  if (userToken !== undefined) onSecret(userToken);

  async function read(prepared: NpmPrepared): Promise<Packuments> {
    const packuments = await readPackuments(prepared, { http, registry, tokenFor });
    seen.set(prepared, packuments);
    return packuments;
  }

  return {
    prepare: (releases, defer, { standing = [] } = {}) =>
      prepareNpm(releases, { root, registries: [registry, PUBLIC_NPM_REGISTRY], standing, defer }),
    // Every read is fresh: see fetchPackument.
    look: async (prepared) => compare(prepared, { packuments: await read(prepared), clock }),
    authorise: async (prepared, look) => {
      const packuments = seen.get(prepared) ?? await read(prepared);
      const asked = { ...parts, packuments, look, oidcOnly, owners, userToken };
      const authorised = await authorise(prepared, asked);
      rightsOf.set(authorised.credential, authorised.rights);
      return authorised.credential;
    },
    upload: async (prepared, file, credential) => {
      const unit = unitOf(prepared, file);
      const packuments = seen.get(prepared) ?? await read(prepared);
      const { tag } = distTagOf(unit, { prepared, packuments });
      const { access } = prepared.release.package;
      const rights = rightsOf.get(credential);
      const right = rights === undefined
        ? plainRight(credential)
        : await currentRight(rights, unit.name, parts);
      const { name, version } = unit;
      if (right.waitsAs !== undefined) return waiting({ name, version, registry }, right.waitsAs);
      return await send(unit, { ...parts, endpoints, right, tag, access, userToken });
    },
  };
}

/** Signs, where that was decided, and uploads. Signing is the last thing before: it shows in a public log for ever. */
async function send(
  unit: NpmUnit,
  { host, registry, endpoints, onSecret, right, tag, access, userToken }: ExchangeParts & {
    readonly endpoints: NpmParts["endpoints"];
    readonly right: ReadyRight;
    readonly tag: string;
    readonly access: NpmPackage["access"];
    readonly userToken: string | undefined;
  },
): Promise<Uploaded> {
  const provenance = right.signs
    ? await signProvenance(unit, { host, endpoints, onSecret })
    : undefined;
  const { http } = host;
  return await uploadUnit(unit, {
    http,
    registry,
    secret: secretOf(right),
    userToken,
    tag,
    access,
    provenance,
  });
}
