/**
 * git, run in one repository: quiet about locks and prompts, blind to the user's display settings, never through a
 * shell.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { Failure } from "../error.ts";
import { BASE_ENV, exec, type ExecResult, pickEnv } from "./exec.ts";
import type { ExecBounds } from "./exec_bounds.ts";
import type { Vault } from "../secret/vault.ts";
import type { Env } from "./host.ts";

/** How one call differs from the usual. */
export interface GitOptions {
  /** What is written to its standard input. */
  readonly input?: string | Uint8Array;
  /** Variables for this one call, such as credentials or an identity. */
  readonly env?: Env;
  /** Whether Ctrl-C in the terminal does not reach it: for what must be finished once it has begun. */
  readonly ownGroup?: boolean;
  /** Statuses that are answers rather than failures; `[0]` by default. */
  readonly accept?: readonly number[];
  /** Where the patience with it ends; how it then ended is the caller's to judge. */
  readonly bounds?: ExecBounds;
}

/** git in one folder. */
export interface Git {
  /** The folder that it runs in, absolute. */
  readonly cwd: string;
  /** The whole environment that every call gets. */
  readonly env: Env;
  /** Runs git and gives its standard output as text. Throws `PIOT_GIT` when it fails. */
  readonly text: (args: readonly string[], options?: GitOptions) => Promise<string>;
  /** Runs git and gives everything that came out of it. Throws `PIOT_GIT` for a status that is not accepted. */
  readonly run: (args: readonly string[], options?: GitOptions) => Promise<ExecResult>;
  /** Told of every process before it starts. */
  readonly onStart?: (args: readonly string[]) => void;
  /** Learns the secrets of git's configuration: passwords of addresses, and headers. */
  readonly vault?: Vault;
}

/** What git may know of our environment: itself, its configuration and how it talks to remotes. */
const GIT_ENV = [
  ...BASE_ENV,
  "GIT_*",
  "SSH_AUTH_SOCK",
  "SSH_AGENT_PID",
  "XDG_CONFIG_HOME",
  "RUNNER_TEMP",
  // What libcurl looks up on its way to an https remote.
  "http_proxy",
  "https_proxy",
  "HTTPS_PROXY",
  "all_proxy",
  "ALL_PROXY",
  "no_proxy",
  "NO_PROXY",
  "SSL_CERT_FILE",
  "SSL_CERT_DIR",
];

/**
 * Variables that tie git to another repository than the one in its folder, as hooks set them: what `git rev-parse
 * --local-env-vars` lists, without configuration given by environment, and with the namespace.
 */
const FOREIGN = [
  "GIT_ALTERNATE_OBJECT_DIRECTORIES",
  "GIT_COMMON_DIR",
  "GIT_DIR",
  "GIT_GRAFT_FILE",
  "GIT_IMPLICIT_WORK_TREE",
  "GIT_INDEX_FILE",
  "GIT_NAMESPACE",
  "GIT_OBJECT_DIRECTORY",
  "GIT_PREFIX",
  "GIT_QUARANTINE_PATH",
  "GIT_SHALLOW_FILE",
  "GIT_WORK_TREE",
];

/** The environment of a git child. */
export function gitEnv(env: Env): Env {
  const picked = { ...pickEnv(env, GIT_ENV) };
  for (const name of FOREIGN) delete picked[name];
  return {
    ...picked,
    LC_ALL: "C",
    // What stands in for a commit in this clone alone (git-replace(1)) is nobody else's, and its id says otherwise.
    GIT_NO_REPLACE_OBJECTS: "1",
    GIT_OPTIONAL_LOCKS: "0",
    GIT_TERMINAL_PROMPT: "0",
  };
}

/** Makes a git for a folder. */
export function createGit(setup: Pick<Git, "cwd" | "env" | "onStart" | "vault">): Git {
  const env = gitEnv(setup.env);
  const run: Git["run"] = async (args, options = {}) => {
    const { input, ownGroup = false, accept = [0], bounds } = options;
    setup.onStart?.(args);
    const result = await exec("git", args, {
      cwd: setup.cwd,
      env: { ...env, ...options.env },
      ownGroup,
      ...(input === undefined ? {} : { input }),
      ...(bounds === undefined ? {} : { bounds }),
    });
    if (result.passed !== undefined) return result;
    if (result.code === null || !accept.includes(result.code)) throw gitFailure(args, result);
    return result;
  };
  const text: Git["text"] = async (args, options) => {
    return Buffer.from((await run(args, options)).stdout).toString();
  };
  return { ...setup, env, text, run };
}

/** What git said when it failed, as a `PIOT_GIT`. */
export function gitFailure(
  args: readonly string[],
  result: Pick<ExecResult, "code" | "stderr">,
): Failure {
  // `-c` and `-C` take a value that would pass for the verb.
  const verb = args.find((arg, at) => /^[a-z]/.test(arg) && !/^-[cC]$/.test(args[at - 1] ?? ""));
  const words = result.stderr.trim().split("\n").slice(-5).join("\n");
  return new Failure(
    "PIOT_GIT",
    `Cannot run git ${verb ?? ""}: ${words || `it ended with ${result.code}`}`,
    {
      hint: "Read what git says; run the same command by hand in the repository to see more",
    },
  );
}
