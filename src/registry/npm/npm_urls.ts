/**
 * npm's addresses: what its registry is asked and sent at (npm Registry API), and the pages of its website, where people do
 * what no client may. A registry is its own address without a slash at the end.
 *
 * @module
 */

import { PUBLIC_NPM_REGISTRY } from "../../host/npm_settings.ts";

/** `@acme/demo` → `@acme%2fdemo`: the slash alone is escaped, as npm does (npm-package-arg, escapedName). */
function escapeName(name: string): string {
  return name.replace("/", "%2f");
}

/** A package: its packument, and where a publish document is put. */
export function packageUrl(name: string, registry: string): string {
  return `${registry}/${escapeName(name)}`;
}

/** What is attested of a version. */
export function attestationsUrl(
  { name, version }: { readonly name: string; readonly version: string },
  registry: string,
): string {
  return `${registry}/-/npm/v1/attestations/${escapeName(name)}@${version}`;
}

/** Whether a package is restricted. */
export function visibilityUrl(name: string, registry: string): string {
  return `${registry}/-/package/${escapeName(name)}/visibility`;
}

/** Whose a token is. */
export function whoamiUrl(registry: string): string {
  return `${registry}/-/whoami`;
}

/**
 * Where an identity token is exchanged for one that may publish a package. From the host's root, whatever path the registry
 * has: that is where npm's client asks.
 */
export function exchangeUrl(name: string, registry: string): URL {
  return new URL(`/-/npm/v1/oidc/token/exchange/package/${escapeName(name)}`, registry);
}

/** Where a publish document is posted that waits for approval. */
export function stageUrl(name: string, registry: string): string {
  return `${registry}/-/stage/package/${escapeName(name)}`;
}

/** One page of the versions of a package that wait; pages count from zero. */
export function waitingUrl(
  name: string | undefined,
  { registry, page, size }: {
    readonly registry: string;
    readonly page: number;
    /** Versions on a page. */
    readonly size: number;
  },
): string {
  const filter = name === undefined ? "" : `package=${escapeName(name)}&`;
  return `${registry}/-/stage?${filter}page=${page}&perPage=${size}`;
}

/** The website of a registry: that of the public one has the same domain with `www` in front; others are their own. */
export function npmSite(registry: string): string {
  const url = new URL(registry);
  if (url.host !== new URL(PUBLIC_NPM_REGISTRY).host) return registry;
  return `https://${url.host.replace(/^[^.]+/, "www")}`;
}

/** The page of a package, where its versions wait to be approved. */
export function packagePage(name: string, registry: string): string {
  return `${npmSite(registry)}/package/${name}`;
}

/** The page with a package's publishing settings, its trusted publisher among them. */
export function settingsPage(name: string, registry: string): string {
  return `${packagePage(name, registry)}/access`;
}
