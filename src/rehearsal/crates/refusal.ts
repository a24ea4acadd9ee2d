/**
 * A "no" of the local crates.io, in the form that the real one gives it.
 *
 * @module
 */

import type { LocalReply } from "../serve.ts";

/** Thrown by a check; becomes the answer. */
export class Refusal extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, detail: string, headers: Readonly<Record<string, string>> = {}) {
    super(detail);
    this.status = status;
    this.headers = headers;
  }
}

/** The answer that carries a refusal: always one error with a detail (rust-lang/crates.io, `src/util/errors.rs`). */
export function refusalReply({ status, message, headers }: Refusal): LocalReply {
  return { status, headers, body: { errors: [{ detail: message }] } };
}
