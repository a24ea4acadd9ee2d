/**
 * GitHub Releases: made once per tag, refused for the reasons that GitHub refuses them for.
 *
 * @module
 */

import type { LocalReply } from "../server/messages.ts";
import { resolveObject } from "./git_routes.ts";
import type { GitHubState, RepositoryRequest, Route, StoredRelease } from "./github_state.ts";
import { type FieldError, invalid, notFound } from "./replies.ts";

const MOST_BODY = 125_000;

/** `GET releases`, `GET releases/latest`, `GET releases/tags/{tag}`, `POST releases`. */
export const releaseRoutes: Route = async (state, request) => {
  const { rest, query } = request;
  if (rest === "GET releases") {
    const [size, page] = [Number(query.get("per_page") ?? 30), Number(query.get("page") ?? 1)];
    const newestFirst = [...state.releases].reverse();
    return { status: 200, body: newestFirst.slice(size * (page - 1), size * page) };
  }
  if (rest === "GET releases/latest") return found(state.latest);
  const tag = /^GET releases\/tags\/(.+)$/.exec(rest)?.[1];
  if (tag !== undefined) {
    return found(state.releases.find(({ tag_name, draft }) => tag_name === tag && !draft));
  }
  return rest === "POST releases" ? await makeRelease(state, request) : undefined;
};

function found(release: StoredRelease | undefined): LocalReply {
  return release === undefined ? notFound() : { status: 200, body: release };
}

/** A request for a release, after its types were checked. */
interface ReleaseWish {
  readonly tag: string;
  readonly target: string;
  readonly name: string;
  readonly body: string;
  readonly draft: boolean;
  readonly prerelease: boolean;
  readonly makeLatest: string;
}

async function makeRelease(
  state: GitHubState,
  { json = {} }: RepositoryRequest,
): Promise<LocalReply> {
  const wish = readWish(json);
  const error = wishError(state, wish) ?? (wish.draft ? undefined : await needTag(state, wish)) ??
    // Another request may have come first meanwhile.
    wishError(state, wish);
  if (error !== undefined) return invalid({ ...error, resource: "Release" });
  const release = releaseDocument(state, wish);
  state.releases.push(release);
  if (!wish.draft && !wish.prerelease && wish.makeLatest !== "false") state.latest = release;
  return { status: 201, body: release };
}

function readWish(json: Readonly<Record<string, unknown>>): ReleaseWish {
  const text = (name: string): string => typeof json[name] === "string" ? json[name] : "";
  return {
    tag: text("tag_name"),
    target: text("target_commitish"),
    name: text("name"),
    body: text("body"),
    draft: json.draft === true,
    prerelease: json.prerelease === true,
    makeLatest: text("make_latest") || "true",
  };
}

type WishError = Omit<FieldError, "resource">;

function wishError(state: GitHubState, wish: ReleaseWish): WishError | undefined {
  const { releases, options: { spentTags = [] } } = state;
  const custom = (field: string, message: string): WishError => ({
    code: "custom",
    field,
    message,
  });
  if (wish.tag === "") return { code: "missing_field", field: "tag_name" };
  if (!["true", "false", "legacy"].includes(wish.makeLatest)) {
    return { code: "invalid", field: "make_latest" };
  }
  if (wish.makeLatest === "true" && wish.prerelease) {
    return custom("make_latest", "Latest release cannot be draft or prerelease.");
  }
  if ([...wish.body].length > MOST_BODY) {
    return custom("body", `body is too long (maximum is ${MOST_BODY} characters)`);
  }
  if (releases.some(({ tag_name, draft }) => tag_name === wish.tag && !draft) && !wish.draft) {
    return { code: "already_exists", field: "tag_name" };
  }
  return spentTags.includes(wish.tag)
    ? custom("tag_name", "tag_name was used by an immutable release")
    : undefined;
}

/** A published release has a tag: one that is missing is made on the spot, without an object of its own. */
async function needTag(state: GitHubState, wish: ReleaseWish): Promise<WishError | undefined> {
  const { git, tagsRestricted = false } = state.options;
  const ref = `refs/tags/${wish.tag}`;
  if (await resolveObject(git, ref) !== undefined) return undefined;
  const target = await resolveObject(git, `${wish.target || "HEAD"}^{commit}`);
  if (target === undefined) return { code: "invalid", field: "target_commitish" };
  if (tagsRestricted) {
    const message =
      "Repository rule violations found\n\nCannot create ref due to creations being restricted.\n\n";
    return { code: "custom", field: "pre_receive", message };
  }
  const { code } = await git.run(["update-ref", ref, target.id, ""], { accept: [0, 1, 128] });
  return code === 0 ? undefined : { code: "invalid", field: "tag_name" };
}

function releaseDocument(state: GitHubState, wish: ReleaseWish): StoredRelease {
  const { url, releases, options } = state;
  const id = releases.length + 1;
  const now = options.clock.now().toISOString().replace(/\.\d+/, "");
  const path = `${options.repository}/releases`;
  return {
    id,
    tag_name: wish.tag,
    target_commitish: wish.target || "main",
    name: wish.name,
    body: wish.body,
    draft: wish.draft,
    prerelease: wish.prerelease,
    immutable: options.immutableReleases === true && !wish.draft,
    created_at: now,
    published_at: now,
    html_url: `${url}/${path}/tag/${encodeURIComponent(wish.tag)}`,
    url: `${url}/repos/${path}/${id}`,
  };
}
