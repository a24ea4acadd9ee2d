/**
 * The part of GitHub's REST API that reads and writes git: refs, tag objects and folders, all of it real git in the bare
 * repository.
 *
 * @module
 */

import type { Git } from "../../host/git.ts";
import type { LocalReply } from "../server/messages.ts";
import type { GitHubState, RepositoryRequest, Route } from "./github_state.ts";
import { invalid, notFound, unprocessable } from "./replies.ts";

/** `GET git/ref/{ref}`, `POST git/refs`, `GET` and `POST git/tags`, `GET contents/{folder}`. */
export const gitRoutes: Route = async (state, request) => {
  const [, method, part = "", name = ""] =
    /^(GET|POST) (git\/ref|git\/refs|git\/tags|contents)(?:\/(.+))?$/.exec(request.rest) ?? [];
  if (method === undefined) return undefined;
  const route = `${method} ${part}`;
  if (route === "GET git/ref") return await readRef(state, `refs/${name}`);
  if (route === "GET git/tags") return await readTag(state, name);
  if (route === "GET contents") return await listFolder(state, { name, request });
  if (route === "POST git/tags") return await makeTag(state, request);
  if (route === "POST git/refs") return await makeRef(state, request);
  return undefined;
};

/** What a name stands for; undefined when there is no such thing. */
export async function resolveObject(
  git: Git,
  name: string,
): Promise<{ id: string; type: string } | undefined> {
  if (name.includes("\n")) return undefined;
  const text = await git.text(["cat-file", "--batch-check=%(objectname) %(objecttype)"], {
    input: `${name}\n`,
  });
  const [, id, type] = /^([0-9a-f]{40,64}) (commit|tag|tree|blob)\n$/.exec(text) ?? [];
  return id === undefined || type === undefined ? undefined : { id, type };
}

async function readRef(state: GitHubState, ref: string): Promise<LocalReply> {
  const object = await resolveObject(state.options.git, ref);
  if (object === undefined) return notFound();
  return { status: 200, body: refDocument(state, { ref, ...object }) };
}

function refDocument(
  state: GitHubState,
  { ref, id, type }: { readonly ref: string; readonly id: string; readonly type: string },
): object {
  return { ref, node_id: "REF_", url: `${state.url}/${ref}`, object: { sha: id, type, url: "" } };
}

async function readTag(state: GitHubState, id: string): Promise<LocalReply> {
  const { git } = state.options;
  const found = /^[0-9a-f]{40,64}$/.test(id) ? await resolveObject(git, id) : undefined;
  if (found?.type !== "tag") return notFound();
  return { status: 200, body: tagDocument(id, await git.text(["cat-file", "tag", id])) };
}

function tagDocument(sha: string, text: string): object {
  const [head = "", ...message] = text.split("\n\n");
  const fields = new Map(
    head.split("\n").map((line): [string, string] => {
      const space = line.indexOf(" ");
      return [line.slice(0, space), line.slice(space + 1)];
    }),
  );
  const object = { sha: fields.get("object"), type: fields.get("type") };
  return { sha, tag: fields.get("tag"), message: message.join("\n\n"), object };
}

async function listFolder(
  state: GitHubState,
  { name, request }: { name: string; request: RepositoryRequest },
): Promise<LocalReply> {
  const { git } = state.options;
  const ref = request.query.get("ref") ?? "HEAD";
  const folder = await resolveObject(git, `${ref}:${name}`);
  if (folder?.type !== "tree") return notFound();
  const entries = (await git.text(["ls-tree", "-z", folder.id])).split("\0").filter(Boolean);
  const body = entries.map((entry) => {
    const [, type, sha, path] = /^\d+ (\S+) (\S+)\t(.+)$/s.exec(entry) ?? [];
    return { name: path, path: `${name}/${path}`, sha, type: type === "tree" ? "dir" : "file" };
  });
  return { status: 200, body };
}

async function makeTag(state: GitHubState, { json = {} }: RepositoryRequest): Promise<LocalReply> {
  const { tag, message, object, type, tagger } = json;
  for (const [field, value] of Object.entries({ tag, message, object, type })) {
    if (typeof value !== "string") {
      return invalid({ resource: "Tag", code: "missing_field", field });
    }
  }
  const { git } = state.options;
  if ((await resolveObject(git, String(object)))?.type !== type) {
    return unprocessable("Could not verify object");
  }
  const who = tagger as { name?: string; email?: string; date?: string } | undefined;
  const when = who?.date === undefined ? state.options.clock.now() : new Date(who.date);
  const line = `${who?.name ?? "github-actions[bot]"} <${who?.email ?? "bot@example.com"}> ` +
    `${Math.floor(when.getTime() / 1000)} +0000`;
  const input = `object ${object}\ntype ${type}\ntag ${tag}\ntagger ${line}\n\n${message}`;
  const sha = (await git.text(["mktag"], { input })).trim();
  return { status: 201, body: tagDocument(sha, input) };
}

async function makeRef(state: GitHubState, { json = {} }: RepositoryRequest): Promise<LocalReply> {
  const { ref, sha } = json;
  const { git, tagsRestricted = false } = state.options;
  if (typeof ref !== "string" || !/^refs\/.+\/.+|^refs\/tags\/./.test(ref)) {
    return unprocessable("Reference name must start with 'refs' and contain at least two slashes");
  }
  const object = await resolveObject(git, String(sha));
  if (object === undefined) return unprocessable("Object does not exist");
  if (await resolveObject(git, ref) !== undefined) {
    return unprocessable("Reference already exists");
  }
  if (tagsRestricted && ref.startsWith("refs/tags/")) {
    return unprocessable(
      `Repository rule violations found\n\nCannot create ref due to creations being restricted.\n\n`,
    );
  }
  const { code, stderr } = await git.run(["update-ref", ref, object.id, ""], {
    accept: [0, 1, 128],
  });
  if (code !== 0) return unprocessable(`Reference update failed: ${stderr}`);
  return { status: 201, body: refDocument(state, { ref, ...object }) };
}
