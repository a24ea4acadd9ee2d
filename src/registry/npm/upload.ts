/**
 * Stage five for npm: sends one publish document, once; and once more to be staged, when that is all that is allowed.
 *
 * @module
 */

import type { Http } from "../../host/http.ts";
import type { StreamedBody } from "../../host/streamed_body.ts";
import type { Uploaded } from "../registry.ts";
import type { NpmUnit } from "./prepared.ts";
import { publishBody, type PublishSettings } from "./publish_document.ts";
import { refusalOf } from "./refusal.ts";
import { escapeName, readReply, type Reply } from "./reply.ts";
import { isStagedAlready, mayOnlyStage, readStageReply, waiting } from "./staging.ts";

/** Milliseconds that an upload may take: the registry's own limit is about 250 MB, which slow lines need minutes for. */
const TIMEOUT = 10 * 60_000;

/** What an upload needs. */
export interface UploadParts extends PublishSettings {
  readonly http: Http;
  /** The token. */
  readonly secret: string;
}

/**
 * Uploads a unit. Never repeated by itself: after a lost answer, a 409 or a 5xx the version may be there all the same,
 * and only looking again tells (npm/cli#7376). A trusted publisher that may not publish stages the same document. Throws
 * what {@link refusalOf} makes of a refusal, or `PIOT_NETWORK`.
 */
export async function uploadUnit(unit: NpmUnit, parts: UploadParts): Promise<Uploaded> {
  const { registry } = parts;
  const { name, version } = unit;
  const body = publishBody(unit, parts);
  const path = escapeName(name);
  const put = { method: "PUT", command: "publish", url: `${registry}/${path}`, body };
  const reply = await send(name, { ...parts, ...put });
  if (isSuccess(reply)) return;
  if (isStagedAlready(reply)) return waiting({ name, version, registry });
  if (!mayOnlyStage(reply)) throw refusalOf(`${name}@${version}`, reply);
  const url = `${registry}/-/stage/package/${path}`;
  const stage = { method: "POST", command: "stage", url, body };
  return readStageReply({ name, version, registry }, await send(name, { ...parts, ...stage }));
}

interface Sending extends Pick<UploadParts, "http" | "secret"> {
  readonly method: string;
  /** What npm's client calls it. */
  readonly command: string;
  readonly url: string;
  readonly body: StreamedBody;
}

async function send(
  name: string,
  { http, secret, method, command, url, body }: Sending,
): Promise<Reply> {
  const scope = /^@[^/]+/.exec(name)?.[0];
  const response = await http(url, {
    method,
    headers: {
      accept: "application/json",
      authorization: `Bearer ${secret}`,
      "content-type": "application/json",
      "npm-auth-type": "web",
      "npm-command": command,
      ...(scope === undefined ? {} : { "npm-scope": scope }),
    },
    body,
    timeout: TIMEOUT,
  });
  return await readReply(response);
}

function isSuccess({ status }: Reply): boolean {
  return status >= 200 && status < 300;
}
