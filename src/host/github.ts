/**
 * One repository on GitHub, as far as a release needs its REST API.
 *
 * @module
 */

import { messageOf } from "../error.ts";
import {
  call,
  type GitHubClient,
  lazyOctokit,
  unknownAnswer,
  unlessMissing,
} from "./github_api.ts";
import {
  ensureRelease,
  findRelease,
  type NewRelease,
  type StandingRelease,
} from "./github_releases.ts";
import { type Environment, findEnvironment } from "./github_environments.ts";
import { findRun, type WorkflowRun } from "./github_runs.ts";
import type { Env, Host } from "./host.ts";
import { askRemote } from "./ask_remote.ts";
import { findRemote } from "./git_remote.ts";
import { githubToken, readEnvironment } from "./push_environment.ts";
import type { TagContent } from "./tag_object.ts";
import { Buffer } from "node:buffer";
import type { Git } from "./git.ts";

/** One repository on GitHub. */
export interface GitHub {
  /** `owner/name`. */
  readonly repository: string;
  /** The page of the published Release of a tag; undefined when there is none. */
  readonly findRelease: (tag: string) => Promise<string | undefined>;
  /** Makes sure that a tag has a published Release. Throws a `PIOT_GITHUB_…` failure. */
  readonly ensureRelease: (release: NewRelease) => Promise<StandingRelease>;
  /**
   * The id of the tree `.github/workflows` on the default branch; undefined when there is none. A commit with another
   * one may have its tag refused, see `docs/tags.md`.
   */
  readonly workflowsTree: () => Promise<string | undefined>;
  /**
   * Makes an annotated tag through the API, for when a push is refused: GitHub holds the two to different rules. Sent
   * once; ask the remote what came of it.
   */
  readonly createTag: (content: TagContent) => Promise<void>;
  /** One of its environments, as far as who may deploy to it; undefined when there is none. */
  readonly findEnvironment: (name: string) => Promise<Environment | undefined>;
  /** A run of one of its workflows, by its number; undefined when there is none. */
  readonly findRun: (number: number) => Promise<WorkflowRun | undefined>;
}

/** A repository to talk to, or a clause that tells why there is none: `there is no GITHUB_TOKEN or GH_TOKEN`. */
export type GitHubAccess =
  | { readonly github: GitHub; readonly why?: never }
  | { readonly github?: never; readonly why: string };

/**
 * Opens the run's repository, without a request. `repository` is what `repositoryOfRun()` found. The address of the API
 * is `GITHUB_API_URL`, else GitHub's own.
 */
export function openGitHub(
  host: Pick<Host, "env" | "http" | "clock" | "vault">,
  repository: string | undefined,
): GitHubAccess {
  if (repository === undefined) {
    return { why: "GITHUB_REPOSITORY is not set and the git remote is not on GitHub" };
  }
  const { token, why } = tokenOf(host.env);
  if (token === undefined) return { why };
  const [owner = "", repo = ""] = repository.split("/");
  const client: GitHubClient = {
    owner,
    repo,
    clock: host.clock,
    octokit: lazyOctokit(host, token),
  };
  return {
    github: {
      repository,
      findRelease: (tag) => findRelease(client, tag),
      // Everybody reads it, and commits hold what their authors did not look at twice.
      ensureRelease: (release) =>
        ensureRelease(client, {
          ...release,
          body: host.vault?.redact(release.body) ?? release.body,
        }),
      workflowsTree: () => workflowsTree(client),
      createTag: (content) => createTag(client, content),
      findEnvironment: (name) => findEnvironment(client, name),
      findRun: (number) => findRun(client, number),
    },
  };
}

/** What is released is announced later on or not at all: a token that is none ends no run. */
function tokenOf(env: Env): { token: string; why?: never } | { token?: never; why: string } {
  try {
    const token = githubToken(env);
    return token === undefined ? { why: "there is no GITHUB_TOKEN or GH_TOKEN" } : { token };
  } catch (error) {
    return { why: messageOf(error) };
  }
}

async function workflowsTree(client: GitHubClient): Promise<string | undefined> {
  const { owner, repo } = client;
  const what = "Cannot read the workflows of the default branch";
  const answer = await call(client, {
    what,
    needs: "contents: read",
    send: ({ repos }) => unlessMissing(repos.getContent({ owner, repo, path: ".github" })),
  });
  // A file of that name is answered as an object.
  const entries = answer?.data;
  if (!Array.isArray(entries)) return undefined;
  return entries.find(({ name, type }) => name === "workflows" && type === "dir")?.sha;
}

async function createTag(client: GitHubClient, content: TagContent): Promise<void> {
  const { owner, repo } = client;
  const { tag, commit: object, message, tagger } = content;
  const [, name = "", email = ""] = /^(.*) <(.*)>$/.exec(tagger.ident) ?? [];
  const date = new Date(Number(tagger.date.split(" ")[0]) * 1000).toISOString();
  const what = `Cannot make the tag "${tag}" through the API`;
  const made = await call(client, {
    what,
    send: ({ git }) =>
      git.createTag({
        ...{ owner, repo, tag, message: `${message}\n`, object, type: "commit" },
        tagger: { name, email, date },
      }),
  });
  const { sha } = made.data as Partial<typeof made.data>;
  if (typeof sha !== "string") throw unknownAnswer(`to a new tag "${tag}" has no id of it`);
  await call(client, {
    what,
    send: ({ git }) => git.createRef({ owner, repo, ref: `refs/tags/${tag}`, sha }),
  });
}

/** A commit that is to be tagged, and where its tags go. */
export interface DriftOptions {
  readonly github: Pick<GitHub, "workflowsTree">;
  /** Full object id. */
  readonly commit: string;
  /** The remote's name; `origin` by default. */
  readonly remote?: string;
}

/**
 * Whether a commit has workflow files that neither the default branch nor a branch that ends in it has, as happens when
 * a branch moves on during a run: GitHub may refuse its tags. Asked before anything is uploaded, since afterwards it is
 * too late to choose another token. False wherever that cannot be found out: it is a warning, not a verdict.
 */
export async function hasWorkflowDrift(
  git: Git,
  { github, commit, remote = "origin" }: DriftOptions,
): Promise<boolean> {
  const here = await git.run(["rev-parse", "--verify", "--quiet", `${commit}:.github/workflows`], {
    accept: [0, 1, 128],
  });
  const tree = Buffer.from(here.stdout).toString().trim();
  if (here.code !== 0 || tree === "") return false;
  const there = await github.workflowsTree().catch(() => tree);
  if (there === tree) return false;
  const tips = await readTips(git, remote).catch(() => undefined);
  return tips !== undefined && !tips.includes(commit);
}

/** The commits that the remote's branches end in; undefined when there is no such remote. */
async function readTips(git: Git, name: string): Promise<readonly string[] | undefined> {
  const remote = await findRemote(git, name);
  if (remote === undefined) return undefined;
  const list = await askRemote(git, { remote, env: readEnvironment(git, remote.url) });
  const lines = list.split("\n").map((line) => line.split("\t"));
  return lines.flatMap(([id = "", ref = ""]) => ref.startsWith("refs/heads/") ? [id] : []);
}
