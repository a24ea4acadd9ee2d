/**
 * The page of a release on its registry, for people.
 *
 * @module
 */

import type { Kind } from "../model/package.ts";
import { pypiVersion } from "../pypi/version.ts";

/** What a page is about. `registryName` is the name on the registry, `version` is in semver's spelling. */
export interface PageOf {
  readonly kind: Kind;
  readonly registryName: string;
  readonly version: string;
}

/**
 * The address of a release's page. `base` is the registry's website, without a slash at the end; npm's pages lie below
 * `package/` and have a `v/` before the version.
 */
export function registryPage({ kind, registryName, version }: PageOf, base: string): string {
  switch (kind) {
    case "crates":
      return `${base}/crates/${registryName}/${version}`;
    case "pypi":
      return `${base}/project/${registryName}/${pypiVersion(version)}/`;
    case "npm":
      return `${base}/package/${registryName}/v/${version}`;
  }
}
