/**
 * Requests to GitHub's REST API through Octokit: they name themselves and the version of the API, and wait where GitHub
 * limits their rate.
 *
 * @module
 */

import type { Octokit } from "@octokit/rest";
import { Failure } from "../error.ts";
import { githubFailure, rateLimitWait, refusalOf } from "./github_failure.ts";
import type { Clock, Env, Http, HttpRequest } from "./host.ts";
import { readJson } from "./json_answer.ts";
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
    request: { log, fetch: (url: string, init?: HttpRequest) => askGitHub(http, url, init) },
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

/**
 * An answer that is GitHub's: Octokit takes a page for a document, a redirected write for a success, and whoever asks
 * whether something is there takes any 404 for a no.
 */
async function askGitHub(http: Http, address: string, init?: HttpRequest): Promise<Response> {
  const answer = await http(address, init);
  const bytes = new Uint8Array(await answer.arrayBuffer());
  const { status, statusText, headers } = answer;
  const { json, flaw = "is no document of GitHub's API" } = readJson(bytes);
  const to = headers.get("location");
  if (status >= 300 && status < 400 && to !== null) throw moved({ address, status, to });
  const { message } = (json ?? {}) as { message?: unknown };
  const isNo = typeof message === "string" && /not found/i.test(message);
  const isDocument = typeof json === "object" && json !== null;
  if ((status === 404 && !isNo) || (status < 400 && !isDocument)) {
    throw unknownAnswer(`${status} from ${placeOf(address)} ${flaw}`);
  }
  return new Response(bytes, { status, statusText, headers });
}

function placeOf(address: string): string {
  const { origin, pathname } = new URL(address);
  return `${origin}${pathname}`;
}

function moved(
  { address, status, to }: {
    readonly address: string;
    readonly status: number;
    readonly to: string;
  },
): Failure {
  const place = URL.canParse(to, address) ? placeOf(new URL(to, address).href) : "no address";
  return new Failure(
    "PIOT_GITHUB_MOVED",
    `Cannot write to ${placeOf(address)}: GitHub answers ${status}, and leads to ${place}`,
    {
      hint:
        "The repository was renamed or moved: set GITHUB_REPOSITORY, and the git remote with `git remote set-url origin`, to what it is called now",
    },
  );
}

/** The failure for an answer that does not come from GitHub's API; `found` is a clause. */
export function unknownAnswer(found: string): Failure {
  return new Failure("PIOT_GITHUB_UNKNOWN", `Cannot tell what GitHub has: the answer ${found}`, {
    hint:
      "Check GITHUB_API_URL and what stands between here and there, then run again; what was made is kept",
  });
}

const MOST_TRIES = 3;
const LONGEST_WAIT = 60_000;

/**
 * Sends a request. One that meets a limit of the rate waits as long as GitHub asks, up to a minute, and is sent again.
 * Throws a failure whose message starts with `what`.
 */
export async function call<T>(
  client: GitHubClient,
  { what, send, needs = "contents: write" }: {
    readonly what: string;
    readonly send: (rest: Octokit["rest"]) => Promise<T>;
    /** What it needs of the job's token, as a workflow says it. */
    readonly needs?: string;
  },
): Promise<T> {
  const { rest } = await client.octokit();
  for (let attempt = 1;; attempt++) {
    try {
      return await send(rest);
    } catch (error) {
      const wait = rateLimitWait(refusalOf(error), client.clock);
      if (wait === undefined || wait > LONGEST_WAIT || attempt === MOST_TRIES) {
        throw githubFailure(error, { what, needs, clock: client.clock });
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
