/**
 * Where a version on a registry came from, as it tells everybody.
 *
 * @module
 */

import type { ReleaseOrigin } from "../core/doctor/online_facts.ts";
import { parseRepositoryUrl } from "../core/release/repository_url.ts";
import type { Package } from "../core/model/package.ts";

/**
 * Asks about one version, in the registry's own spelling. Undefined where nothing public tells; throws
 * `PIOT_REGISTRY_UNKNOWN` for anything but a definite answer.
 */
export type OriginReader = (pkg: Package, version: string) => Promise<ReleaseOrigin | undefined>;

/** `https://github.com/ada/engine.git` and `ada/engine` → `ada/engine`. */
export function repositoryOf(address: unknown): string | undefined {
  if (typeof address !== "string") return undefined;
  if (/^[\w.-]+\/[\w.-]+$/.test(address)) return address;
  return parseRepositoryUrl(address.replace(/@refs\/.*$/, ""))?.repository;
}

/** `.github/workflows/release.yml@refs/heads/main` → `release.yml`. */
export function workflowOf(path: unknown): string | undefined {
  if (typeof path !== "string") return undefined;
  return /([^/@]+\.ya?ml)(?:@.*)?$/.exec(path)?.[1];
}
