/**
 * Every address that the local services answer at, each with the place where `--fault` breaks it. A request to any other
 * address is one that its service does not know.
 *
 * @module
 */

import type { PlaceName, ServiceName } from "./places.ts";

/** One address of a service. */
export interface ServedRoute {
  /** The HTTP method; `GET` is `HEAD` too, `*` is every one. */
  readonly method: "GET" | "PUT" | "POST" | "DELETE" | "*";
  /** Matched against the whole path, decoded. */
  readonly path: RegExp;
  /** Asks more of the query; the first route that fits counts. */
  readonly when?: (query: URLSearchParams) => boolean;
  readonly place: PlaceName;
}

const CRATE = "/api/v1/crates";

const CRATES: readonly ServedRoute[] = [
  { method: "GET", path: /^\/index\/config\.json$/, place: "crates-config" },
  { method: "GET", path: /^\/index\/./, place: "crates-index" },
  { method: "PUT", path: exactly(`${CRATE}/new`), place: "crates-upload" },
  { method: "DELETE", path: exactly(`${CRATE}/[^/]+/[^/]+/yank`), place: "crates-yank" },
  { method: "PUT", path: exactly(`${CRATE}/[^/]+/[^/]+/unyank`), place: "crates-yank" },
  {
    method: "GET",
    path: exactly(`(?:${CRATE}|/dl)/[^/]+/[^/]+/download`),
    place: "crates-download",
  },
  { method: "POST", path: exactly("/api/v1/trusted_publishing/tokens"), place: "crates-exchange" },
  { method: "DELETE", path: exactly("/api/v1/trusted_publishing/tokens"), place: "crates-revoke" },
  { method: "*", path: exactly(`${CRATE}/[^/]+/owners`), place: "crates-people" },
  { method: "GET", path: exactly(CRATE), place: "crates-people" },
  { method: "GET", path: exactly(`${CRATE}/[^/]+(?:/[^/]+)?`), place: "crates-read" },
  { method: "GET", path: exactly("/api/v1/categories/[^/]+"), place: "crates-read" },
];

const PYPI: readonly ServedRoute[] = [
  { method: "*", path: /^\/legacy/, place: "pypi-upload" },
  { method: "GET", path: exactly("/_/oidc/audience"), place: "pypi-audience" },
  { method: "POST", path: exactly("/_/oidc/(?:github/)?mint-token"), place: "pypi-mint" },
  { method: "GET", path: /^\/(?:pypi|simple|integrity)\/./, place: "pypi-read" },
  { method: "GET", path: /^\/packages\/./, place: "pypi-download" },
];

const NAME = "(?!-/)(?:@[^/]+/)?[^/@][^/]*";

const NPM: readonly ServedRoute[] = [
  { method: "GET", path: exactly("/-/(?:whoami|ping)"), place: "npm-whoami" },
  {
    method: "POST",
    path: exactly("/-/npm/v1/oidc/token/exchange/package/.+"),
    place: "npm-exchange",
  },
  { method: "POST", path: exactly("/-/stage/package/.+"), place: "npm-stage" },
  { method: "POST", path: exactly("/-/stage/[^/]+/approve"), place: "npm-approval" },
  { method: "DELETE", path: exactly("/-/stage/[^/]+"), place: "npm-approval" },
  { method: "GET", path: exactly("/-/stage(?:/[^/]+(?:/tarball)?)?"), place: "npm-waiting" },
  { method: "GET", path: exactly("/-/npm/v1/attestations/.+"), place: "npm-attestations" },
  { method: "*", path: exactly("/-/package/.+/dist-tags(?:/[^/]+)?"), place: "npm-dist-tag" },
  { method: "GET", path: exactly("/-/package/.+/visibility"), place: "npm-visibility" },
  { method: "PUT", path: exactly(`/${NAME}`), place: "npm-upload" },
  { method: "*", path: exactly(`/${NAME}(?:/-/[^/]+)?/-rev/[^/]+`), place: "npm-upkeep" },
  { method: "GET", path: exactly("/-/v1/search"), place: "npm-people" },
  { method: "*", path: exactly("/-/npm/v1/(?:user|tokens(?:/token/[^/]+)?)"), place: "npm-people" },
  { method: "GET", path: exactly("/-/(?:user|org)/[^/]+(?:/package)?"), place: "npm-people" },
  { method: "GET", path: exactly("/-/_view/starredByUser"), place: "npm-people" },
  { method: "GET", path: exactly("/-/package/.+/collaborators"), place: "npm-people" },
  { method: "POST", path: exactly("/-/package/.+/access"), place: "npm-people" },
  { method: "GET", path: exactly("/-/npm/v1/keys"), place: "npm-attestations" },
  { method: "GET", path: exactly(`/${NAME}/-/.+`), place: "npm-download" },
  { method: "GET", path: exactly(`/${NAME}(?:/.+)?`), place: "npm-read" },
];

