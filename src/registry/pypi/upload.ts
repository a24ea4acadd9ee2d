/**
 * Sends one distribution, once, and reads what the server says to it.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { judgeUploadAnswer, uploadMessage } from "../../core/pypi/upload_answer.ts";
import { Failure } from "../../error.ts";
import { fileChunks } from "../../host/files.ts";
import type { Host } from "../../host/host.ts";
import type { Credential } from "../registry.ts";
import type { PypiEndpoints } from "./endpoints.ts";
import { multipart } from "./multipart.ts";
import type { Distribution } from "./prepared.ts";

/** How the index is reached. */
export interface UploadParts {
  readonly host: Pick<Host, "http">;
  readonly endpoints: PypiEndpoints;
}

/** PyPI's workers have 240 s; the rest is for lines of 100 kB/s. */
const PATIENCE = 240_000;
const BYTES_PER_MILLISECOND = 100;

/**
 * Sends a file. 200 means that the index has these bytes, whether they are new or not. Throws `PIOT_NETWORK` when no
 * answer came, or the failure that {@link judgeUploadAnswer} finds in the answer, with the server's words.
 */
export async function uploadFile(
  parts: UploadParts,
  { file, credential }: { readonly file: Distribution; readonly credential: Credential },
): Promise<void> {
  const { host, endpoints } = parts;
  const chunks = (): AsyncIterable<Uint8Array> => fileChunks(file.path);
  const form = multipart(file.fields, { ...file, chunks }, `piot-${crypto.randomUUID()}`);
  const answer = await host.http(endpoints.pypiUpload, {
    method: "POST",
    headers: {
      // Deno's fetch hides the reason phrase, where PyPI puts its words; as JSON they are in the body too.
      accept: "application/json",
      authorization: `Basic ${Buffer.from(`__token__:${credential.secret}`).toString("base64")}`,
      "content-type": form.contentType,
    },
    body: form.body,
    timeout: PATIENCE + Math.ceil(file.size / BYTES_PER_MILLISECOND),
  });
  const text = await answer.text();
  if (answer.status >= 200 && answer.status < 300) return;
  throw refusal(file, { status: answer.status, text });
}

function refusal(
  file: Distribution,
  { status, text }: { readonly status: number; readonly text: string },
): Failure {
  const message = uploadMessage(text);
  const { code, hint } = judgeUploadAnswer(status, message);
  const words = message === "" ? `the server answered ${status}` : `${status} ${message}`;
  return new Failure(code, `Cannot upload "${file.name}": ${words}`, { hint });
}
