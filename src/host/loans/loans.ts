/**
 * What a run borrows of the machine: files of the user's that it changes for a while, and temporary folders. Each is noted
 * on the disk before it is touched, so that the next run can give back what a killed one could not.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Failure, messageOf } from "../../error.ts";
import { readBytesIfThere } from "../files.ts";
import { createWhole, followLinks, nameBeside, writeWhole } from "../whole_file.ts";
import { digestOf, giveBack, strayName } from "./give_back.ts";
import {
  type FileLoan,
  isOwn,
  openNotes,
  type OwnNotes,
  readRunFiles,
  type StrayLoan,
} from "./notes.ts";
import { notePlaces, type Whereabouts } from "./places.ts";

/** A file to be changed for a while. */
export interface Change {
  readonly path: string;
  /** What is written; undefined when only others may write there, such as cargo. */
  readonly text?: string;
  /** See {@link FileLoan}. */
  readonly signs?: readonly string[];
  /** See {@link FileLoan}. */
  readonly added?: string;
}

/** Gives back what was borrowed. Throws `PIOT_FILE_CHANGED` for files that somebody changed meanwhile: they are left. */
export type GiveBack = () => Promise<void>;

/**
 * Changes files for a while. Throws `PIOT_FILE_BORROWED` when a run that is not over has borrowed one of them, and
 * `PIOT_FILE_UNWRITABLE`; what was written by then is given back.
 */
export async function borrowFiles(
  where: Whereabouts,
  changes: readonly Change[],
): Promise<GiveBack> {
  const notes = await explained(
    where.folder,
    async () => await openNotes(await notePlaces(where, { ofRepository: true })),
  );
  const loans = await Promise.all(changes.map(describe));
  await explained(notes.place, () => notes.add(loans));
  await refuseTaken(notes, loans);
  const giveAllBack = (): Promise<void> => returnAll(notes, loans);
  try {
    for (const [index, { text }] of changes.entries()) {
      const { path, beside } = loans[index]!;
      if (text !== undefined) await explained(path, () => writeLoan(path, { text, beside }));
    }
  } catch (error) {
    // Why it could not be written is what matters; what cannot be given back stays noted.
    await giveAllBack().catch(() => {});
    throw error;
  }
  return giveAllBack;
}

async function describe({ path, text, signs, added }: Change): Promise<FileLoan> {
  const target = await explained(path, () => followLinks(path));
  const before = await readBytesIfThere(target);
  return {
    kind: "file",
    path: target,
    beside: nameBeside(target),
    before: before === undefined ? null : Buffer.from(before).toString("base64"),
    written: text === undefined ? null : digestOf(new TextEncoder().encode(text)),
    ...(signs === undefined ? {} : { signs }),
    ...(added === undefined ? {} : { added }),
  };
}

async function writeLoan(
  path: string,
  { text, beside }: { readonly text: string; readonly beside: string },
): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeWhole(path, text, { beside });
}

/** Two runs that note the same file at the same time both see the other, and neither goes on. */
async function refuseTaken(notes: OwnNotes, loans: readonly FileLoan[]): Promise<void> {
  const paths = new Set(loans.map(({ path }) => path));
  for (const file of (await readRunFiles(notes.place)).filter((other) => !isOwn(other))) {
    if (typeof file.note === "string") continue;
    const { host, since, loans: theirs } = file.note;
    const taken = theirs.find((loan) => loan.kind === "file" && paths.has(loan.path));
    if (taken === undefined) continue;
    await notes.drop(loans);
    throw new Failure(
      "PIOT_FILE_BORROWED",
      `Cannot change ${taken.path}: another run has done so for a while, since ${since} (process ${file.holder.pid}${
        host === "" ? "" : ` on ${host}`
      })`,
      {
        hint:
          "Wait until that run is over, or end it; the next run gives back what it borrowed, and goes on",
      },
    );
  }
}

/** The latest first. What cannot be given back stays noted, for the next run. */
async function returnAll(notes: OwnNotes, loans: readonly FileLoan[]): Promise<void> {
  const left: string[] = [];
  const kept = new Map<FileLoan, unknown>();
  for (const loan of [...loans].reverse()) {
    try {
      const { state } = await explained(loan.path, () => giveBack(loan, undefined));
      if (state === "left") left.push(loan.path);
    } catch (error) {
      kept.set(loan, error);
    }
  }
  await explained(notes.place, () => notes.drop(loans.filter((loan) => !kept.has(loan))));
  if (kept.size > 0) throw [...kept.values()][0];
  if (left.length > 0) throw leftChanged(left);
}

function leftChanged(paths: readonly string[]): Failure {
  return new Failure(
    "PIOT_FILE_CHANGED",
    `Cannot put back ${paths.join(", ")}: changed by somebody else during the run, and left so`,
    { hint: "Compare with the commit (`git diff`), and keep what is yours" },
  );
}

/** What the system says, as a failure that names the path. */
async function explained<T>(path: string, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    if (error instanceof Failure) throw error;
    throw new Failure("PIOT_FILE_UNWRITABLE", `Cannot write ${path}: ${messageOf(error)}`, {
      hint: "Check that its folder is there, and the permissions of both",
      cause: error,
    });
  }
}

/** A folder that goes away with its run. */
export interface BorrowedFolder {
  readonly path: string;
  /** Never throws: cleaning up must not change an outcome, and what stays is noted. */
  readonly remove: () => Promise<void>;
}

/** Makes a temporary folder that the next run removes when this one cannot; `prefix` begins with `piot-`. */
export async function borrowFolder(where: Whereabouts, prefix: string): Promise<BorrowedFolder> {
  const loan: StrayLoan = { kind: "stray", path: join(tmpdir(), strayName(prefix)) };
  const notes = await noteStray(where, loan);
  await explained(loan.path, () => mkdir(loan.path, { mode: 0o700 }));
  return {
    path: loan.path,
    remove: async () => {
      try {
        await giveBack(loan, undefined);
        await notes.drop([loan]);
      } catch {
        // The system's temporary folder: the next run tries again.
      }
    },
  };
}

async function noteStray(where: Whereabouts, loan: StrayLoan): Promise<OwnNotes> {
  return await explained(where.folder, async () => {
    const notes = await openNotes(await notePlaces(where, { ofRepository: false }));
    await notes.add([loan]);
    return notes;
  });
}

/** What is written to stay. */
export interface TextToWrite {
  readonly text: string;
  /** Whether a file that is there is replaced. */
  readonly replaces: boolean;
}

/**
 * Writes a file to stay, as UTF-8, whole or not at all; false when a file is there and is not to be replaced. Throws
 * `PIOT_FILE_UNWRITABLE`.
 */
export async function writeToStay(
  where: Whereabouts,
  { path, text, replaces }: TextToWrite & { readonly path: string },
): Promise<boolean> {
  return await explained(path, async () => {
    const beside = nameBeside(replaces ? await followLinks(path) : path);
    const loan: StrayLoan = { kind: "stray", path: beside };
    const notes = await noteStray(where, loan);
    try {
      if (!replaces) return await createWhole(path, text, { beside });
      await writeWhole(path, text, { beside });
      return true;
    } finally {
      await notes.drop([loan]);
    }
  });
}
