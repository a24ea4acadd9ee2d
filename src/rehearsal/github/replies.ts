/**
 * The answers of GitHub's REST API that say no, as its documentation and its clients' reports show them.
 *
 * @module
 */

import type { LocalReply } from "../server/messages.ts";

const DOCS = "https://docs.github.com/rest";

function message(status: number, text: string, headers?: Record<string, string>): LocalReply {
  const body = { message: text, documentation_url: DOCS, status: String(status) };
  return { status, body, ...(headers === undefined ? {} : { headers }) };
}

/** No token where one is needed, or one that is not valid. */
export function unauthorised(sent: boolean): LocalReply {
  return message(401, sent ? "Bad credentials" : "Requires authentication");
}

/** A token without the permission; `needed` is what `x-accepted-github-permissions` says. */
export function forbidden(needed: string): LocalReply {
  return message(403, "Resource not accessible by integration", {
    "x-accepted-github-permissions": needed,
  });
}

/** No such thing, or none that this token may see. */
export function notFound(): LocalReply {
  return message(404, "Not Found");
}

/** An earlier name of a repository: reads are led on for good, writes for now (docs.github.com, "Follow redirects"). */
export function renamed(method: string, location: string): LocalReply {
  const isRead = method === "GET" || method === "HEAD";
  const reply = message(isRead ? 301 : 307, isRead ? "Moved Permanently" : "Temporary Redirect");
  return { ...reply, headers: { location } };
}

/** A request without a `User-Agent`. */
export function noUserAgent(): LocalReply {
  return {
    status: 403,
    headers: { "content-type": "text/html" },
    body:
      "Request forbidden by administrative rules. Please make sure your request has a User-Agent header " +
      `(${DOCS}/overview/resources-in-the-rest-api#user-agent-required). Check https://developer.github.com for other possible causes.\n`,
  };
}

/** A version of the API that is not, or no longer, supported. */
export function unknownVersion(version: string): LocalReply {
  return message(400, `Version ${version} of the GitHub API is not supported`);
}

/** A body that is no JSON object. */
export function notJson(): LocalReply {
  return message(400, "Problems parsing JSON");
}

/** One entry of `errors` in an answer of status 422. */
export interface FieldError {
  readonly resource: string;
  readonly code: "missing_field" | "invalid" | "already_exists" | "custom";
  readonly field: string;
  readonly message?: string;
}

/** A document that GitHub does not accept. */
export function invalid(...errors: FieldError[]): LocalReply {
  return {
    status: 422,
    body: { message: "Validation Failed", errors, documentation_url: DOCS, status: "422" },
  };
}

/** A refusal of status 422 that is one sentence. */
export function unprocessable(text: string): LocalReply {
  return message(422, text);
}
