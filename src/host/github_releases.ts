/**
 * GitHub Releases: made once, published at once and left alone. Nothing is attached to them, so that there is nothing an
 * immutable one would miss; a write whose answer got lost is settled by reading.
 *
 * @module
 */

import { Failure } from "../error.ts";
import { isNoAnswer } from "./answer.ts";
import { call, type GitHubClient, unknownAnswer, unlessMissing } from "./github_api.ts";
import { hasFieldError, refusalOf } from "./github_failure.ts";

/** A GitHub Release to be made. Its tag is there already. */
export interface NewRelease {
  readonly tag: string;
  readonly name: string;
  /** Markdown, at most 125,000 characters. */
  readonly body: string;
  readonly prerelease: boolean;
  /** Whether the repository's page shows it as the latest; never so for a pre-release. */
  readonly makeLatest: boolean;
}

/** A GitHub Release that stands. */
export interface StandingRelease {
  /** Its page. */
  readonly url: string;
  /** `created` by this call, or `present` before and left as it was. */
  readonly state: "created" | "present";
}

/** The page of the published Release of a tag; undefined when there is none. Drafts do not count. */
export async function findRelease(client: GitHubClient, tag: string): Promise<string | undefined> {
  const { owner, repo } = client;
  const answer = await call(client, {
    what: `Cannot look for the GitHub Release of "${tag}"`,
    send: ({ repos }) => unlessMissing(repos.getReleaseByTag({ owner, repo, tag })),
  });
  if (answer === undefined) return undefined;
  const { tag_name: found, html_url: url } = answer.data as Partial<typeof answer.data>;
  if (found === tag && typeof url === "string") return url;
  throw unknownAnswer(`to the question for the Release of "${tag}" is about something else`);
}

/** Makes sure that a tag has a published Release. Throws a `PIOT_GITHUB_…` failure, or `PIOT_NETWORK`. */
export async function ensureRelease(
  client: GitHubClient,
  release: NewRelease,
): Promise<StandingRelease> {
  const standing = await findRelease(client, release.tag);
  if (standing !== undefined) return { url: standing, state: "present" };
  await requireTag(client, release.tag);
  try {
    return { url: await postRelease(client, release), state: "created" };
  } catch (error) {
    const exists = hasFieldError(refusalOf((error as Error).cause), "already_exists");
    if (!exists && !isUncertain(error)) throw error;
    // The answer was lost, or somebody else was faster: what stands now is the truth.
    const url = await findRelease(client, release.tag).catch(() => undefined);
    if (url === undefined) throw error;
    return { url, state: exists ? "present" : "created" };
  }
}

function isUncertain(error: unknown): boolean {
  return isNoAnswer(error) ||
    (error instanceof Failure && error.code === "PIOT_GITHUB_UNKNOWN");
}

async function postRelease(client: GitHubClient, release: NewRelease): Promise<string> {
  const { owner, repo } = client;
  const { tag, name, body, prerelease, makeLatest } = release;
  const answer = await call(client, {
    what: `Cannot make the GitHub Release "${tag}"`,
    send: ({ repos }) =>
      repos.createRelease({
        ...{ owner, repo, tag_name: tag, name, body, prerelease, draft: false },
        // By default the newest release is the latest, which in a repository of many packages is any of them.
        make_latest: makeLatest && !prerelease ? "true" : "false",
      }),
  });
  const { html_url: url } = answer.data as Partial<typeof answer.data>;
  if (typeof url === "string") return url;
  throw unknownAnswer(`to a new Release of "${tag}" has no page of it`);
}

/** A tag that was pushed a moment ago may not show at once. */
const PATIENCE = [1_000, 3_000];

/**
 * GitHub makes a tag that is missing by itself, on the default branch's newest commit: a tag that lies. So the tag must
 * be there.
 */
async function requireTag(client: GitHubClient, tag: string): Promise<void> {
  const { owner, repo } = client;
  const what = `Cannot make the GitHub Release "${tag}"`;
  for (const wait of [...PATIENCE, undefined]) {
    const found = await call(client, {
      what,
      send: ({ git }) => unlessMissing(git.getRef({ owner, repo, ref: `tags/${tag}` })),
    });
    const { ref } = (found?.data ?? {}) as { ref?: unknown };
    if (ref === `refs/tags/${tag}`) return;
    if (found !== undefined) {
      throw unknownAnswer(`to the question for the tag "${tag}" is about something else`);
    }
    if (wait !== undefined) await client.clock.sleep(wait);
  }
  // Where the whole repository is hidden, the tag is not what is missing.
  await call(client, { what, send: ({ repos }) => repos.get({ owner, repo }) });
  throw new Failure("PIOT_GITHUB_TAG_MISSING", `${what}: ${owner}/${repo} has no such tag`, {
    hint:
      "Check that the git remote is this repository and that the tag was pushed to it, then run again",
  });
}
