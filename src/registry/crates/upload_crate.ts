/**
 * Uploads one crate in its turn: after everything that it depends on, and after the waits that crates.io asks for.
 *
 * @module
 */

import type { CargoVerdict } from "../../core/crates/cargo_output.ts";
import { isSameVersion } from "../../core/crates/crates_index.ts";
import type { IdentityClaims } from "../../core/release/identity_claims.ts";
import { Failure } from "../../error.ts";
import type { Clock, Http } from "../../host/host.ts";
import type { CrateSibling, CratesPrepared } from "./crates_work.ts";
import type { HeldCrates } from "./held_crates.ts";
import { putCrate } from "./ready/put_crate.ts";
import { type SendContext, sendCrate, uploadFailure } from "./send_crate.ts";

/** A wait that is about to begin. */
export interface CratesWait {
  /** The package that waits, by its name in putitoutthere.toml. */
  readonly package: string;
  readonly until: Date;
  /** A sentence: crates.io's own words, or what is waited for. */
  readonly why: string;
}

/** What uploading needs. */
export interface UploadContext extends SendContext {
  readonly http: Http;
  /** The address of crates.io, without a slash at its end. */
  readonly api: string;
  readonly clock: Clock;
  readonly held: HeldCrates;
  /** Milliseconds in which the index has to show a crate that others depend on. */
  readonly patience: number;
  /** Told of every wait before it begins. */
  readonly onWait: (wait: CratesWait) => void;
  /** Ends waits. */
  readonly signal?: AbortSignal;
}

/** What a crate is sent with. */
export interface UploadRight {
  /** The token to send now. */
  readonly token: () => Promise<string>;
  /** Another one, when crates.io no longer knows the first; undefined when none is to be had. Left out for a user's token. */
  readonly renewed?: () => Promise<string | undefined>;
  /** Of trusted publishing, what the job says of itself. */
  readonly claims?: IdentityClaims;
}

/** A date further away than this is for a run later on. crates.io asks for 10 minutes at most per new crate. */
const LONGEST_WAIT = 60 * 60_000;
/** One wait follows another when something else uses up the same user's limit. */
const MOST_WAITS = 20;
/** Dates have whole seconds, and clocks differ. */
const MARGIN = 2_000;
/** Edges of the index's CDN were seen a minute behind an upload. */
const INDEX_PAUSES = [1_000, 2_000, 5_000, 10_000, 30_000];

/**
 * Uploads a crate when everything that it depends on is in the index. A rate limit that names its end is waited for.
 * Throws `PIOT_VERSION_TAKEN`, `PIOT_AUTH_REFUSED`, `PIOT_REGISTRY_REFUSED`, `PIOT_REGISTRY_BUSY`,
 * `PIOT_CRATES_DEPENDENCY`, `PIOT_CARGO` for definite answers, `PIOT_REGISTRY_UNKNOWN` when it may have arrived; after
 * an interruption its reason, and nothing was sent.
 */
export async function uploadCrate(
  context: UploadContext,
  { prepared, right }: { readonly prepared: CratesPrepared; readonly right: UploadRight },
): Promise<void> {
  const { way } = prepared;
  // cargo resolves what a crate depends on once more; a ready one is resolved already.
  const siblings = way.by === "cargo" ? prepared.siblings : [];
  for (const sibling of siblings) await awaitInIndex(context, { prepared, sibling });
  const deadline = context.clock.now().getTime() + context.patience;
  for (let waits = 0, tries = 0, isRenewed = false;;) {
    context.signal?.throwIfAborted();
    const token = await right.token();
    const verdict = way.by === "cargo"
      ? await sendCrate(context, { prepared, upload: way.cargo, token })
      : await putCrate(context, { ready: way.ready, token });
    if (verdict.kind === "uploaded") return;
    if (!isRenewed && isOfDeadToken(verdict) && await right.renewed?.() !== undefined) {
      isRenewed = true;
      continue;
    }
    const until = pauseAfter(verdict, { clock: context.clock, waits, tries, deadline });
    if (until === undefined) throw uploadFailure(verdict, prepared.release, right.claims);
    if (verdict.kind === "busy") waits++;
    else tries++;
    await waitUntil(context, { package: prepared.release.package.name, until, why: verdict.words });
  }
}

/** crates.io's words for a token of trusted publishing that is older than half an hour, revoked or never was. */
function isOfDeadToken(verdict: CargoVerdict): boolean {
  return verdict.kind === "unauthorised" && /Invalid authentication token/.test(verdict.words);
}

interface AttemptState {
  readonly clock: Clock;
  /** How many rate limits were waited for. */
  readonly waits: number;
  /** How many times a dependency was missing. */
  readonly tries: number;
  /** Unix milliseconds after which a missing dependency is a failure. */
  readonly deadline: number;
}

/** When to try again, for the two answers after which nothing was stored and time alone helps. */
function pauseAfter(
  verdict: CargoVerdict,
  { clock, waits, tries, deadline }: AttemptState,
): Date | undefined {
  const now = clock.now().getTime();
  if (verdict.kind === "busy") {
    const isWorthIt = verdict.until !== undefined && waits < MOST_WAITS &&
      verdict.until.getTime() - now <= LONGEST_WAIT;
    return isWorthIt ? new Date(Math.max(verdict.until.getTime(), now) + MARGIN) : undefined;
  }
  // cargo may ask another edge of the CDN than the one that showed the dependency to us.
  if (verdict.kind !== "unresolved" || now >= deadline) return undefined;
  return new Date(Math.min(now + indexPause(tries), deadline));
}

function indexPause(tries: number): number {
  return INDEX_PAUSES[Math.min(tries, INDEX_PAUSES.length - 1)]!;
}

async function waitUntil(context: UploadContext, wait: CratesWait): Promise<void> {
  context.onWait(wait);
  const milliseconds = wait.until.getTime() - context.clock.now().getTime();
  if (milliseconds > 0) await context.clock.sleep(milliseconds, context.signal);
}

async function awaitInIndex(
  context: UploadContext,
  { prepared, sibling }: { readonly prepared: CratesPrepared; readonly sibling: CrateSibling },
): Promise<void> {
  const deadline = context.clock.now().getTime() + context.patience;
  for (let tries = 0;; tries++) {
    context.signal?.throwIfAborted();
    const entries = await context.held.index(sibling.name);
    const what = `${sibling.name} ${sibling.version}`;
    const entry = entries.find(({ version }) => isSameVersion(version, sibling.version));
    if (entry?.yanked === true) throw yankedSibling(prepared.release, what);
    if (entry !== undefined) return;
    const now = context.clock.now().getTime();
    if (now >= deadline) {
      throw new Failure(
        "PIOT_CRATES_DEPENDENCY",
        `Cannot publish ${prepared.release.package.name}: ${what} is not in the index of crates.io yet`,
        { hint: "Run again in some minutes from the same commit; what was uploaded is skipped" },
      );
    }
    await waitUntil(context, {
      package: prepared.release.package.name,
      until: new Date(Math.min(now + indexPause(tries), deadline)),
      why: `${what} is not in the index of crates.io yet`,
    });
  }
}

/** No patience helps: cargo resolves nothing to what is yanked. */
function yankedSibling({ package: { name } }: CratesPrepared["release"], what: string): Failure {
  return new Failure(
    "PIOT_CRATES_DEPENDENCY",
    `Cannot publish ${name}: it needs ${what}, which is yanked on crates.io`,
    { hint: "Take it back with `cargo yank --undo`, or release a higher version of it" },
  );
}
