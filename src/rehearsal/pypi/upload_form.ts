/**
 * Reads `multipart/form-data` as PyPI does: bytes are bytes, and a field with a file name is not text.
 *
 * @module
 */

import { Buffer } from "node:buffer";

/** The file part of a form. */
export interface FormUpload {
  readonly fileName: string;
  /** Undefined when the part does not say. */
  readonly type: string | undefined;
  readonly bytes: Uint8Array;
}

/** A form as sent. */
export interface SentForm {
  /** Text fields in order, several values under one name. */
  readonly fields: ReadonlyMap<string, readonly string[]>;
  /** Parts with a file name. */
  readonly uploads: ReadonlyMap<string, FormUpload>;
}

/** Reads the text fields of a form. */
export interface FormFields {
  /** The first value of a field; undefined when it was not sent, or sent empty. */
  readonly field: (name: string) => string | undefined;
  /** Every value of a field. */
  readonly values: (name: string) => readonly string[];
}

/** What a form's text says. `UNKNOWN` is the filler of old tools, and counts as nothing. */
export function formFields({ fields }: SentForm): FormFields {
  const values = (name: string): readonly string[] =>
    (fields.get(name) ?? []).filter((value) => value !== "" && value !== "UNKNOWN");
  return { values, field: (name) => values(name)[0] };
}

/** Reads a form; undefined when the body is none. */
export function readForm(body: Uint8Array, contentType: string | null): SentForm | undefined {
  const boundary = /^multipart\/form-data;.*\bboundary="?([^";]+)"?/i.exec(contentType ?? "")?.[1];
  if (boundary === undefined) return undefined;
  const fields = new Map<string, string[]>();
  const uploads = new Map<string, FormUpload>();
  for (const part of splitParts(Buffer.from(body.buffer, body.byteOffset, body.length), boundary)) {
    const end = part.indexOf("\r\n\r\n");
    if (end === -1) return undefined;
    const headers = part.subarray(0, end).toString();
    const bytes = part.subarray(end + 4);
    const name = /^content-disposition:.*[; ]name="([^"]*)"/im.exec(headers)?.[1];
    const fileName = /^content-disposition:.*[; ]filename="([^"]*)"/im.exec(headers)?.[1];
    const type = /^content-type:\s*(.*?)\s*$/im.exec(headers)?.[1];
    if (name === undefined) return undefined;
    if (fileName !== undefined) uploads.set(name, { fileName, type, bytes });
    else fields.set(name, [...(fields.get(name) ?? []), bytes.toString()]);
  }
  return { fields, uploads };
}

function splitParts(body: Buffer, boundary: string): Buffer[] {
  const mark = `--${boundary}`;
  const parts: Buffer[] = [];
  let start = body.indexOf(mark);
  while (start !== -1) {
    const from = start + mark.length + 2;
    const end = body.indexOf(`\r\n${mark}`, from);
    if (end === -1) break;
    parts.push(body.subarray(from, end));
    start = end + 2;
  }
  return parts;
}
