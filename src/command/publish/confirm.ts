/**
 * What a registry shows, which alone counts: an accepted upload is no proof. Files are looked for until the registry shows
 * these very bytes; other bytes end the waiting at once, and so do the run's patience and an interruption.
 *
 * @module
 */

import { rulesOf } from "../../core/model/kind.ts";
import { Failure, messageOf } from "../../error.ts";
import type { Look, ReleaseFile } from "../../registry/registry.ts";
import { isShown, requireOwn } from "./own_files.ts";
import { ARRIVAL, pauseBefore, type Pauses } from "./patience.ts";
import { type Judged, refOf, type Run } from "./run.ts";

/** What became of the waiting for files. */
export type Shown =
  /** The registry shows every one of them. */
  | { readonly isShown: true; readonly look: Look }
  /** It does not show some: which, and why they are not waited for any longer, as a clause. */
  | { readonly isShown: false; readonly unseen: readonly string[]; readonly why: string };

/** What is waited for. */
export interface Awaited {
  readonly files: readonly ReleaseFile[];
  /** Refusals that say that the registry has a file already, by its name: which bytes those are shows only now. */
  readonly claims?: ReadonlyMap<string, Failure>;
}

/**
 * Waits until one look shows all of the files. Throws `PIOT_VERSION_TAKEN` as soon as one has other bytes that nothing
 * shows to be of this commit.
 */
export async function awaitShown(
  run: Run,
  judged: Judged,
  { files, claims = new Map() }: Awaited,
): Promise<Shown> {
  const seen = await lookUntil(run, judged, {
    ends: async (look) => {
      await requireOwn(run, judged, { files, claims, look });
      return files.every((file) => isShown(look, file));
    },
    pauses: ARRIVAL,
    patience: run.patience,
  });
  if (seen.isEnded) return { isShown: true, look: seen.look };
  const unseen = files.filter((file) => !isShown(seen.look, file));
  return {
    isShown: false,
    unseen: unseen.map(({ name }) => name),
    why: whyUnseen(run, judged, { ...seen, unseen, claims }),
  };
}

function whyUnseen(
  run: Run,
  { release }: Judged,
  { unseen, claims, trouble, isInterrupted }: Seen & {
    readonly unseen: readonly ReleaseFile[];
    readonly claims: ReadonlyMap<string, Failure>;
  },
): string {
  const { registry } = rulesOf(run.kinds, release.package);
  const claimed = unseen.flatMap(({ name }) => claims.get(name) ?? [])[0];
  const says = claimed === undefined ? "" : "says that it has it and ";
  const words = isInterrupted
    ? `the run was interrupted before ${registry} showed it`
    : `${registry} ${says}does not show it after ${run.patience / 1000} s`;
  const last = trouble ?? claimed;
  return last === undefined ? words : `${words}; ${messageOf(last)}`;
}

/** What looking again and again came to. */
interface Seen {
  /** The last look that was answered. */
  readonly look: Look | undefined;
  /** The last look's failure, when it had no answer. */
  readonly trouble: Failure | undefined;
  readonly isInterrupted: boolean;
}

/** How it is looked, and until when. */
interface Looking {
  readonly ends: (look: Look) => boolean | Promise<boolean>;
  readonly pauses: Pauses;
  /** Milliseconds; with 0 it is looked once. */
  readonly patience: number;
}

/**
 * Looks until a look ends it, the patience is at its end, or the run is interrupted. After an upload a registry that does
 * not answer is asked again.
 */
export async function lookUntil(
  run: Run,
  judged: Judged,
  { ends, pauses, patience }: Looking,
): Promise<
  (Seen & { readonly isEnded: false }) | (Seen & { readonly isEnded: true; readonly look: Look })
> {
  const { clock, signal } = run.host;
  const deadline = clock.now().getTime() + patience;
  let last: Look | undefined;
  for (let turn = 0;; turn++) {
    const { look, trouble } = await lookFresh(run, judged);
    last = look ?? last;
    if (look !== undefined && await ends(look)) {
      return { isEnded: true, look, trouble, isInterrupted: signal.aborted };
    }
    const left = deadline - clock.now().getTime();
    const pause = signal.aborted ? undefined : pauseBefore(turn, { pauses, left });
    if (pause !== undefined && turn === 0) tellWaiting(run, judged, left);
    if (pause === undefined || !await hasWaited(run, pause)) {
      return { isEnded: false, look: last, trouble, isInterrupted: signal.aborted };
    }
  }
}

function tellWaiting(run: Run, { release }: Judged, milliseconds: number): void {
  run.emit({
    type: "waiting",
    release: refOf(release),
    reason: "until the registry shows what it accepted",
    milliseconds,
  });
}

async function lookFresh(
  run: Run,
  { release, prepared }: Judged,
): Promise<Pick<Seen, "look" | "trouble">> {
  try {
    const registry = run.registries[release.package.kind];
    return { look: await registry.look(prepared, { fresh: true }), trouble: undefined };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { look: undefined, trouble: error };
  }
}

/** Waits; false when the run is interrupted meanwhile: nothing is waited for then. */
async function hasWaited({ host }: Run, milliseconds: number): Promise<boolean> {
  await host.clock.sleep(milliseconds, host.signal).catch((error: unknown) => {
    if (!host.signal.aborted) throw error;
  });
  return !host.signal.aborted;
}
