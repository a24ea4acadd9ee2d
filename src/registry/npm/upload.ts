/**
 * Stage five for npm: sends one publish document, once; and once more to be staged, when that is all that is allowed. What
 * waits for approval already is not sent, and provenance is signed at the last moment.
 *
 * @module
 */

import type { NpmPackage } from "../../core/model/package.ts";
import { Failure } from "../../error.ts";
import type { Http } from "../../host/host.ts";
import type { StreamedBody } from "../../host/streamed_body.ts";
import type { Endpoints } from "../endpoints.ts";
import type { Staged, Uploaded } from "../registry.ts";
import { packageUrl, settingsPage, stageUrl } from "./npm_urls.ts";
import type { ExchangeContext } from "./oidc_exchange.ts";
import { signProvenance } from "./provenance.ts";
import { publishBody, type PublishSettings } from "./publish_document.ts";
import type { NpmUnit } from "./publish_unit.ts";
import { isSuccess, readReply, type Reply, tellReply } from "../reply.ts";
import {
  findWaiting,
  heldBack,
  isConflictOfStaging,
  isStagedAlready,
  mayBeStaged,
  stageIdOf,
  waiting,
} from "./staging.ts";
import { type AuthorisedUnit, secretOf, withYoungToken } from "./unit_credential.ts";
import { refusalOf, refusalRow, stagingRefusal } from "./upload_refusal.ts";

/** What sending needs. */
export interface SendContext extends ExchangeContext {
  readonly endpoints: Pick<Endpoints, "fulcio" | "rekor">;
  readonly authorised: AuthorisedUnit;
  readonly access: NpmPackage["access"];
  /** What the configuration calls the package. */
  readonly packageName: string;
  /** A token of the environment, which may ask what waits for approval. */
  readonly userToken: string | undefined;
  /** Whether units of a lower wave wait for approval: published now, it would be installed without them. */
  readonly afterStaged: boolean;
}

/**
 * Sends a unit. Throws what `exchange` and `signProvenance` throw, and what is made of a refusal. After an interruption no
 * further request begins: its reason is thrown, and nothing was published.
 */
export async function sendUnit(
  unit: NpmUnit,
  { host, registry, endpoints, onSecret, authorised, afterStaged, ...settings }: SendContext,
): Promise<Uploaded> {
  const { name, version } = unit;
  const { tag, signs, waitsAs, stagesAfter } = authorised;
  if (waitsAs !== undefined) return waiting({ name, version, registry }, waitsAs);
  const current = await withYoungToken(name, { host, registry, onSecret, unit: authorised });
  // The last thing before the upload: a signature shows in a public log for ever.
  const provenance = signs ? await signProvenance(unit, { host, endpoints, onSecret }) : undefined;
  const secret = secretOf(current);
  const { http, signal } = host;
  const upload = { ...settings, http, signal, registry, tag, secret, provenance };
  if (afterStaged) return await stageUnit(unit, upload);
  return stagesAfter === undefined
    ? await publishUnit(unit, upload)
    : await stageAgain(unit, { ...upload, stagesAfter });
}

/** Milliseconds that an upload may take: the registry's own limit is about 250 MB, which slow lines need minutes for. */
const TIMEOUT = 10 * 60_000;

/** What one upload needs. */
interface UploadContext extends PublishSettings {
  readonly http: Http;
  /** Keeps a request from being begun once it is aborted. */
  readonly signal: AbortSignal;
  /** The token. */
  readonly secret: string;
  /** A token of the environment, which may ask what waits for approval. */
  readonly userToken: string | undefined;
  readonly packageName: string;
}

/**
 * Publishes a unit. Never repeated by itself: after a lost answer, a 409 or a 5xx the version may be there all the same,
 * and only looking again tells (npm/cli#7376). Where npm does not publish for this credential by itself, the same document
 * is staged. Throws what `refusalOf` and `stagingRefusal` make of a refusal, `PIOT_VERSION_TAKEN` for other bytes that
 * wait under the version, or `PIOT_NETWORK`.
 */
