/**
 * What became of one `cargo publish`, read from what cargo writes for people: there is no format for machines. Every
 * pattern was seen from cargo 1.95; older and newer wordings are noted where they differ.
 *
 * @module
 */

/** How one upload ended. Texts are crates.io's or cargo's own, never ours. */
export type CargoVerdict =
  /** The registry accepted it; it may not be visible yet. */
  | { readonly kind: "uploaded" }
  /** This version, or one that differs by build metadata only, is there already. */
  | { readonly kind: "exists"; readonly words: string }
  /** The user's rate limit; a date says when it ends, none says that it is the daily limit of one crate. */
  | { readonly kind: "busy"; readonly words: string; readonly until: Date | undefined }
  /** The credential is wrong, or not allowed to do this. */
  | { readonly kind: "unauthorised"; readonly words: string }
  /** The registry read it and said no. */
  | { readonly kind: "refused"; readonly words: string }
  /** A dependency is not in the index yet; nothing was sent. */
  | { readonly kind: "unresolved"; readonly words: string }
  /** No definite answer: the upload may have arrived. */
  | { readonly kind: "unknown"; readonly words: string }
  /** cargo itself would not; nothing was sent. */
  | { readonly kind: "failed"; readonly words: string };

/** How one run of cargo ended. */
export interface CargoRun {
  /** Its exit status; null when a signal ended it. */
  readonly code: number | null;
  readonly stderr: string;
}

/**
 * Whether cargo said that the registry took this crate. That line is proof whatever the exit status is: cargo goes on
 * to wait for the index, and both its time limit and a signal end it with the upload done.
 */
export function saysUploaded(stderr: string): boolean {
  return /^\s*Uploaded \S+ v\S+/m.test(stderr);
}

/** Whether cargo said that it sends this crate: what it did before, resolving and packaging, leaves nothing anywhere. */
export function saysUploading(stderr: string): boolean {
  return /^\s*Uploading \S+ v\S+/m.test(stderr);
}

/** Judges a run of `cargo publish` for one package. */
export function classifyPublish({ code, stderr }: CargoRun): CargoVerdict {
  if (saysUploaded(stderr)) return { kind: "uploaded" };
  const words = wordsOf(stderr);
  const answer = serverAnswer(stderr);
  if (answer !== undefined) return judgeAnswer(answer);
  if (/^error: crate \S+ already exists on /m.test(stderr)) return { kind: "exists", words };
  if (isUnresolved(stderr)) return { kind: "unresolved", words };
  if (/no token found|please provide a non-empty token/.test(stderr)) {
    return { kind: "unauthorised", words };
  }
  // From here on cargo may have begun to send: without a definite answer nothing is certain.
  if (code === null || /^error: failed to publish/m.test(stderr)) return { kind: "unknown", words };
  return { kind: "failed", words };
}

/** What the registry answered to an upload. */
export interface ServerAnswer {
  /** Undefined when an error came under status 200, as cargo's endpoints are allowed to. */
  readonly status: number | undefined;
  readonly detail: string;
  /** Whether crates.io's API said it, rather than something in front of it. */
  readonly isOwn: boolean;
}

function serverAnswer(stderr: string): ServerAnswer | undefined {
  const json = /the remote server responded with an error(?: \(status (\d+)[^)]*\))?: ([\s\S]*)/
    .exec(
      stderr,
    );
  if (json !== null) return { status: numberOf(json[1]), detail: json[2]!.trim(), isOwn: true };
  const foreign =
    /failed to get a 200 OK response, got (\d+)[\s\S]*?\n\s*body:\s*([\s\S]*)/.exec(stderr) ??
      /failed to get a 200 OK response, got (\d+)()/.exec(stderr);
  if (foreign === null) return undefined;
  const detail = foreign[2]!.trim() || `status ${foreign[1]}`;
  return { status: numberOf(foreign[1]), detail, isOwn: false };
}

function numberOf(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

/** Judges an answer that says that an upload was not taken. */
export function judgeAnswer({ status, detail, isOwn }: ServerAnswer): CargoVerdict {
  const words = detail;
  if (/is already uploaded|already exists on /.test(detail)) return { kind: "exists", words };
  const until = retryDate(detail);
  // crates.io may say under status 200 that it took nothing; this limit has no date.
  const isDaily = /too many versions of this crate in the last 24 hours/.test(detail);
  if (status === 429 || until !== undefined || isDaily) return { kind: "busy", words, until };
  // A block page has the same status, and is not about the credential.
  if (isOwn && (status === 401 || status === 403)) return { kind: "unauthorised", words };
  if (status !== undefined && status >= 500) return { kind: "unknown", words };
  return { kind: "refused", words };
}

/** The date of crates.io's "Please try again after Sat, 21 Nov 2026 12:00:00 GMT". */
function retryDate(detail: string): Date | undefined {
  const text = /try again after (.+? GMT)/.exec(detail)?.[1];
  const time = text === undefined ? NaN : Date.parse(text);
  return Number.isNaN(time) ? undefined : new Date(time);
}

function isUnresolved(stderr: string): boolean {
  return /no matching package named `|failed to select a version for/.test(stderr);
}

/** The errors of cargo's standard error, without warnings and progress; its last lines when there is none. */
export function wordsOf(stderr: string): string {
  const from = stderr.search(/^error/m);
  const text = from < 0 ? stderr.trim().split("\n").slice(-5).join("\n") : stderr.slice(from);
  return text.replace(/^error(?:\[\w+\])?: /, "").trim();
}
