/**
 * Where npm itself would publish to on this machine. Kept in a file of its own, since it is the one setting that a
 * library reads from the process and the file system rather than from {@link Host}.
 *
 * @module
 */

import registryUrl, { defaultUrl } from "registry-url";

/**
 * npm's registry by npm's own rules: the variables `npm_config_registry`, then the nearest `.npmrc`, then the public
 * registry. An `.npmrc` that may not be read (a sandbox without that permission) counts as absent.
 */
export function npmDefaultRegistry(): string {
  try {
    return registryUrl();
  } catch {
    return defaultUrl;
  }
}

/** The public npm registry, whatever this machine is set to. */
export const PUBLIC_NPM_REGISTRY: string = defaultUrl;
