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
import { compare, distTagOf, type Packuments, readPackuments } from "./look.ts";
import { prepareNpm } from "./prepare.ts";
import { type NpmPrepared, unitOf } from "./prepared.ts";
import { findToken } from "./token.ts";
import { uploadUnit } from "./upload.ts";

/** What {@link createNpm} is made of. */
export interface NpmParts {
  readonly host: Pick<Host, "http" | "env" | "clock">;
  /** Absolute path of the checkout. */
  readonly root: string;
  readonly endpoints: Pick<Endpoints, "npm">;
}

/** Makes npm's registry. */
export function createNpm({ host, root, endpoints }: NpmParts): Registry<
  NpmPrepared
> {
  const { http, env, clock } = host;
  const registry = endpoints.npm;
  const seen = new WeakMap<NpmPrepared, Packuments>();

  async function read(prepared: NpmPrepared): Promise<Packuments> {
    // A restricted package looks absent to strangers.
    const isHidden = prepared.release.package.access === "restricted";
    const token = isHidden ? findToken(env)?.secret : undefined;
    const packuments = await readPackuments(prepared, { http, registry, token });
    seen.set(prepared, packuments);
    return packuments;
  }

  return {
    prepare: (releases, defer, { standing = [] } = {}) =>
      prepareNpm(releases, { root, registries: [registry, PUBLIC_NPM_REGISTRY], standing, defer }),
    // Every read is fresh: see fetchPackument.
    look: async (prepared) => compare(prepared, { packuments: await read(prepared), clock }),
    authorise: (prepared) => authorise(prepared, { http, env, registry }),
    upload: async (prepared, file, credential) => {
      const unit = unitOf(prepared, file);
      const packuments = seen.get(prepared) ?? await read(prepared);
      const { tag } = distTagOf(unit, { prepared, packuments });
      const { access } = prepared.release.package;
      await uploadUnit(unit, { http, registry, credential, tag, access });
    },
  };
}
