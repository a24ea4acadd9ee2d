/**
 * GitHub on 127.0.0.1: the REST API for tags and releases of one repository, and its git remote, over a real bare
 * repository. It refuses what GitHub refuses.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { LocalReply, LocalRequest } from "../server/messages.ts";
import { ROUTES } from "../server/routes.ts";
import { type LocalServer, serve } from "../server/serve.ts";
import { gitOverHttp } from "./git_over_http.ts";
import { gitRoutes } from "./git_routes.ts";
import type {
  GitHubOptions,
  GitHubState,
  RepositoryRequest,
  StoredRelease,
} from "./github_state.ts";
import { releaseRoutes } from "./release_routes.ts";
import {
  forbidden,
  notFound,
  notJson,
  noUserAgent,
  renamed,
  unauthorised,
  unknownVersion,
} from "./replies.ts";

/** A running GitHub. */
export interface LocalGitHub extends LocalServer {
  /** What a job finds in its environment, with the token among it. */
  readonly env: Readonly<
    Record<"GITHUB_API_URL" | "GITHUB_SERVER_URL" | "GITHUB_REPOSITORY" | "GITHUB_TOKEN", string>
  >;
  /** The address of the git remote, without a credential. */
  readonly remoteUrl: string;
  /** The GitHub Releases, oldest first. */
  readonly releases: readonly StoredRelease[];
  /** The tag of the release that is marked as the latest. */
  readonly latest: () => string | undefined;
}

/** The repository's number. */
const ID = 74;

/** Versions of the API that are supported (docs.github.com, "API Versions"). */
const VERSIONS = ["2022-11-28", "2026-03-10"];

/** Starts GitHub. */
export async function serveGitHub(options: GitHubOptions): Promise<LocalGitHub> {
  const releases: StoredRelease[] = [];
  const state: GitHubState = { options, url: "", releases, latest: undefined };
  const server = await serve((url) => {
    state.url = url;
    return async (request) =>
      await gitOverHttp(options, request) ?? await answerApi(state, request);
  }, ROUTES.GitHub);
  return {
    ...server,
    env: {
      GITHUB_API_URL: server.url,
      GITHUB_SERVER_URL: server.url,
      GITHUB_REPOSITORY: options.repository,
      GITHUB_TOKEN: options.token,
    },
    remoteUrl: `${server.url}/${options.repository}.git`,
    releases,
    latest: () => state.latest?.tag_name,
  };
}

async function answerApi(
  state: GitHubState,
  request: LocalRequest,
): Promise<LocalReply | undefined> {
  const [, repository, inner = ""] =
    /^\/(?:repos\/([^/]+\/[^/]+)|repositories\/\d+)(?:\/(.+))?$/.exec(request.path) ?? [undefined];
  if (repository === undefined && !request.path.startsWith("/repositories/")) return undefined;
  const refusal = refuse(state.options, request);
  if (refusal !== undefined) return refusal;
  const { repository: name, formerName } = state.options;
  const called = (repository ?? name).toLowerCase();
  if (called === formerName?.toLowerCase()) {
    return renamed(request.method, `${state.url}/repositories/${ID}/${inner}`);
  }
  if (called !== name.toLowerCase()) return notFound();
  const json = readJson(request.body);
  if (json === "broken") return notJson();
  const rest = `${request.method} ${decodeURIComponent(inner)}`.trim();
  const asked: RepositoryRequest = { ...request, rest, json };
  if (rest === "GET") return { status: 200, body: repositoryDocument(state) };
  const run = /^GET actions\/runs\/(\d+)$/.exec(rest)?.[1];
  if (run !== undefined) {
    const found = state.options.runs?.find(({ id }) => id === Number(run));
    return found === undefined ? notFound() : { status: 200, body: found };
  }
  return await releaseRoutes(state, asked) ?? await gitRoutes(state, asked);
}

function refuse(options: GitHubOptions, request: LocalRequest): LocalReply | undefined {
  const { token, isPrivate = false, contents = "write" } = options;
  const version = request.headers.get("x-github-api-version") ?? VERSIONS[0]!;
  if ((request.headers.get("user-agent") ?? "") === "") return noUserAgent();
  if (!VERSIONS.includes(version)) return unknownVersion(version);
  const reads = request.method === "GET";
  const sent = request.headers.get("authorization");
  if (sent === null) return reads ? (isPrivate ? notFound() : undefined) : unauthorised(false);
  if (!/^(?:bearer|token) /i.test(sent) || sent.split(" ")[1] !== token) {
    return unauthorised(true);
  }
  return reads || contents === "write" ? undefined : forbidden("contents=write");
}

function readJson(body: Uint8Array): Record<string, unknown> | undefined | "broken" {
  if (body.length === 0) return undefined;
  try {
    const value: unknown = JSON.parse(Buffer.from(body).toString());
    const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
    return isObject ? value as Record<string, unknown> : "broken";
  } catch {
    return "broken";
  }
}

function repositoryDocument({ options, url }: GitHubState): object {
  const [owner, name] = options.repository.split("/");
  return {
    id: ID,
    name,
    full_name: options.repository,
    owner: { login: owner, id: 65 },
    private: options.isPrivate === true,
    html_url: `${url}/${options.repository}`,
    default_branch: "main",
  };
}
