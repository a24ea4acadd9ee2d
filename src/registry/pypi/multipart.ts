/**
 * The body of an upload: `multipart/form-data` written by hand, since `FormData` turns each line break of a text into
 * CRLF (the WHATWG's encoding rule), and PyPI would then store another description than the file has.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { FormField } from "../../core/pypi/form_fields.ts";
import type { StreamedBody } from "../../host/streamed_body.ts";

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
