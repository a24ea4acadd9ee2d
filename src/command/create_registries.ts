/**
 * The registries that there are. A fourth one is its folder below `src/registry/` and its line here.
 *
 * @module
 */

import pLimit from "p-limit";
import type { Kind } from "../core/model/package.ts";
import { type PageOf, registryPage } from "../core/release/registry_name.ts";
import type { Host } from "../host/host.ts";
import { createCrates } from "../registry/crates/create_crates.ts";
import type { Endpoints } from "../registry/endpoints.ts";
import { createNpm } from "../registry/npm/create_npm.ts";
import { npmSite } from "../registry/npm/npm_urls.ts";
import { createPypi } from "../registry/pypi/create_pypi.ts";
import type { Registry } from "../registry/registry.ts";
import type { Gate } from "./publish/run.ts";

/** What every registry is made of. */
export interface RegistryOptions {
  readonly host: Host;
  /** Absolute folder that the packages' paths start from. */
  readonly root: string;
  readonly endpoints: Endpoints;
  /** Absolute folders of the run itself, such as the one with the artifacts: never part of a crate. */
  readonly ownFolders: readonly string[];
  /** Told when a registry makes a package wait. `reason` completes "waiting …". */
  readonly onWait: (wait: { name: string; reason: string; milliseconds: number }) => void;
  /** Told of every secret that comes into being, before it is used. */
  readonly onSecret?: (secret: string) => void;
  /** Whether tokens from the environment may not stand in for trusted publishing; npm alone knows trusted publishing. */
  readonly oidcOnly?: boolean;
}

/** Makes all registries. */
export function createRegistries(options: RegistryOptions): Readonly<Record<Kind, Registry>> {
  const { host, onWait } = options;
  return {
    crates: createCrates({
      ...options,
      onWait: ({ package: name, until, why }) => {
        const milliseconds = Math.max(0, until.getTime() - host.clock.now().getTime());
        onWait({ name, reason: `for crates.io: ${why}`, milliseconds });
      },
    }),
    pypi: createPypi(options),
    npm: createNpm(options),
  };
}

/**
 * How many releases of a registry are looked at or sent side by side: most of an upload is waiting for its answer. cargo
 * locks its caches, and crates.io asks for one API request a second (its data access policy), so crates go one at a time.
 */
const SIDE_BY_SIDE: Readonly<Record<Kind, number>> = { crates: 1, pypi: 12, npm: 24 };

/** A gate for each registry that lets through as many at once as the registry bears. */
export function openGates(): Readonly<Record<Kind, Gate>> {
  const { crates, pypi, npm } = SIDE_BY_SIDE;
  return { crates: pLimit(crates), pypi: pLimit(pypi), npm: pLimit(npm) };
}

/** The page of a release: on the registry's website, or below the address that stands in for the registry. */
export function pageOf(release: PageOf, endpoints: Endpoints): string {
  const sites = { crates: endpoints.crates, pypi: endpoints.pypi, npm: npmSite(endpoints.npm) };
  return registryPage(release, sites[release.kind]);
}
