/**
 * Makes a failure of an answer that refuses an upload. The registry's own words always stay in the message.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import { type RefusalRow, REFUSALS } from "./refusal_table.ts";
import { type Reply, tellReply } from "./reply.ts";

/** The row of the table that an answer is. */
export function refusalRow(reply: Reply): RefusalRow {
  const context = `${reply.words} ${reply.headers.get("www-authenticate") ?? ""}`;
  const kind = `${Math.trunc(reply.status / 100)}xx`;
  const row = REFUSALS.find(({ status, words }) =>
    (status === "any" || status.some((one) => one === reply.status || one === kind)) &&
    (words?.test(context) ?? true)
  );
  if (row === undefined) throw new Error("unreachable: the last row fits every answer");
  return row;
}

/** The failure for an answer that is not a success. `verb` is what was tried: `upload`, or `stage`. */
export function refusalOf(
  file: string,
  reply: Reply,
  verb: "upload" | "stage" = "upload",
): Failure {
  const { code, hint } = refusalRow(reply);
  return new Failure(code, `Cannot ${verb} ${file}: npm answers ${tellReply(reply)}`, { hint });
}

/** What was answered to an upload, and to the staging that was tried in its place. */
export interface TwoReplies {
  readonly upload: Reply;
  readonly staging: Reply;
}

/**
 * The failure when neither was taken. Of a token the first answer counts, since what has to be mended is the token; an
 * answer to the staging that leaves open what became of it counts always.
 */
export function stagingRefusal(file: string, { upload, staging }: TwoReplies): Failure {
  const first = refusalRow(upload);
  const isOpen = refusalRow(staging).code !== "PIOT_AUTH_REFUSED" &&
    refusalRow(staging).code !== "PIOT_REGISTRY_REFUSED";
  if (isOpen || first.id === "oidc-denied") return refusalOf(file, staging, "stage");
  return new Failure(
    first.code,
    `Cannot upload ${file}: npm answers ${tellReply(upload)}; and to staging it ${
      tellReply(staging)
    }`,
    { hint: first.hint },
  );
}
