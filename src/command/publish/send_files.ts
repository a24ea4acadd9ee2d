/**
 * Sends files of one release. Each is sent once: when the answer is lost, or a refusal may be about our own earlier
 * attempt, the registry is asked, and what it holds decides.
 *
 * @module
 */

import pLimit from "p-limit";
import { combineFailures, Failure } from "../../error.ts";
import {
  AlreadyThere,
  type Credential,
  type ReleaseFile,
  type UploadOptions,
} from "../../registry/registry.ts";
import { lookUntil } from "./confirm.ts";
import { keptWords } from "./judge.ts";
import { requireOwn } from "./own_files.ts";
import { SETTLING, SETTLING_PATIENCE } from "./patience.ts";
import { type Judged, refOf, type Run, settle } from "./run.ts";

/** Files of one release that are sent side by side. */
const FILES_SIDE_BY_SIDE = 8;

/** What sending came to, where none of it failed. Nothing is proven by that: see `awaitShown()`. */
export interface Sent {
  /** What waits for somebody's approval, as sentences. */
  readonly staged: readonly string[];
  /** The files that the registry accepted, or says that it has already. */
  readonly accepted: readonly ReleaseFile[];
  /** By file name, the refusals that say so. */
  readonly claims: ReadonlyMap<string, Failure>;
  /** What was not sent, since the run was interrupted. */
  readonly unsent: readonly ReleaseFile[];
}

/** Sends files side by side. Throws all failures, after the files in flight are through. */
export async function sendFiles(
  run: Run,
  judged: Judged,
  options: {
    readonly files: readonly ReleaseFile[];
    readonly credential: Credential;
    readonly afterStaged: boolean;
  },
): Promise<Sent> {
  const { files, ...how } = options;
  const gate = pLimit(FILES_SIDE_BY_SIDE);
  const { values, failures } = await settle(
    files.map((file) => gate(() => sendFile(run, judged, { file, ...how }))),
  );
  if (failures.length > 0) throw combineFailures(failures);
  const filesThat = (test: (sent: SentFile) => boolean): readonly ReleaseFile[] =>
    files.filter((_, index) => test(values[index]!));
  return {
    staged: values.flatMap(({ staged }) => staged ?? []),
    accepted: filesThat(({ staged, isUnsent }) => staged === undefined && isUnsent !== true),
    claims: new Map(
      values.flatMap(({ claim }, index) =>
        claim === undefined ? [] : [[files[index]!.name, claim]]
      ),
    ),
    unsent: filesThat(({ isUnsent }) => isUnsent === true),
  };
}

/** What sending one file came to. */
interface SentFile {
  /** What it waits for, when it is not published yet. */
  readonly staged?: string | undefined;
  /** The refusal that says that the registry has it, while it does not show it. */
  readonly claim?: Failure;
  /** Whether an interruption came before. */
  readonly isUnsent?: true;
}

async function sendFile(
  run: Run,
  judged: Judged,
  { file, ...options }: UploadOptions & { readonly file: ReleaseFile },
): Promise<SentFile> {
  // Its turn may come long after the queue was filled.
  if (run.host.signal.aborted) return { isUnsent: true };
  const release = refOf(judged.release);
  const upload = { release, file: file.name, bytes: file.size };
  run.emit({ type: "upload-started", ...upload });
  const sent = await run.registries[release.kind].upload(judged.prepared, file, options)
    .then((uploaded): SentFile => ({ staged: uploaded?.staged }))
    .catch((error: unknown): SentFile | Promise<SentFile> => {
      if (!(error instanceof Failure)) throw error;
      if (error.code === "PIOT_INTERRUPTED") return { isUnsent: true };
      return askInstead(run, judged, { file, error });
    });
  if (sent.isUnsent !== true) run.emit({ type: "upload-finished", ...upload });
  return sent;
}

/** After an upload that was no success, the registry is asked. Throws the failure when it has nothing of the file. */
async function askInstead(
  run: Run,
  judged: Judged,
  { file, error }: { readonly file: ReleaseFile; readonly error: Failure },
): Promise<SentFile> {
  // After a refused credential nothing can have been taken now; one look tells whether it was taken before. Whoever says
  // that the file is there is waited for elsewhere, with all patience.
  const isBrief = error.code === "PIOT_AUTH_REFUSED" || error instanceof AlreadyThere;
  const { look } = await lookUntil(run, judged, {
    // Other bytes do not become ours by waiting.
    ends: ({ files }) => files.get(file.name)?.state !== "absent",
    pauses: SETTLING,
    patience: isBrief ? 0 : Math.min(SETTLING_PATIENCE, run.patience),
  });
  const presence = look?.files.get(file.name) ?? { state: "absent" };
  if (presence.state === "absent") {
    if (error instanceof AlreadyThere) return { claim: error };
    throw error;
  }
  // An upload of somebody else's may have come before ours: running again would not help.
  await requireOwn(run, judged, {
    look: look!,
    files: [file],
    claims: new Map([[file.name, error]]),
  });
  run.emit({
    type: "warning",
    message: `${file.name}: the answer to its upload was not a success, and the registry has ${
      presence.state === "same" ? "the same bytes" : keptWords(file, presence.held)
    }`,
    release: refOf(judged.release),
    ...(error.hint === undefined ? {} : { hint: error.message }),
  });
  return {};
}
