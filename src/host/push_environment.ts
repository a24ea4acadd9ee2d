/**
 * The credential of a push: git's own where it has one, else GITHUB_TOKEN, handed over by environment so that it never
 * stands on a command line nor in a file.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { Git } from "./git.ts";
import type { Env } from "./host.ts";
import { readToken } from "../secret/token_shape.ts";
import { isLoopback } from "./loopback.ts";

/** What a git call that talks to the remote gets. */
export interface PushEnvironment {
  readonly env: Env;
  /** `git`: whatever git is set up with. `token`: GITHUB_TOKEN or GH_TOKEN. */
  readonly credential: "git" | "token";
}

/**
 * Chooses the credential for an address. The token is used only for the server that it belongs to
 * (`GITHUB_SERVER_URL`), only over TLS (or on this machine), and only when git has no credential of its own. Throws
 * `PIOT_GITHUB_CREDENTIAL` for one that cannot be sent.
 */
export async function pushEnvironment(
  git: Git,
  options: { readonly url: string; readonly env: Env },
): Promise<PushEnvironment> {
  const { url, env } = options;
  const own: PushEnvironment = { env: {}, credential: "git" };
  const token = githubToken(env);
  const server = serverOf(url, env);
  if (token === undefined || server === undefined) return own;
  if (await hasOwnCredential(git, { url, env })) return own;
  return { env: headerEnvironment({ server, token, env: git.env }), credential: "token" };
}

/**
 * GITHUB_TOKEN, then GH_TOKEN; an empty one is none. Its format is nobody's business but GitHub's, as long as it can be
 * sent: throws `PIOT_GITHUB_CREDENTIAL` otherwise.
 */
export function githubToken(env: Env): string | undefined {
  const code = "PIOT_GITHUB_CREDENTIAL";
  return readToken(env, { variable: "GITHUB_TOKEN", code }) ??
    readToken(env, { variable: "GH_TOKEN", code });
}

/** The origin of the GitHub server when the address lies on it and can be trusted with a token; undefined otherwise. */
function serverOf(url: string, env: Env): string | undefined {
  const server = parseUrl(env.GITHUB_SERVER_URL || "https://github.com");
  const remote = parseUrl(url);
  if (server === undefined || remote?.origin !== server.origin || remote.username !== "") {
    return undefined;
  }
  const secure = remote.protocol === "https:" ||
    (remote.protocol === "http:" && isLoopback(remote.hostname));
  return secure ? server.origin : undefined;
}

/** A remote may as well be a path or an scp-like address, which is no URL. */
function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

/**
 * actions/checkout persists an Authorization header, since its sixth major in a file that an `includeIf` names, so the
 * question goes to the whole configuration. Outside Actions a credential helper counts as well; hosted macOS and Windows
 * runners have one that knows nothing.
 */
async function hasOwnCredential(
  git: Git,
  { url, env }: { readonly url: string; readonly env: Env },
): Promise<boolean> {
  const headers = await readConfig(git, ["--get-regexp", String.raw`^http\.(.*\.)?extraheader$`]);
  const sent = headers.split("\n").some((line) => {
    const [, scope = "", name] = /^http\.(?:(.*)\.)?extraheader (.*?):/i.exec(line) ?? [];
    return name?.toLowerCase() === "authorization" && url.startsWith(scope);
  });
  if (sent || env.GITHUB_ACTIONS === "true") return sent;
  return (await readConfig(git, ["--get-urlmatch", "credential.helper", url])).trim() !== "";
}

async function readConfig(git: Git, args: readonly string[]): Promise<string> {
  const { stdout } = await git.run(["config", ...args], { accept: [0, 1] });
  return Buffer.from(stdout).toString();
}

/**
 * `http.<server>/.extraheader` through GIT_CONFIG_COUNT (git 2.31 and newer), after whatever is there already. The
 * header is a list in git: the empty value resets it, since GitHub answers two Authorization headers with 400
 * `Duplicate header: "Authorization"`.
 */
function headerEnvironment(
  { server, token, env }: { readonly server: string; readonly token: string; readonly env: Env },
): Env {
  const first = Number(env.GIT_CONFIG_COUNT ?? 0) || 0;
  const key = `http.${server}/.extraheader`;
  const basic = Buffer.from(`x-access-token:${token}`).toString("base64");
  return {
    GIT_CONFIG_COUNT: String(first + 2),
    [`GIT_CONFIG_KEY_${first}`]: key,
    [`GIT_CONFIG_VALUE_${first}`]: "",
    [`GIT_CONFIG_KEY_${first + 1}`]: key,
    [`GIT_CONFIG_VALUE_${first + 1}`]: `AUTHORIZATION: basic ${basic}`,
  };
}
