/**
 * How PyPI says no: a status, and its words in the reason phrase and in the body.
 *
 * @module
 */

import { type LocalReply, type LocalRequest, Refusal } from "../server/messages.ts";

const TITLES: Readonly<Record<number, string>> = {
  400: "Bad Request",
  403: "Forbidden",
  409: "Conflict",
  405: "Method Not Allowed",
  410: "Gone",
  429: "Too Many Requests",
};

const COMPLAINT = "The server could not comply with the request since it is either malformed or " +
  "otherwise incorrect.";

/**
 * The answer that a refusal becomes: JSON, HTML or text as the request accepts. The JSON's `message` holds more than
 * the words, its `code` is the status line (WebOb's `HTTPException.json_formatter`).
 */
export function refusalReply(refusal: Refusal, request: LocalRequest): LocalReply {
  const { status, message } = refusal;
  const title = TITLES[status] ?? "Error";
  const accept = request.headers.get("accept") ?? "";
  const reply = { status, reason: message };
  if (accept.includes("application/json")) {
    return {
      ...reply,
      body: { message: `${COMPLAINT}\n\n\n${message}\n\n`, code: `${status} ${message}`, title },
    };
  }
  if (accept.includes("text/html")) {
    const page =
      `<html>\n <head>\n  <title>${status} ${escapeHtml(message)}</title>\n </head>\n <body>\n` +
      `  <h1>${status} ${escapeHtml(message)}</h1>\n  ${COMPLAINT}<br/><br/>\n${
        escapeHtml(message)
      }\n </body>\n</html>`;
    return { ...reply, headers: { "content-type": "text/html; charset=UTF-8" }, body: page };
  }
  return {
    ...reply,
    headers: { "content-type": "text/plain; charset=UTF-8" },
    body: `${status} ${message}\n\n${COMPLAINT}\n\n\n${message}\n\n`,
  };
}

/** Text as it stands in HTML, in attributes too. */
export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** Where PyPI sends people to read about fields. */
export const SPECIFICATION: string =
  "See https://packaging.python.org/specifications/core-metadata for more information.";

/** 400 for a value; `why` is a sentence. */
export function invalidField(
  value: string | undefined,
  { header, why }: { readonly header: string; readonly why: string },
): Refusal {
  return new Refusal(
    400,
    `'${value ?? ""}' is an invalid value for ${header}. Error: ${why} ${SPECIFICATION}`,
  );
}
