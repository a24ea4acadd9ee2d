/** Uploads as other clients could send them: any form, any file, right or wrong. */

import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import type { PypiServer } from "../../src/rehearsal/pypi/serve_pypi.ts";
import type { BuiltArtifact } from "../../src/rehearsal/synthesise/python_distribution.ts";
import { TOKEN } from "./pypi_publisher.ts";

export interface PostedForm {
  /** The form's text fields; undefined leaves one of the usual out. */
  readonly fields?: Readonly<Record<string, string | readonly string[] | undefined>>;
  /** Fields that are sent with a file name. */
  readonly files?: Readonly<Record<string, string>>;
  /** Undefined for a form without a file. */
  readonly content?: BuiltArtifact;
  /** Content type of the file's part. */
  readonly type?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export interface Posted {
  readonly status: number;
  /** The reason phrase, where the runtime shows it. */
  readonly reason: string;
  readonly body: string;
  /** `code` of a JSON answer, without its status. */
  readonly words: string;
}

export const AUTHORIZATION: string = `Basic ${btoa(`__token__:${TOKEN}`)}`;

/** Posts a file the usual way, with what is given changed. */
export async function post(server: PypiServer, form: PostedForm): Promise<Posted> {
  const data = new FormData();
  const fields = { ...usualFields(form.content), ...form.fields };
  for (const [name, value] of Object.entries(fields)) {
    for (const one of value === undefined ? [] : [value].flat()) data.append(name, String(one));
  }
  for (const [name, text] of Object.entries(form.files ?? {})) {
    data.append(name, new Blob([text]), "f");
  }
  if (form.content !== undefined) {
    const { bytes, fileName } = form.content;
    data.append(
      "content",
      new Blob([bytes], { type: form.type ?? "application/octet-stream" }),
      fileName,
    );
  }
  const answer = await fetch(server.uploadUrl, {
    method: "POST",
    redirect: "manual",
    headers: { accept: "application/json", authorization: AUTHORIZATION, ...form.headers },
    body: data,
  });
  const body = await answer.text();
  return { status: answer.status, reason: answer.statusText, body, words: wordsOf(body) };
}

function usualFields(content: BuiltArtifact | undefined): Record<string, string> {
  const isWheel = content?.fileName.endsWith(".whl") ?? true;
  return {
    ":action": "file_upload",
    protocol_version: "1",
    metadata_version: "2.1",
    name: "demo",
    version: "1.0.0",
    filetype: isWheel ? "bdist_wheel" : "sdist",
    pyversion: isWheel ? "py3" : "source",
    sha256_digest: createHash("sha256").update(content?.bytes ?? Buffer.alloc(0)).digest("hex"),
  };
}

function wordsOf(body: string): string {
  try {
    return String((JSON.parse(body) as { code?: unknown }).code ?? "").replace(/^\d{3} /, "");
  } catch {
    return "";
  }
}