const REMOTE = "/[^/]+/[^/]+";
/** By its name, or by its number, which its earlier names lead to. */
const REPOSITORY = `(?:/repos${REMOTE}|/repositories/\\d+)`;

const GITHUB: readonly ServedRoute[] = [
  {
    method: "GET",
    path: exactly(`${REMOTE}/info/refs`),
    when: (query) => query.get("service") === "git-receive-pack",
    place: "tag-push-start",
  },
  { method: "GET", path: exactly(`${REMOTE}/info/refs`), place: "tag-read" },
  { method: "POST", path: exactly(`${REMOTE}/git-upload-pack`), place: "tag-read" },
  { method: "POST", path: exactly(`${REMOTE}/git-receive-pack`), place: "tag-push" },
  { method: "POST", path: exactly(`${REPOSITORY}/git/(?:tags|refs)`), place: "tag-api" },
  { method: "POST", path: exactly(`${REPOSITORY}/releases`), place: "release" },
  {
    method: "GET",
    path: exactly(`${REPOSITORY}/releases(?:/latest|/tags/.+)?`),
    place: "release-read",
  },
  {
    method: "GET",
    path: exactly(`${REPOSITORY}(?:/(?:git/ref|git/tags|contents|actions/runs)/.+)?`),
    place: "github-read",
  },
];

const ACTIONS: readonly ServedRoute[] = [
  {
    method: "GET",
    path: /^\/[^/]+\/_apis\/distributedtask\/.+\/idtoken$/,
    place: "identity-token",
  },
  {
    method: "GET",
    path: /^\/\.well-known\/(?:jwks|openid-configuration)$/,
    place: "identity-keys",
  },
];

const SIGSTORE: readonly ServedRoute[] = [
  { method: "POST", path: exactly("/api/v2/signingCert"), place: "fulcio-certificate" },
  { method: "POST", path: exactly("/api/v1/log/entries"), place: "rekor-entry" },
  { method: "GET", path: exactly("/api/v1/log/entries/[^/]+"), place: "rekor-read" },
];

/** The addresses of each service. */
export const ROUTES: Readonly<Record<ServiceName, readonly ServedRoute[]>> = {
  "crates.io": CRATES,
  PyPI: PYPI,
  npm: NPM,
  GitHub: GITHUB,
  Actions: ACTIONS,
  Sigstore: SIGSTORE,
};

/** The place that a request belongs to; undefined when no route is its own. */
export function placeOfRequest(
  routes: readonly ServedRoute[],
  { method, path, query }: {
    readonly method: string;
    readonly path: string;
    readonly query: URLSearchParams;
  },
): PlaceName | undefined {
  const asked = method === "HEAD" ? "GET" : method;
  const plain = decode(path);
  return routes.find((route) =>
    (route.method === "*" || route.method === asked) && route.path.test(plain) &&
    (route.when?.(query) ?? true)
  )?.place;
}

/** Half an escape is none. */
function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

function exactly(path: string): RegExp {
  return new RegExp(`^${path}$`);
}
