/**
 * Whom crates.io trusts to publish a crate, as far as it tells the owner of a token (rust-lang/crates.io
 * `src/controllers/trustpub/github_configs/list`, `…/gitlab_configs/list`).
 *
 * @module
 */

import type { RegisteredAnswer, RegisteredPublisher } from "../../core/doctor/trust/registered.ts";
import { cutWords } from "../../cut_words.ts";
import { Failure, messageOf } from "../../error.ts";
import { isSendable, UNSENDABLE } from "../../secret/token_shape.ts";
import type { TrustOptions, TrustReader } from "../registry_kind.ts";
import { wordsOfApi } from "./crates_answers.ts";

/** Milliseconds that an answer may take: nobody waits for a question that a release does not depend on. */
const PATIENCE = 10_000;

/** Asks about one crate after the other: crates.io takes one request a second. */
export function readCratesTrust({ host, endpoints, token }: TrustOptions): TrustReader {
  let next = 0;
  return async (name) => {
    if (!isSendable(token)) return { state: "unauthorised", why: `it holds ${UNSENDABLE}` };
    const wait = next - host.clock.now().getTime();
    if (wait > 0) await host.clock.sleep(wait, host.signal);
    next = host.clock.now().getTime() + 1000;
    const query = new URLSearchParams({ crate: name, per_page: "100" });
    const url = `${endpoints.crates}/api/v1/trusted_publishing/github_configs?${query}`;
    try {
      // crates.io takes the token as it is, without "Bearer".
      const headers = { accept: "application/json", authorization: token };
      const answer = await host.http(url, { headers, idempotent: false, timeout: PATIENCE });
      return readAnswer(answer.status, await answer.text());
    } catch (error) {
      if (!(error instanceof Failure) || error.code === "PIOT_INTERRUPTED") throw error;
      return { state: "silent", why: messageOf(error) };
    }
  };
}

function readAnswer(status: number, text: string): RegisteredAnswer {
  const json = parse(text);
  const words = wordsOfApi(json);
  const why = words === undefined
    ? `status ${status}`
    : `status ${status}: ${cutWords(words, 300)}`;
  if (status === 401) return { state: "unauthorised", why };
  // A token that it does not know is answered with 403, in words of their own (`src/auth.rs`).
  if (status === 403 && /authentication failed|invalid authentication token/i.test(words ?? "")) {
    return { state: "unauthorised", why };
  }
  if (status === 404 && words !== undefined) return { state: "absent" };
  if (status >= 500 || status === 429) return { state: "silent", why };
  const { github_configs: configs } = (json ?? {}) as { github_configs?: unknown };
  if (status !== 200) return { state: "refused", why };
  if (!Array.isArray(configs)) {
    return { state: "silent", why: "the answer is no list of publishers" };
  }
  return { state: "read", publishers: configs.map(readPublisher) };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function readPublisher(config: unknown): RegisteredPublisher {
  const { repository_owner, repository_name, workflow_filename, environment } =
    (config ?? {}) as Readonly<Record<string, unknown>>;
  return {
    repository: `${repository_owner}/${repository_name}`,
    workflow: String(workflow_filename),
    environment: typeof environment === "string" ? environment : undefined,
  };
}