async function publishUnit(unit: NpmUnit, context: UploadContext): Promise<Uploaded> {
  const { name, version } = unit;
  const file = `${name}@${version}`;
  const body = publishBody(unit, context);
  const url = packageUrl(name, context.registry);
  const upload = await send(name, { ...context, method: "PUT", command: "publish", url, body });
  if (isSuccess(upload)) return;
  if (isStagedAlready(upload)) return await waitingSince(unit, context);
  if (!mayBeStaged(upload)) throw refusalOf(file, upload);
  const result = await stage(unit, { ...context, body });
  if ("staged" in result) return result;
  throw stagingRefusal(file, { upload, staging: result.refusal });
}

/**
 * Hands in a unit that must not be published yet, since what it needs waits for approval itself. Where npm lets this
 * credential publish and not stage, or does not stage a first version, it is held back. Throws what `refusalOf` makes of
 * any other refusal, `PIOT_VERSION_TAKEN` for other bytes that wait under the version, or `PIOT_NETWORK`.
 */
async function stageUnit(unit: NpmUnit, context: UploadContext): Promise<Staged> {
  const result = await stage(unit, { ...context, body: publishBody(unit, context) });
  if ("staged" in result) return result;
  const { id } = refusalRow(result.refusal);
  if (id === "oidc-denied" || id === "masked") return heldBack(unit);
  throw refusalOf(`${unit.name}@${unit.version}`, result.refusal, "stage");
}

/**
 * Hands in a unit since the version before it was approved. Throws `PIOT_TRUST_DOWNGRADE` where npm lets this credential
 * publish and not stage, which npm tells at this moment alone, and what `refusalOf` makes of any other refusal.
 */
async function stageAgain(
  unit: NpmUnit,
  { stagesAfter, ...context }: UploadContext & { readonly stagesAfter: string },
): Promise<Staged> {
  const result = await stage(unit, { ...context, body: publishBody(unit, context) });
  if ("staged" in result) return result;
  const file = `${unit.name}@${unit.version}`;
  const { id } = refusalRow(result.refusal);
  if (id !== "oidc-denied" && id !== "masked") throw refusalOf(file, result.refusal, "stage");
  throw new Failure(
    "PIOT_TRUST_DOWNGRADE",
    `Cannot publish ${file} without the approval that ${stagesAfter}, the version before it, has; and it cannot be ` +
      `staged: npm answers ${tellReply(result.refusal)}`,
    {
      hint: `Allow \`npm stage publish\` at ${settingsPage(unit.name, context.registry)}; or ` +
        `let it pass with --allow-downgrade ${context.packageName}: whoever looks for that evidence will find it gone`,
    },
  );
}

async function stage(
  unit: NpmUnit,
  context: UploadContext & { readonly body: StreamedBody },
): Promise<Staged | { readonly refusal: Reply }> {
  const { name, version } = unit;
  const { registry } = context;
  const url = stageUrl(name, registry);
  const staging = await send(name, { ...context, method: "POST", command: "stage", url });
  if (isSuccess(staging)) return waiting({ name, version, registry }, stageIdOf(staging));
  return isConflictOfStaging(staging) ? await waitingSince(unit, context) : { refusal: staging };
}

/** What is told of a version that was handed in before, with the id to approve where npm tells it. */
async function waitingSince(unit: NpmUnit, context: UploadContext): Promise<Staged> {
  const { name, version } = unit;
  const { registry } = context;
  const found = await findWaiting(unit, context);
  return waiting({ name, version, registry }, found?.id);
}

interface Sending extends Pick<UploadContext, "http" | "signal" | "secret"> {
  readonly method: string;
  /** What npm's client calls it. */
  readonly command: string;
  readonly url: string;
  readonly body: StreamedBody;
}

async function send(
  name: string,
  { http, signal, secret, method, command, url, body }: Sending,
): Promise<Reply> {
  signal.throwIfAborted();
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
