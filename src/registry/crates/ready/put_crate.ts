/**
 * Uploads a ready crate with the very request that `cargo publish` would send for it, once, and reads the answer.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { type CargoVerdict, judgeAnswer } from "../../../core/crates/cargo_output.ts";
import { messageOf } from "../../../error.ts";
import { fileChunks } from "../../../host/files.ts";
import type { Clock, Http } from "../../../host/host.ts";
import { isSilence, retryAfter } from "../../../host/http.ts";
import { decodeText, readJson } from "../../../host/json_answer.ts";
import type { StreamedBody } from "../../../host/streamed_body.ts";
import { wordsOfApi } from "../crates_answers.ts";
import type { ReadyUpload } from "../crates_work.ts";

/** crates.io gives an upload up after 30 seconds; the rest is for lines of 50 kB/s. */
const PATIENCE = 60_000;
const BYTES_PER_MILLISECOND = 50;

/** Sends it. `api` is the address of crates.io without a slash at its end. */
export async function putCrate(
  { http, api, clock }: {
    readonly http: Http;
    readonly api: string;
    readonly clock: Clock;
  },
  { ready, token }: { readonly ready: ReadyUpload; readonly token: string },
): Promise<CargoVerdict> {
  const body = bodyOf(ready);
  try {
    const answer = await http(`${api}/api/v1/crates/new`, {
      method: "PUT",
      headers: { accept: "application/json", authorization: token },
      body,
      timeout: PATIENCE + Math.ceil(body.size / BYTES_PER_MILLISECOND),
    });
    const verdict = judge(answer.status, new Uint8Array(await answer.arrayBuffer()));
    // What stands before crates.io names the end of its limit there alone; cargo does not show it.
    const wait = retryAfter(answer.headers.get("retry-after"), clock);
    const until = wait === undefined ? undefined : new Date(clock.now().getTime() + wait);
    return verdict.kind === "busy" ? { ...verdict, until: verdict.until ?? until } : verdict;
  } catch (error) {
    if (!isSilence(error)) throw error;
    return { kind: "unknown", words: messageOf(error) };
  }
}

/** A length and the JSON, a length and the crate; lengths are 32 bits, little-endian (cargo's reference, "Publish"). */
function bodyOf({ document, path, size }: ReadyUpload): StreamedBody {
  const json = Buffer.from(document);
  const lengths = [json.length, size].map((length) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(length);
    return bytes;
  });
  return {
    size: 8 + json.length + size,
    chunks: async function* (): AsyncGenerator<Uint8Array> {
      yield Buffer.concat([lengths[0]!, json, lengths[1]!]);
      yield* fileChunks(path);
    },
  };
}

function judge(status: number, body: Uint8Array): CargoVerdict {
  const { json } = readJson(body);
  const detail = wordsOfApi(json);
  if (detail !== undefined) return judgeAnswer({ status, detail, isOwn: true });
  // cargo takes an empty body too.
  if (status === 200) return { kind: "uploaded" };
  const words = (decodeText(body) ?? "").trim().split("\n")[0] || `status ${status}`;
  return judgeAnswer({ status, detail: words, isOwn: false });
}
