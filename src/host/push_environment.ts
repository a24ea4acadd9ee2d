/**
 * How git talks to the remote: with its own credential where it has one, else with GITHUB_TOKEN, handed over by
 * environment so that it never stands on a command line nor in a file; and led nowhere else by whoever answers.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { Git } from "./git.ts";
import type { Env } from "./host.ts";
import { readToken } from "../secret/token_shape.ts";
import { isSecure } from "./loopback.ts";
import { hasOwnCredential } from "./own_credential.ts";

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
  const own: PushEnvironment = { env: readEnvironment(git, url), credential: "git" };
  const token = githubToken(env);
  const server = serverOf(url, env);
  if (token === undefined || server === undefined) return own;
  if (await hasOwnCredential(git, url)) return own;
  const settings = [...settingsFor(url), ...headerSettings(server, token)];
  return { env: configEnvironment(git.env, settings), credential: "token" };
}

/** A name and a value of git's configuration. */
type Setting = readonly [name: string, value: string];

/**
 * git goes where a server's first answer leads, and takes its credential along: a header that is set up for this server
 * is sent to the next one too. So no redirect is followed, not even where the user's settings follow them for one
 * address: the more of an address a setting names, the more it counts. A server that says nothing for a minute is given
 * up.
 */
function settingsFor(url: string): readonly Setting[] {
  if (!/^https?:/i.test(url)) return [];
  const address = parseUrl(url);
  const place = address === undefined ? url : `${address.origin}${address.pathname}`;
  return [
    ["http.followRedirects", "false"],
    [`http.${place}.followRedirects`, "false"],
    ["http.lowSpeedLimit", "1"],
    ["http.lowSpeedTime", "60"],
  ];
}

/** What a git call that asks an address gets when git's own credential is enough. */
export function readEnvironment(git: Git, url: string): Env {
  return configEnvironment(git.env, settingsFor(url));
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
  return isSecure(remote) ? server.origin : undefined;
}

/** A remote may as well be a path or an scp-like address, which is no URL. */
function parseUrl(text: string): URL | undefined {
  return URL.canParse(text) ? new URL(text) : undefined;
}

/**
 * The header is a list in git: the empty value resets it, since GitHub answers two Authorization headers with 400
 * `Duplicate header: "Authorization"`.
 */
function headerSettings(server: string, token: string): readonly Setting[] {
  const name = `http.${server}/.extraheader`;
  const basic = Buffer.from(`x-access-token:${token}`).toString("base64");
  return [[name, ""], [name, `AUTHORIZATION: basic ${basic}`]];
}

/** Settings through GIT_CONFIG_COUNT (git 2.31 and newer), after whatever is there already. */
function configEnvironment(env: Env, settings: readonly Setting[]): Env {
  const first = Number(env.GIT_CONFIG_COUNT ?? 0) || 0;
  const entries = settings.flatMap(([name, value], index) => [
    [`GIT_CONFIG_KEY_${first + index}`, name],
    [`GIT_CONFIG_VALUE_${first + index}`, value],
  ]);
  return settings.length === 0
    ? {}
    : { GIT_CONFIG_COUNT: String(first + settings.length), ...Object.fromEntries(entries) };
}
