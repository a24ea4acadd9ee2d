/**
 * Sends one distribution, once, and reads what the server says to it. The body is `multipart/form-data` written by hand,
 * since `FormData` turns each line break of a text into CRLF (the WHATWG's encoding rule), and PyPI would then store
 * another description than the file has.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { FormField } from "../../core/pypi/core_metadata.ts";
import { judgeUploadAnswer, uploadMessage } from "../../core/pypi/upload_answer.ts";
import { Failure } from "../../error.ts";
import { fileChunks } from "../../host/files.ts";
import type { StreamedBody } from "../../host/streamed_body.ts";
import { AlreadyThere } from "../registry.ts";
import type { Distribution, PypiAccess, PypiCredential } from "./pypi_prepared.ts";

/** PyPI's workers have 240 s; the rest is for lines of 100 kB/s. */
const PATIENCE = 240_000;
const BYTES_PER_MILLISECOND = 100;

/**
 * Sends a file. A success says that something took it: whether the index has these bytes, a look shows. Throws `PIOT_NETWORK` when no
 * answer came, or the failure that {@link judgeUploadAnswer} finds in the answer, with the server's words; what signing and
 * minting throw, and after an interruption its reason, and nothing was sent then.
 */
export async function uploadFile(
  { host, endpoints }: PypiAccess<"http" | "signal">,
  { file, credential }: { readonly file: Distribution; readonly credential: PypiCredential },
): Promise<void> {
  host.signal.throwIfAborted();
  const attestations = await credential.attest?.(file);
  // Last, so that signing takes none of its life.
  const secret = await credential.youngSecret();
  host.signal.throwIfAborted();
  const fields: readonly FormField[] = attestations === undefined
    ? file.fields
    : [...file.fields, ["attestations", attestations]];
  const chunks = (): AsyncIterable<Uint8Array> => fileChunks(file.path);
  const form = multipart(fields, { ...file, chunks }, `piot-${crypto.randomUUID()}`);
  const response = await host.http(endpoints.pypiUpload, {
    method: "POST",
    headers: {
      // Deno's fetch hides the reason phrase, where PyPI puts its words; as JSON they are in the body too.
      accept: "application/json",
      authorization: `Basic ${Buffer.from(`__token__:${secret}`).toString("base64")}`,
      "content-type": form.contentType,
    },
    body: form.body,
    timeout: PATIENCE + Math.ceil(file.size / BYTES_PER_MILLISECOND),
  });
  const text = await response.text();
  if (attestations !== undefined) credential.attested.add(file.name);
  if (response.ok) return;
  throw refusal(file, { status: response.status, text, by: credential.kind });
}

interface Refused {
  readonly status: number;
  readonly text: string;
  readonly by: PypiCredential["kind"];
}

function refusal(file: Distribution, { status, text, by }: Refused): Failure {
  const message = uploadMessage(text);
  const { code, hint, isThere } = judgeUploadAnswer(status, message, by);
  const words = message === "" ? `the server answered ${status}` : `${status} ${message}`;
  const Refusal = isThere === true ? AlreadyThere : Failure;
  return new Refusal(code, `Cannot upload "${file.name}": ${words}`, { hint });
}

/** The file part of a form. */
export interface FormContent {
  readonly name: string;
  readonly size: number;
  readonly chunks: () => AsyncIterable<Uint8Array>;
}

/** A form, ready to be sent. */
export interface Multipart {
  /** The value of `Content-Type`. */
  readonly contentType: string;
  readonly body: StreamedBody;
}

/** Writes a form: each field as it is, then the file as `content`. `boundary` must not stand in any of them. */
export function multipart(
  fields: readonly FormField[],
  content: FormContent,
  boundary: string,
): Multipart {
  const texts = fields.map(([name, value]) =>
    `--${boundary}\r\nContent-Disposition: form-data; name="${name}"\r\n\r\n${value}\r\n`
  );
  const head = Buffer.from(
    `${texts.join("")}--${boundary}\r\n` +
      `Content-Disposition: form-data; name="content"; filename="${content.name}"\r\n` +
      "Content-Type: application/octet-stream\r\n\r\n",
  );
  const tail = Buffer.from(`\r\n--${boundary}--\r\n`);
  return {
    contentType: `multipart/form-data; boundary=${boundary}`,
    body: {
      size: head.length + content.size + tail.length,
      chunks: async function* (): AsyncGenerator<Uint8Array> {
        yield head;
        yield* content.chunks();
        yield tail;
      },
    },
  };
}
