/**
 * Sends what is absent of one release and sees it arrive. Each file is sent once: when the answer is lost or a refusal
 * may be about our own earlier attempt, the registry is asked, and what it holds decides.
 *
 * @module
 */

import pLimit from "p-limit";
import { Failure } from "../../error.ts";
import type {
  Credential,
  Look,
  Presence,
  ReleaseFile,
  UploadOptions,
} from "../../registry/registry.ts";
import { versionTaken } from "./judge.ts";
import { type Judged, refOf, type Run } from "./run.ts";

/** Files of one release that are sent side by side. */
const FILES_SIDE_BY_SIDE = 4;

/** Waits between looks for what was just accepted, in milliseconds; ten minutes together. */
const ARRIVAL: readonly number[] = [
  500,
  1000,
  2000,
  4000,
  8000,
  15_000,
  ...Array<number>(19).fill(30_000),
];

/** Waits between looks after a failed upload: long enough for a registry that took it to show it. */
const SETTLING: readonly number[] = [0, 1000, 3000, 8000];

/** After a refused credential nothing can have been taken now; one look tells whether it was taken before. */
const ONE_LOOK: readonly number[] = [0];

/**
 * Sends every absent file, wave by wave. Throws the first failure after the files in flight are through. Gives what waits
 * for somebody's approval: empty when everything is published.
 */
export async function sendFiles(
  run: Run,
  judged: Judged,
  options: { readonly absent: readonly ReleaseFile[]; readonly credential: Credential },
): Promise<readonly string[]> {
  const staged: string[] = [];
  const waves = [...new Set(options.absent.map((file) => file.wave ?? 0))].sort((low, high) =>
    low - high
  );
  const gate = pLimit(FILES_SIDE_BY_SIDE);
  for (const wave of waves) {
    run.host.signal.throwIfAborted();
    const files = options.absent.filter((file) => (file.wave ?? 0) === wave);
    const sending = { credential: options.credential, afterStaged: staged.length > 0 };
    const settled = await Promise.allSettled(
      files.map((file) => gate(() => sendFile(run, judged, { file, ...sending }))),
    );
    const failed = settled.find((result) => result.status === "rejected");
    if (failed?.status === "rejected") throw failed.reason;
    staged.push(
      ...settled.flatMap((result) =>
        result.status === "fulfilled" && result.value !== undefined ? [result.value] : []
      ),
    );
  }
  return staged;
}

/** Sends one file; gives what it waits for when it is not published yet. */
async function sendFile(
  run: Run,
  judged: Judged,
  { file, ...options }: UploadOptions & { readonly file: ReleaseFile },
): Promise<string | undefined> {
  const release = refOf(judged.release);
  const upload = { release, file: file.name, bytes: file.size };
  run.emit({ type: "upload-started", ...upload });
  let staged: string | undefined;
  try {
    const uploaded = await run.registries[release.kind].upload(judged.prepared, file, options);
    staged = uploaded?.staged;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const waits = error.code === "PIOT_AUTH_REFUSED" ? ONE_LOOK : SETTLING;
    const look = await lookFor(run, judged, {
      files: [file],
      waits,
      // Other bytes do not become ours by waiting.
      ends: ({ state }) => state !== "absent",
    });
    if (look?.files.get(file.name)?.state !== "same") {
      throw takenInstead(judged, { file, look, cause: error }) ?? error;
    }
    const message =
      `${file.name}: the answer to its upload was not a success, and the registry has the same bytes`;
    run.emit({
      type: "warning",
      message,
      release,
      ...(error.hint === undefined ? {} : { hint: error.message }),
    });
  }
  run.emit({ type: "upload-finished", ...upload });
  return staged;
}

/** What stands in the file's place, when an upload of somebody else's came before ours: running again would not help. */
function takenInstead(
  { release }: Judged,
  { file, look, cause }: {
    readonly file: ReleaseFile;
    readonly look: Look | undefined;
    readonly cause: Failure;
  },
): Failure | undefined {
  const presence = look?.files.get(file.name);
  if (presence?.state !== "other" || presence.sameCommit) return undefined;
  return versionTaken(release, { file, held: presence.held, cause });
}

/** Waits until the registry shows everything that was accepted; false when it still does not after ten minutes. */
export async function awaitArrival(
  run: Run,
  judged: Judged,
  files: readonly ReleaseFile[],
): Promise<boolean> {
  const ends = ({ state }: Presence): boolean => state === "same";
  const look = await lookFor(run, judged, { files, waits: [0, ...ARRIVAL], ends });
  return look !== undefined && files.every(({ name }) => look.files.get(name)?.state === "same");
}

/** Looks until every file ends it, or the waits are used up; gives the last look that was answered. */
async function lookFor(
  run: Run,
  judged: Judged,
  options: {
    readonly files: readonly ReleaseFile[];
    readonly waits: readonly number[];
    readonly ends: (presence: Presence) => boolean;
  },
): Promise<Look | undefined> {
  const release = refOf(judged.release);
  const budget = options.waits.reduce((sum, wait) => sum + wait, 0);
  let last: Look | undefined;
  for (const [turn, wait] of options.waits.entries()) {
    if (wait > 0 && !await hasWaited(run, wait)) return last;
    if (turn === 1) {
      run.emit({
        type: "waiting",
        release,
        reason: "until the registry shows what it accepted",
        milliseconds: budget,
      });
    }
    const look = await run.registries[release.kind].look(judged.prepared, { fresh: true }).catch(
      undefinedIfUnknown,
    );
    if (look === undefined) continue;
    last = look;
    const presences = options.files.map(({ name }) => look.files.get(name));
    if (presences.every((presence) => presence !== undefined && options.ends(presence))) {
      return look;
    }
  }
  return last;
}

/** Waits; false when the run is interrupted: what was accepted is concluded then, and nothing is waited for. */
async function hasWaited({ host }: Run, milliseconds: number): Promise<boolean> {
  await host.clock.sleep(milliseconds, host.signal).catch((error: unknown) => {
    if (!host.signal.aborted) throw error;
  });
  return !host.signal.aborted;
}

/** After an upload a registry that does not answer is asked again, until the patience with it is at its end. */
function undefinedIfUnknown(error: unknown): undefined {
  if (error instanceof Failure && error.code !== "PIOT_INTERRUPTED") return undefined;
  throw error;
}
