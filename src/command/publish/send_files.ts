/**
 * Sends what is absent of one release and sees it arrive. Each file is sent once: when the answer is lost or a refusal
 * may be about our own earlier attempt, the registry is asked, and what it holds decides.
 *
 * @module
 */

import pLimit from "p-limit";
import { Failure } from "../../error.ts";
import type { Credential, Look, ReleaseFile } from "../../registry/registry.ts";
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
  const waves = [...new Set(options.absent.map((file) => file.wave ?? 0))].sort((one, other) =>
    one - other
  );
  const gate = pLimit(FILES_SIDE_BY_SIDE);
  for (const wave of waves) {
    run.host.signal.throwIfAborted();
    const files = options.absent.filter((file) => (file.wave ?? 0) === wave);
    const settled = await Promise.allSettled(
      files.map((file) =>
        gate(() => sendFile(run, judged, { file, credential: options.credential }))
      ),
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
  { file, credential }: { readonly file: ReleaseFile; readonly credential: Credential },
): Promise<string | undefined> {
  const release = refOf(judged.release);
  const told = { release, file: file.name, bytes: file.size };
  run.emit({ type: "upload-started", ...told });
  let staged: string | undefined;
  try {
    const uploaded = await run.registries[release.kind].upload(judged.prepared, file, credential);
    staged = uploaded?.staged;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const waits = error.code === "PIOT_AUTH_REFUSED" ? ONE_LOOK : SETTLING;
    if (!await hasArrived(run, judged, { files: [file], waits })) throw error;
    const message =
      `${file.name}: the answer to its upload was not a success, and the registry has the same bytes`;
    run.emit({
      type: "warning",
      message,
      release,
      ...(error.hint === undefined ? {} : { hint: error.message }),
    });
  }
  run.emit({ type: "upload-finished", ...told });
  return staged;
}

/** Waits until the registry shows everything that was accepted; false when it still does not after ten minutes. */
export function awaitArrival(
  run: Run,
  judged: Judged,
  files: readonly ReleaseFile[],
): Promise<boolean> {
  return hasArrived(run, judged, { files, waits: [0, ...ARRIVAL] });
}

async function hasArrived(
  run: Run,
  judged: Judged,
  options: { readonly files: readonly ReleaseFile[]; readonly waits: readonly number[] },
): Promise<boolean> {
  const release = refOf(judged.release);
  const budget = options.waits.reduce((sum, wait) => sum + wait, 0);
  for (const [turn, wait] of options.waits.entries()) {
    if (wait > 0 && !await hasWaited(run, wait)) return false;
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
    if (look !== undefined && options.files.every((file) => isSame(look, file))) return true;
  }
  return false;
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

function isSame(look: Look, file: ReleaseFile): boolean {
  return look.files.get(file.name)?.state === "same";
}
