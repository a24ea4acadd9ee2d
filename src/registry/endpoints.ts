/**
 * Every outside address in one place: the public services, and the `PIOT_…` variables that replace them for rehearsals,
 * tests and mirrors.
 *
 * @module
 */

import { Failure } from "../error.ts";
import { CARGO_INDEX } from "../host/cargo.ts";
import type { Env } from "../host/host.ts";
import { isSecure, withoutUsers } from "../host/loopback.ts";
import { ownRegistry } from "./npm/own_registry.ts";

/** Absolute addresses without a slash at the end, except `pypiUpload`, which is kept as written. */
export interface Endpoints {
  /** npm: packuments, uploads and `/-/…`. May have a path of its own, as proxies do. */
  readonly npm: string;
  /** PyPI: index and API. */
  readonly pypi: string;
  /** PyPI: the legacy upload API (`…/legacy/`; its last slash counts). */
  readonly pypiUpload: string;
  /** crates.io: API. */
  readonly crates: string;
  /** crates.io: the sparse index. */
  readonly cratesIndex: string;
  /** Sigstore's certificate authority. */
  readonly fulcio: string;
  /** Sigstore's transparency log. */
  readonly rekor: string;
  /** GitHub's REST API. */
  readonly github: string;
}

/** An address, and what names it. */
interface Named {
  readonly url: string;
  readonly from: string;
}

interface Source {
  readonly variable: string;
  /** What counts where the variable is not set; of services that are one place, that. */
  readonly standard: string | ((env: Env) => Named);
}

const SOURCES: Readonly<Record<keyof Endpoints, Source>> = {
  npm: { variable: "PIOT_NPM_URL", standard: ownRegistry },
  pypi: { variable: "PIOT_PYPI_URL", standard: "https://pypi.org" },
  pypiUpload: {
    variable: "PIOT_PYPI_UPLOAD_URL",
    standard: "https://upload.pypi.org/legacy/",
  },
  crates: { variable: "PIOT_CRATES_URL", standard: "https://crates.io" },
  cratesIndex: { variable: "PIOT_CRATES_INDEX_URL", standard: CARGO_INDEX },
  fulcio: { variable: "PIOT_FULCIO_URL", standard: "https://fulcio.sigstore.dev" },
  rekor: { variable: "PIOT_REKOR_URL", standard: "https://rekor.sigstore.dev" },
  github: { variable: "GITHUB_API_URL", standard: "https://api.github.com" },
};

/**
 * Reads the addresses from the environment; an empty variable counts as unset. Throws `PIOT_USAGE` for one that is no
 * URL or carries a user name or password, and `PIOT_URL_INSECURE` for plain HTTP to another machine.
 */
export function readEndpoints(env: Env): Endpoints {
  return {
    npm: withoutSlash(readAddress(env, SOURCES.npm)),
    pypi: withoutSlash(readAddress(env, SOURCES.pypi)),
    pypiUpload: readAddress(env, SOURCES.pypiUpload),
    crates: withoutSlash(readAddress(env, SOURCES.crates)),
    cratesIndex: withoutSlash(readAddress(env, SOURCES.cratesIndex)),
    fulcio: withoutSlash(readAddress(env, SOURCES.fulcio)),
    rekor: withoutSlash(readAddress(env, SOURCES.rekor)),
    github: withoutSlash(readAddress(env, SOURCES.github)),
  };
}

function readAddress(env: Env, { variable, standard }: Source): string {
  const given = env[variable]?.trim() ?? "";
  if (given !== "") return checkAddress({ url: given, from: variable }, variable);
  return typeof standard === "string" ? standard : checkAddress(standard(env), variable);
}

/**
 * One service's address for a reader that shows it no credential: a user name and a password in it are left out, and a
 * mirror without https may be read. Throws `PIOT_USAGE` for one that is no URL; what is set for other services does not
 * matter.
 */
export function readableEndpoint(env: Env, service: keyof Endpoints): string {
  const { variable, standard } = SOURCES[service];
  const given = env[variable]?.trim() ?? "";
  const named = given !== ""
    ? { url: given, from: variable }
    : typeof standard === "string"
    ? { url: standard, from: variable }
    : standard(env);
  const url = withoutUsers(named.url);
  return withoutSlash(URL.canParse(url) ? url : checkAddress({ ...named, url }, variable));
}

function checkAddress({ url: text, from }: Named, variable: string): string {
  if (!URL.canParse(text)) {
    throw new Failure("PIOT_USAGE", `Cannot use ${from}: "${text}" is not a URL`, {
      hint: `Set ${variable} to an address such as https://registry.example.com, or unset ${from}`,
    });
  }
  const url = new URL(text);
  if (url.username !== "" || url.password !== "") {
    throw new Failure("PIOT_USAGE", `Cannot use ${from}: it holds a user name or password`, {
      hint: "Pass the credential in the registry's token variable; addresses are printed",
    });
  }
  if (isSecure(url)) return text;
  throw new Failure(
    "PIOT_URL_INSECURE",
    `Cannot use ${from}: "${text}" is neither https nor on this machine`,
    { hint: "Use an https address, or http on 127.0.0.1 for rehearsals" },
  );
}

function withoutSlash(text: string): string {
  return text.replace(/\/+$/, "");
}
