/**
 * The environment of a rehearsed run: programs as ever, nothing of the user's own settings, and tokens that no service but
 * those of this rehearsal knows.
 *
 * @module
 */

import { join } from "node:path";
import { BASE_ENV, pickEnv } from "../../host/exec.ts";
import type { Env } from "../../host/host.ts";

/** Programs are found as ever; their settings, caches and credentials are not the user's. */
export function programEnv(env: Env, home: string): Env {
  const { HOME: own = "", RUSTUP_HOME = join(own, ".rustup"), RUSTUP_TOOLCHAIN } = env;
  return {
    ...pickEnv(env, BASE_ENV),
    HOME: home,
    CARGO_HOME: join(home, "cargo"),
    RUSTUP_HOME,
    RUSTUP_TOOLCHAIN,
    GIT_CONFIG_NOSYSTEM: "1",
    GIT_CONFIG_GLOBAL: join(home, "gitconfig"),
  };
}

/** One token for each service. */
export type Tokens = Readonly<Record<"crates" | "pypi" | "npm" | "github", string>>;

/** Makes up tokens that no service but those of this rehearsal knows. */
export function makeTokens(): Tokens {
  return {
    crates: secret("cio"),
    pypi: pypiToken(),
    npm: secret("npm_"),
    github: secret("ghs_"),
  };
}

function secret(prefix: string): string {
  return `${prefix}${crypto.randomUUID().replaceAll("-", "")}`;
}

/** PyPI's tokens are longer than others: `pypi-` and at least 85 characters of base64url. */
function pypiToken(): string {
  return `pypi-${Array.from({ length: 3 }, () => secret("")).join("")}`;
}

/** The addresses that a run reads from its environment. */
export interface RegistryAddresses {
  readonly crates: { readonly url: string };
  readonly pypi: { readonly url: string; readonly uploadUrl: string };
  readonly npm: { readonly url: string };
}

/** Where the registries are, and the tokens that they take. */
export function registryEnv({ crates, pypi, npm }: RegistryAddresses, tokens: Tokens): Env {
  return {
    PIOT_CRATES_URL: crates.url,
    PIOT_CRATES_INDEX_URL: `${crates.url}/index`,
    PIOT_PYPI_URL: pypi.url,
    PIOT_PYPI_UPLOAD_URL: pypi.uploadUrl,
    PIOT_NPM_URL: npm.url,
    CARGO_REGISTRY_TOKEN: tokens.crates,
    PYPI_API_TOKEN: tokens.pypi,
    NODE_AUTH_TOKEN: tokens.npm,
  };
}

/**
 * The environment of the clients that install: they read anonymously. cargo is led to a stand-in by the variable that its
 * own tests use for that.
 */
export function clientEnv(env: Env, cratesUrl: string): Env {
  const {
    CARGO_REGISTRY_TOKEN: _crates,
    PYPI_API_TOKEN: _pypi,
    NODE_AUTH_TOKEN: _npm,
    GITHUB_TOKEN: _github,
    ...rest
  } = env;
  return {
    ...rest,
    __CARGO_TEST_CRATES_IO_URL_DO_NOT_USE_THIS: `sparse+${cratesUrl}/index/`,
    PIP_DISABLE_PIP_VERSION_CHECK: "1",
  };
}
