/**
 * Requests to GitHub's REST API through Octokit: they name themselves and the version of the API, and wait where GitHub
 * limits their rate.
 *
 * @module
 */

import type { Octokit } from "@octokit/rest";
import { githubFailure, rateLimitWait, refusalOf } from "./github_failure.ts";
import type { Clock, Env, Http, HttpRequest } from "./host.ts";
import { USER_AGENT } from "./version.ts";

/** A repository and the way to it. */
export interface GitHubClient {
  readonly owner: string;
  readonly repo: string;
  readonly clock: Clock;
  readonly octokit: () => Promise<Octokit>;
}

/** Loads Octokit at the first request: most commands make none. */
export function lazyOctokit(
  host: { readonly env: Env; readonly http: Http },
  token: string,
): GitHubClient["octokit"] {
  let octokit: Promise<Octokit> | undefined;
  return () => octokit ??= createOctokit(host, token);
}

async function createOctokit(
  { env, http }: { readonly env: Env; readonly http: Http },
  token: string,
): Promise<Octokit> {
  const { Octokit } = await import("@octokit/rest");
  // It tells of requests and deprecations on the console, which is not its to write on.
  const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
  const octokit = new Octokit({
    baseUrl: (env.GITHUB_API_URL || "https://api.github.com").replace(/\/+$/, ""),
    log,
    request: { log, fetch: (url: string, init?: HttpRequest) => http(url, init) },
  });
  octokit.hook.before("request", ({ headers }) => {
    Object.assign(headers, {
      accept: "application/vnd.github+json",
      authorization: `Bearer ${token}`,
      "user-agent": USER_AGENT,
      // Octokit sends none by itself, and the version that GitHub then takes changes in time.
      "x-github-api-version": "2022-11-28",
    });
  });
  return octokit;
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
  { what, send }: { readonly what: string; readonly send: (rest: Octokit["rest"]) => Promise<T> },
): Promise<T> {
  const { rest } = await client.octokit();
  for (let attempt = 1;; attempt++) {
    try {
      return await send(rest);
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
