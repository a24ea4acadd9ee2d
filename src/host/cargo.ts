/**
 * cargo, started with an environment that names every variable: without any credential for whatever runs code of
 * packages, and with one, by environment, for the upload alone, which runs none.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { BASE_ENV, exec, pickEnv } from "./exec.ts";
import type { Env } from "./host.ts";
import { homeOfUpload, placeOfUpload } from "./cargo_place.ts";
import { isLoopback } from "./loopback.ts";
import { programsOfUpload } from "./upload_programs.ts";

/** How one call is made. */
export interface CargoOptions {
  /**
   * Where it runs: cargo looks for its settings from here upwards. With a token it runs elsewhere, and this is the checkout
   * whose toolchain it is.
   */
  readonly cwd: string;
  /** A token for crates.io; the child then gets nothing that could make it run a program of a package's choice. */
  readonly token?: string;
  /** Asked with all that cargo has said so far; cargo is interrupted when it answers true. */
  readonly stopWhen?: (stderr: string) => boolean;
  /**
   * Asked the same when the run is interrupted: whether what has to be finished has begun. Cargo is interrupted while it
   * has not.
   */
  readonly hasBegun?: (stderr: string) => boolean;
}

/** How a call ended. */
export interface CargoResult {
  /** Its exit status; null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs cargo to its end; any status is an answer. Throws `PIOT_PROGRAM_MISSING` when there is none to run. */
export type Cargo = (args: readonly string[], options: CargoOptions) => Promise<CargoResult>;

/** What cargo needs to find itself and to reach the network. */
const CARGO_ENV: readonly string[] = [
  ...BASE_ENV,
  "PATHEXT",
  "windir",
  "APPDATA",
  "LOCALAPPDATA",
  "ProgramData",
  "ProgramFiles*",
  "CARGO_HOME",
  "CARGO_HTTP_*",
  "CARGO_NET_*",
  "RUSTUP_*",
  "HTTP_PROXY",
  "HTTPS_PROXY",
  "ALL_PROXY",
  "NO_PROXY",
  "http_proxy",
  "https_proxy",
  "all_proxy",
  "no_proxy",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
];

/** What a build may want besides. Nothing here names a credential, and nothing here reaches the upload. */
const BUILD_ENV: readonly string[] = [
  ...CARGO_ENV,
  "CARGO_BUILD_*",
  "CARGO_TARGET_*",
  "CARGO_PROFILE_*",
  "CARGO_ENCODED_RUSTFLAGS",
  "RUSTFLAGS",
  "RUSTC",
  "RUSTC_*",
  "RUST_BACKTRACE",
  "CC",
  "CC_*",
  "CXX",
  "CXX_*",
  "AR",
  "AR_*",
  "CFLAGS*",
  "CXXFLAGS*",
  "LDFLAGS",
  "PKG_CONFIG*",
  "CMAKE*",
  "LIBCLANG_PATH",
  "LLVM_CONFIG_PATH",
  "PROTOC",
  "OPENSSL_*",
  "MACOSX_DEPLOYMENT_TARGET",
  "SDKROOT",
  "DEVELOPER_DIR",
];

/**
 * cargo's only way to take another index for crates.io: a hook of its own tests that every release since 1.66 has. It
 * is set for addresses on this machine alone, and is never taken over from outside, since it redirects the token.
 */
const INDEX_HOOK = "__CARGO_TEST_CRATES_IO_URL_DO_NOT_USE_THIS";

/** The index of crates.io, which cargo knows by itself. */
export const CARGO_INDEX = "https://index.crates.io";

/** Whether cargo can be led to this index: crates.io's own, or one on this machine. */
export function isCargoIndex(index: string): boolean {
  return index === CARGO_INDEX || isLoopback(new URL(index).hostname);
}

/** The environment of a cargo child. */
function cargoEnv(env: Env, options: { index: string; token?: string }): Env {
  const { index, token } = options;
  return {
    ...pickEnv(env, token === undefined ? BUILD_ENV : CARGO_ENV),
    CARGO_TERM_COLOR: "never",
    CARGO_TERM_QUIET: "false",
    CARGO_TERM_PROGRESS_WHEN: "never",
    // A provider from the user's settings would make cargo pass over the token in the environment.
    CARGO_REGISTRY_CREDENTIAL_PROVIDER: "cargo:token",
    ...(token === undefined ? {} : { CARGO_REGISTRY_TOKEN: token }),
    ...(isLoopback(new URL(index).hostname) ? { [INDEX_HOOK]: `sparse+${index}/` } : {}),
  };
}

/** What {@link createCargo} is made of. */
export interface CargoSetup {
  readonly env: Env;
  /** The sparse index, without a slash at its end. */
  readonly index: string;
  /** A folder of the user's work tree; where CARGO_HOME lies in that, uploads get an empty one. */
  readonly root?: string;
  /** Ends what has nothing to finish, see `hasBegun`; such a call throws the reason. */
  readonly signal?: AbortSignal;
}

/** Makes a cargo for one index. */
export function createCargo({ env, index, root, signal }: CargoSetup): Cargo {
  return async (args, { cwd, token, stopWhen, hasBegun = () => false }) => {
    signal?.throwIfAborted();
    const isUpload = token !== undefined;
    const stop = new AbortController();
    let said = "";
    const interrupt = (): void => {
      if (!hasBegun(said)) stop.abort();
    };
    signal?.addEventListener("abort", interrupt, { once: true });
    const place = isUpload ? await placeOfUpload(env, cwd) : { cwd, env: {} };
    const guard = isUpload && root !== undefined
      ? { programs: await programsOfUpload(env, root), home: await homeOfUpload(env, root) }
      : undefined;
    const given = { index, ...(isUpload ? { token } : {}) };
    const { code, stdout, stderr } = await exec("cargo", args, {
      cwd: place.cwd,
      env: { ...cargoEnv(env, given), ...place.env, ...guard?.programs, ...guard?.home?.env },
      ownGroup: isUpload,
      stop: stop.signal,
      onStderr: (text) => {
        said += text;
        if (stopWhen?.(said)) stop.abort();
      },
    }).finally(async () => {
      signal?.removeEventListener("abort", interrupt);
      await guard?.home?.remove();
    });
    if (code === null && !hasBegun(stderr)) signal?.throwIfAborted();
    return { code, stdout: Buffer.from(stdout).toString(), stderr };
  };
}
