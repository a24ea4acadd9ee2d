/**
 * What GitHub's REST API means by its refusals, sorted into failures that can be mended.
 *
 * @module
 */

import { cutWords } from "../cut_words.ts";
import { Failure, messageOf } from "../error.ts";
import type { FailureCode } from "../failure_codes.ts";
import type { Clock } from "./host.ts";
import { retryAfter } from "./http.ts";

/** A refusal as Octokit throws it. */
export interface GitHubRefusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  /** The answer's document; GitHub's have a `message`, and `errors` for single fields. */
  readonly data: unknown;
}

/** The refusal in anything thrown by Octokit; undefined when no answer came. */
export function refusalOf(error: unknown): GitHubRefusal | undefined {
  const { status, response } = (error ?? {}) as {
    status?: unknown;
    response?: { headers?: GitHubRefusal["headers"]; data?: unknown };
  };
  if (typeof status !== "number" || response === undefined) return undefined;
  return { status, headers: response.headers ?? {}, data: response.data };
}

/** Whether GitHub refused because the named field has such an error. */
export function hasFieldError(refusal: GitHubRefusal | undefined, code: string): boolean {
  return fieldErrors(refusal).some((field) => field.code === code);
}

interface FieldError {
  readonly code?: unknown;
  readonly field?: unknown;
  readonly message?: unknown;
}

function fieldErrors(refusal: GitHubRefusal | undefined): readonly FieldError[] {
  const { errors } = (refusal?.data ?? {}) as { errors?: unknown };
  if (!Array.isArray(errors)) return [];
  return errors.map((error: unknown) =>
    typeof error === "object" && error !== null ? error : { message: error }
  );
}

/**
 * Milliseconds that a limit of the rate asks to wait; undefined when the refusal is none. A limited request was not
 * carried out, so that even a write may be sent again (docs.github.com, "Best practices for using the REST API").
 */
export function rateLimitWait(
  refusal: GitHubRefusal | undefined,
  clock: Clock,
): number | undefined {
  if (refusal === undefined || ![403, 429].includes(refusal.status)) return undefined;
  const text = (name: string): string | null => refusal.headers[name]?.toString() ?? null;
  const asked = retryAfter(text("retry-after"), clock);
  if (asked !== undefined) return asked;
  const reset = Number(text("x-ratelimit-reset"));
  if (text("x-ratelimit-remaining") === "0" && reset > 0) {
    return Math.max(0, reset * 1000 - clock.now().getTime());
  }
  const named = /secondary rate limit|abuse detection/i.test(wordsOf(refusal));
  return named || refusal.status === 429 ? 60_000 : undefined;
}

/** The failure for anything that a request ended with; `what` is such as `Cannot make the GitHub Release "v1"`. */
export function githubFailure(
  error: unknown,
  { what, clock, needs }: {
    readonly what: string;
    readonly clock: Clock;
    /** What the request needs of the job's token, as a workflow says it. */
    readonly needs: string;
  },
): unknown {
  const silence = (error as { cause?: unknown } | undefined)?.cause;
  if (silence instanceof Failure) return silence;
  const refusal = refusalOf(error);
  if (refusal === undefined) return error;
  const wait = rateLimitWait(refusal, clock);
  if (wait !== undefined) {
    const until = new Date(clock.now().getTime() + wait).toISOString();
    return new Failure("PIOT_GITHUB_BUSY", `${what}: GitHub limits the rate until ${until}`, {
      hint: "Run again from the same commit after that time",
      cause: error,
    });
  }
  const { code, hint } = verdict(refusal, needs);
  return new Failure(code, `${what}: ${refusal.status} ${wordsOf(refusal)}`, {
    hint,
    cause: error,
  });
}

function verdict(
  refusal: GitHubRefusal,
  needs: string,
): { readonly code: FailureCode; readonly hint: string } {
  const { status } = refusal;
  const words = wordsOf(refusal);
  if (status === 401) {
    return {
      code: "PIOT_GITHUB_CREDENTIAL",
      hint: "Give the step a GITHUB_TOKEN (or GH_TOKEN) that is valid now, and run again",
    };
  }
  if (/tag_name was used by an immutable release/i.test(words)) {
    return {
      code: "PIOT_GITHUB_TAG_SPENT",
      hint: "GitHub never takes this tag for a release again; the next version gets one of its own",
    };
  }
  if (/creations being restricted|rule violations|pre_receive/i.test(words)) {
    return {
      code: "PIOT_GITHUB_RULESET",
      hint: "Let the token's app bypass the repository's rule, and run again",
    };
  }
  if (status === 403 || status === 404) return forbidden(refusal, needs);
  return status >= 500
    ? {
      code: "PIOT_GITHUB_UNKNOWN",
      hint: "Look at GitHub's status page, and run again; what was made is kept",
    }
    : { code: "PIOT_GITHUB_REFUSED", hint: "Read GitHub's words above; mend that, and run again" };
}

/** GitHub answers 404 rather than 403 where the token may not even know that something is there. */
function forbidden(
  { headers }: GitHubRefusal,
  needs: string,
): { readonly code: FailureCode; readonly hint: string } {
  const needed = headers["x-accepted-github-permissions"]?.toString() ?? "";
  if (needed.includes("workflows")) {
    return {
      code: "PIOT_GITHUB_WORKFLOWS",
      hint:
        `The commit's workflow files differ from those of the branches; use a token with one of these permissions: ${needed}`,
    };
  }
  return {
    code: "PIOT_GITHUB_PERMISSION",
    hint: `Give the job \`permissions: ${needs}\` (GitHub lets a token of a fork's or of ` +
      "Dependabot's run only read), and check that GITHUB_REPOSITORY exists",
  };
}

/** GitHub's own words, of the document and of its fields, as one line without control characters. */
function wordsOf({ data }: GitHubRefusal): string {
  const { message } = (typeof data === "object" && data !== null ? data : { message: data }) as {
    message?: unknown;
  };
  const fields = fieldErrors({ status: 0, headers: {}, data }).map(({ field, code, message }) =>
    [field, code, message].filter((word) => typeof word === "string").join(" ")
  );
  const said = [typeof message === "string" ? message : "", ...fields].filter(Boolean).join("; ");
  // deno-lint-ignore no-control-regex
  const line = said.replace(/[\u0000-\u001f\u007f-\u009f]+/g, " ").trim();
  return line.length > 500 ? `${cutWords(line, 500)}…` : line || messageOf("no reason was given");
}
