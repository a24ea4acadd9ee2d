/**
 * Stage five for npm: sends one publish document, once.
 *
 * @module
 */

import { readBytes } from "../../host/files.ts";
import type { Http } from "../../host/http.ts";
import type { Credential } from "../registry.ts";
import type { NpmUnit } from "./prepared.ts";
import { publishBody, type PublishSettings } from "./publish_document.ts";
import { refusalOf } from "./refusal.ts";
import { escapeName, readReply } from "./reply.ts";

/** Milliseconds that an upload may take: the registry's own limit is about 250 MB, which slow lines need minutes for. */
const TIMEOUT = 10 * 60_000;

/**
 * Uploads a unit. Never repeated by itself: after a lost answer, a 409 or a 5xx the version may be there all the same,
 * and only looking again tells (npm/cli#7376). Throws what {@link refusalOf} makes of a refusal, or `PIOT_NETWORK`.
 */
export async function uploadUnit(
  unit: NpmUnit,
  { http, credential, ...settings }: PublishSettings & {
    readonly http: Http;
    readonly credential: Credential;
  },
): Promise<void> {
  const tarball = await readBytes(unit.tarball);
  const scope = /^@[^/]+/.exec(unit.name)?.[0];
  const response = await http(`${settings.registry}/${escapeName(unit.name)}`, {
    method: "PUT",
    headers: {
      accept: "application/json",
      authorization: `Bearer ${credential.secret}`,
      "content-type": "application/json",
      "npm-auth-type": "web",
      "npm-command": "publish",
      ...(scope === undefined ? {} : { "npm-scope": scope }),
    },
    body: publishBody(unit, { ...settings, tarball }),
    timeout: TIMEOUT,
  });
  const reply = await readReply(response);
  if (!response.ok) throw refusalOf(`${unit.name}@${unit.version}`, reply);
}
