/**
 * git over HTTP as GitHub serves it: `git http-backend` in the bare repository, behind GitHub's own checks of the
 * credential.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { LocalReply, LocalRequest } from "../server/messages.ts";
import type { GitHubOptions } from "./github_state.ts";

/** Answers a request below `/{owner}/{repo}.git/`; undefined for any other. */
export async function gitOverHttp(
  options: GitHubOptions,
  request: LocalRequest,
): Promise<LocalReply | undefined> {
  const root = `/${options.repository}`.toLowerCase();
  const [, repository = "", inner] = /^(\/[^/]+\/[^/]+?)(?:\.git)?\/(.+)$/.exec(request.path) ?? [];
  if (inner === undefined || !/^(info\/refs|git-(upload|receive)-pack)$/.test(inner)) {
    return undefined;
  }
  const refusal = refuse(options, request);
  if (refusal !== undefined) return refusal;
  if (repository.slice(1).toLowerCase() === options.formerName?.toLowerCase()) {
    const query = request.query.size === 0 ? "" : `?${request.query}`;
    return redirect(301, `/${options.repository}.git/${inner}${query}`);
  }
  if (repository.toLowerCase() !== root) return plain(404, "Repository not found.\n");
  return await runBackend(options, { request, inner });
}

/** The credential comes as the password of Basic authentication, with any user name. */
function refuse(options: GitHubOptions, request: LocalRequest): LocalReply | undefined {
  const sent = request.headers.get("authorization");
  // Two headers arrive here joined (RFC 9110 §5.3); GitHub refuses them.
  if (sent?.includes(",")) return plain(400, 'Duplicate header: "Authorization"\n');
  const writes = `${request.path}?${request.query}`.includes("git-receive-pack");
  if (sent === null && !writes && !options.isPrivate) return undefined;
  const [, encoded = ""] = /^basic +(.+)$/i.exec(sent ?? "") ?? [];
  const password = Buffer.from(encoded, "base64").toString().split(":").slice(1).join(":");
  if (password !== options.token) {
    return {
      ...plain(401, "Invalid username or token.\n"),
      headers: { "content-type": "text/plain", "www-authenticate": 'Basic realm="GitHub"' },
    };
  }
  if (!writes || options.contents !== "read") return undefined;
  return plain(403, `Permission to ${options.repository}.git denied to github-actions[bot].\n`);
}

/** To another path of this server; GitHub names itself in it as well. */
function redirect(status: number, path: string): LocalReply {
  return { status, headers: { location: path }, body: "" };
}

function plain(status: number, body: string): LocalReply {
  return { status, headers: { "content-type": "text/plain" }, body };
}

/** Runs the CGI program of git-http-backend(1) for one request. */
async function runBackend(
  { git }: GitHubOptions,
  { request, inner }: { readonly request: LocalRequest; readonly inner: string },
): Promise<LocalReply> {
  const { stdout } = await git.run(["http-backend"], {
    input: request.body,
    env: {
      GIT_HTTP_EXPORT_ALL: "1",
      PATH_INFO: `/${inner}`,
      PATH_TRANSLATED: `${git.cwd}/${inner}`,
      QUERY_STRING: request.query.toString(),
      REQUEST_METHOD: request.method,
      CONTENT_TYPE: request.headers.get("content-type") ?? "",
      CONTENT_LENGTH: String(request.body.length),
      HTTP_CONTENT_ENCODING: request.headers.get("content-encoding") ?? "",
      GIT_PROTOCOL: request.headers.get("git-protocol") ?? "",
      REMOTE_ADDR: "127.0.0.1",
      REMOTE_USER: "github-actions[bot]",
    },
  });
  return cgiReply(stdout);
}

/** A CGI answer: header lines, an empty line, the body (RFC 3875 §6). */
function cgiReply(output: Uint8Array): LocalReply {
  const bytes = Buffer.from(output);
  const end = bytes.indexOf("\r\n\r\n");
  const headers: Record<string, string> = {};
  for (const line of bytes.subarray(0, end).toString().split("\r\n")) {
    const colon = line.indexOf(":");
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  const { status = "200", ...rest } = headers;
  return { status: Number(status.split(" ")[0]), headers: rest, body: bytes.subarray(end + 4) };
}
