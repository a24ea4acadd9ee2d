/**
 * npm's website, where people do what no client may.
 *
 * @module
 */

import { PUBLIC_NPM_REGISTRY } from "../../host/npm_default.ts";

/** The website of a registry: that of the public one has the same domain with `www` in front; others are their own. */
export function npmSite(registry: string): string {
  const url = new URL(registry);
  if (url.host !== new URL(PUBLIC_NPM_REGISTRY).host) return registry;
  return `https://${url.host.replace(/^[^.]+/, "www")}`;
}

/** The page with a package's publishing settings, its trusted publisher among them. */
export function settingsPage(name: string, registry: string): string {
  return `${npmSite(registry)}/package/${name}/access`;
}
