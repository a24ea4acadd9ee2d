/**
 * Requests to GitHub's REST API through Octokit: they name themselves and the version of the API, and wait where GitHub
 * limits their rate.
 *
 * @module
 */

import type { request } from "@octokit/request";
import { githubFailure, rateLimitWait, refusalOf } from "./github_failure.ts";
import type { Clock, Env, Http, HttpRequest } from "./host.ts";
import { USER_AGENT } from "./version.ts";

/** Octokit's request function, which types every route of the API. */
export type GitHubApi = typeof request;

/** A repository and the way to it. */
export interface GitHubClient {
  readonly owner: string;
  readonly repo: string;
  readonly clock: Clock;
  readonly api: () => Promise<GitHubApi>;
}

/** Loads Octokit at the first request: most commands make none. */
export function lazyApi(
  parts: { readonly env: Env; readonly http: Http },
  token: string,
): GitHubClient["api"] {
  let api: Promise<GitHubApi> | undefined;
  return () => api ??= loadApi(parts, token);
}

async function loadApi(
  { env, http }: { readonly env: Env; readonly http: Http },
  token: string,
): Promise<GitHubApi> {
  const { request } = await import("@octokit/request");
  return request.defaults({
    baseUrl: (env.GITHUB_API_URL || "https://api.github.com").replace(/\/+$/, ""),
    headers: {
      accept: "application/vnd.github+json",
      authorization: `Bearer ${token}`,
      "user-agent": USER_AGENT,
      // Octokit sends none by itself, and the version that GitHub then takes changes in time.
      "x-github-api-version": "2022-11-28",
    },
    request: {
      // It announces deprecations on the console, which is not its to write on.
      log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
      fetch: (url: string, init?: HttpRequest) => http(url, init),
    },
  });
}

function ignore(): void {}

const MOST_TRIES = 3;
const LONGEST_WAIT = 60_000;

/**
 * Sends a request. One that meets a limit of the rate waits as long as GitHub asks, up to a minute, and is sent again.
 * Throws a failure whose message starts with `what`.
 */
export async function call<T>(
  client: GitHubClient,
  { what, send }: { readonly what: string; readonly send: (api: GitHubApi) => Promise<T> },
): Promise<T> {
  const api = await client.api();
  for (let attempt = 1;; attempt++) {
    try {
      return await send(api);
    } catch (error) {
      const wait = rateLimitWait(refusalOf(error), client.clock);
      if (wait === undefined || wait > LONGEST_WAIT || attempt === MOST_TRIES) {
        throw githubFailure(error, { what, clock: client.clock });
      }
      await client.clock.sleep(wait);
    }
  }
}

/** Turns "not there" (404) into undefined. */
export async function unlessMissing<T>(sent: Promise<T>): Promise<T | undefined> {
  try {
    return await sent;
  } catch (error) {
    if (refusalOf(error)?.status === 404) return undefined;
    throw error;
  }
}
