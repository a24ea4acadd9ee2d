/**
 * One package's release: what is absent is sent, wave by wave; what was accepted is confirmed; then it is tagged and
 * announced. Nothing is built upon, and nothing tagged, before the registry shows it.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import type { Look, Prepared, Release, ReleaseFile } from "../../registry/registry.ts";
import type { Announcement, OutcomeDetail, ReadBack } from "../../report/outcome.ts";
import { type Announce, unannounced } from "./announce.ts";
import { awaitShown, type Shown } from "./confirm.ts";
import { type Ready, refOf, type Run } from "./run.ts";
import { sendFiles } from "./send_files.ts";
import type { TagRelease } from "./tag_releases.ts";

/** How one release ended, and whether those that depend on it may go out. */
export interface Ending {
  readonly detail: OutcomeDetail;
  readonly isAvailable: boolean;
  /** What the registry showed right before the tag. */
  readonly readBack?: readonly ReadBack[];
  /** What became of its GitHub Release, where it came to that. */
  readonly githubRelease?: Announcement;
}

/** What follows once a release is complete on its registry; outside a git work tree, nothing. */
export interface Conclusion {
  readonly tag: TagRelease | undefined;
  readonly announce: Announce | undefined;
}

/**
 * Releases one package. Throws the failure that it ends with. After an interruption nothing new begins: what is being sent
 * is finished, looked for once, and tagged when the registry shows it; everything else is left to the next run.
 */
export async function releasePackage(
  run: Run,
  ready: Ready,
  conclusion: Conclusion,
): Promise<Ending> {
  const { verdict, prepared } = ready;
  const { signal } = run.host;
  if (verdict.to === "refuse") throw verdict.failure;
  if (verdict.to === "wait") return unavailable({ status: "blocked", by: verdict.by });
  if (signal.aborted) return NOT_STARTED;
  const sending = await sendWaves(run, ready, verdict.absent);
  const { staged, claims, unseen, unsent, hasSent } = sending;
  if (unsent.length > 0 && !hasSent) return NOT_STARTED;
  if (unsent.length > 0) throw interruption(signal, unsent);
  // Not tagged before it is approved: the run that finds it published does that.
  if (staged.length > 0) return unavailable({ status: "staged", approval: staged.join("; ") });
  // All of it once more, right before the tag: what was there at the beginning, and what has come since.
  const shown = unseen ?? await awaitShown(run, ready, { files: prepared.files, claims });
  if (signal.aborted && !hasSent) return NOT_STARTED;
  if (!shown.isShown) {
    return unavailable({ status: "unconfirmed", unseen: shown.unseen, why: shown.why });
  }
  tellShortfalls(run, ready, shown.look);
  const { made, githubRelease } = await conclude(run, ready.release, conclusion);
  const readBack = readBackOf(prepared, shown.look);
  const announced = githubRelease && { githubRelease };
  return { detail: detailOf(hasSent, made), isAvailable: true, readBack, ...announced };
}

function unavailable(detail: OutcomeDetail): Ending {
  return { detail, isAvailable: false };
}

const NOT_STARTED: Ending = unavailable({ status: "blocked", by: [] });

/** The interruption as the failure of a package that was sent in part. */
function interruption(signal: AbortSignal, unsent: readonly ReleaseFile[]): unknown {
  const reason: unknown = signal.reason;
  if (!(reason instanceof Failure)) return reason;
  const message = `${reason.message}; not sent: ${unsent.map(({ name }) => name).join(", ")}`;
  return new Failure(reason.code, message, {
    ...(reason.hint === undefined ? {} : { hint: reason.hint }),
    cause: reason,
  });
}

/** What sending all waves came to. */
interface Sending {
  readonly staged: readonly string[];
  readonly claims: ReadonlyMap<string, Failure>;
  /** What was not shown of a wave that others would have followed; those were not sent. */
  readonly unseen?: Extract<Shown, { readonly isShown: false }>;
  /** What an interruption kept from being sent. */
  readonly unsent: readonly ReleaseFile[];
  /** Whether anything was sent. */
  readonly hasSent: boolean;
}

/** Sends what is absent. A wave begins once the registry shows everything that the one before it sent. */
async function sendWaves(
  run: Run,
  ready: Ready,
  absent: readonly ReleaseFile[],
): Promise<Sending> {
  const staged: string[] = [];
  let claims: ReadonlyMap<string, Failure> = new Map();
  let hasSent = false;
  const waves = wavesOf(absent);
  for (const [index, files] of waves.entries()) {
    const credential = requireCredential(ready);
    const how = { credential, afterStaged: staged.length > 0 };
    const sent = await sendFiles(run, ready, { files, ...how });
    const later = waves.slice(index + 1).flat();
    staged.push(...sent.staged);
    claims = sent.claims;
    hasSent ||= sent.unsent.length < files.length;
    if (sent.unsent.length > 0) {
      return { staged, claims, hasSent, unsent: [...sent.unsent, ...later] };
    }
    if (later.length === 0) break;
    const shown = await awaitShown(run, ready, { files: sent.accepted, claims });
    if (!shown.isShown) return { staged, claims, hasSent, unsent: [], unseen: shown };
  }
  return { staged, claims, hasSent, unsent: [] };
}

function requireCredential({ credential }: Ready): NonNullable<Ready["credential"]> {
  if (credential === undefined) {
    throw new Error("unreachable: something to upload and no credential");
  }
  return credential;
}

/** Files by their waves, the lowest first. */
function wavesOf(files: readonly ReleaseFile[]): readonly (readonly ReleaseFile[])[] {
  const waveOf = ({ wave = 0 }: ReleaseFile): number => wave;
  const numbers = [...new Set(files.map(waveOf))].sort((low, high) => low - high);
  return numbers.map((number) => files.filter((file) => waveOf(file) === number));
}

/** What a registry took and did not do whole is told: bytes are what a tag stands for, but people go by dist-tags. */
function tellShortfalls(
  run: Run,
  { release, prepared, credential }: Ready,
  look: Look,
): void {
  if (credential === undefined) return;
  const { shortfalls } = run.registries[release.package.kind];
  for (const { message, hint } of shortfalls?.(prepared, look, credential) ?? []) {
    run.emit({ type: "warning", message, hint, release: refOf(release) });
  }
}

/** Every file as a look shows it that has shown all of them. */
function readBackOf({ files }: Prepared, { files: presences, shown }: Look): readonly ReadBack[] {
  return files.map(({ name, digest }) => {
    const presence = presences.get(name);
    const bytes = presence?.state === "other"
      ? { bytes: "kept" as const, digest: presence.held }
      : { bytes: "same" as const, digest };
    return { file: name, ...bytes, ...shown?.get(name) };
  });
}

/** Gives what had to be made: `tag demo-v1.0.0`, `GitHub Release`. */
async function conclude(
  run: Run,
  release: Release,
  { tag, announce }: Conclusion,
): Promise<{ readonly made: readonly string[]; readonly githubRelease: Announcement | undefined }> {
  const made: string[] = [];
  if (await tag?.(release)) made.push(`tag ${release.tag}`);
  const isCut = run.host.signal.aborted && release.package.githubRelease;
  const githubRelease = announce === undefined
    ? undefined
    : isCut
    ? unannounced(run, release, "the run was interrupted")
    : await announce(release);
  if (githubRelease?.state === "created") made.push("GitHub Release");
  return { made, githubRelease };
}

function detailOf(hasUploaded: boolean, made: readonly string[]): OutcomeDetail {
  if (hasUploaded) return { status: "published" };
  return made.length > 0 ? { status: "healed", made } : { status: "skipped" };
}
