/**
 * What a run has borrowed, on disk: one file for each run in each place, written whole before anything that it names is
 * touched.
 *
 * @module
 */

import { readdir, rename, rm, rmdir, stat, utimes } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setInterval } from "node:timers";
import { readTextIfThere } from "../files.ts";
import { writeWhole } from "../whole_file.ts";
import {
  BEAT_MS,
  type Holder,
  type Machine,
  parseRunName,
  runName,
  thisProcess,
} from "./holder.ts";
import { makePlace, MOST_RACES } from "./places.ts";

/** A file of the user's that is changed for a while. */
export interface FileLoan {
  readonly kind: "file";
  /** Absolute, links resolved. */
  readonly path: string;
  /** The name for its new content while that is written. */
  readonly beside: string;
  /** Its bytes before, as base64; null when there was no such file. */
  readonly before: string | null;
  /** The digest of what is written; null when this program writes nothing there itself. */
  readonly written: string | null;
  /** Texts that, all of them, tell that somebody made the file from what was borrowed with it. */
  readonly signs?: readonly string[];
  /** The text that was added, which can be taken out again whatever stands around it. */
  readonly added?: string;
}

/** A file or folder of our own, to be removed. */
export interface StrayLoan {
  readonly kind: "stray";
  readonly path: string;
}

/** One thing that a run has borrowed. */
export type Loan = FileLoan | StrayLoan;

/** What a run's file says. */
export interface Note extends Machine {
  readonly schema: 1;
  /** When the run began, as ISO 8601. */
  readonly since: string;
  /** In the order in which they were taken. */
  readonly loans: readonly Loan[];
}

/** A run's file. */
export interface RunFile {
  readonly path: string;
  /** The run that holds what is noted. */
  readonly run: string;
  readonly holder: Holder;
  /** When the run gave its last sign of life. */
  readonly seen: Date;
  /** `unfinished` when the file is not whole: then nothing was borrowed yet. `foreign` when another version wrote it. */
  readonly note: Note | "unfinished" | "foreign";
}

/** `run-<name>.json`; `run-<name>.of-<name>.json` for the loans of a run that is over, held by the one that gives them back. */
const FILE = /^run-([0-9a-f-]+)(?:\.of-[0-9a-f-]+)?\.json(?:\.tmp)?$/;

/** The runs that have notes in a place, unfinished ones too; none where there is no such place. */
export async function readRunFiles(place: string): Promise<readonly RunFile[]> {
  const names = await readdir(place).catch(() => []);
  const files: RunFile[] = [];
  for (const name of names.sort()) {
    const run = FILE.exec(name)?.[1] ?? "";
    const holder = parseRunName(run);
    if (holder === undefined) continue;
    const path = join(place, name);
    const found = await stat(path).catch(() => undefined);
    const text = found && await readTextIfThere(path).catch(() => undefined);
    if (text === undefined) continue;
    const isWhole = name.endsWith(".json");
    files.push({
      path,
      run,
      holder,
      seen: found!.mtime,
      note: isWhole ? parseNote(text) : "unfinished",
    });
  }
  return files;
}

function parseNote(text: string): RunFile["note"] {
  try {
    const note = JSON.parse(text) as Note | null;
    return note?.schema === 1 && Array.isArray(note.loans) ? note : "foreign";
  } catch {
    return "unfinished";
  }
}

/** This process's own file in one place. */
export interface OwnNotes {
  readonly place: string;
  /** Notes loans; they are on the disk when this returns. */
  readonly add: (loans: readonly Loan[]) => Promise<void>;
  /** Strikes loans out. */
  readonly drop: (loans: readonly Loan[]) => Promise<void>;
  /** Makes the file of a run that is over ours; undefined when another run was faster. */
  readonly take: (file: RunFile) => Promise<string | undefined>;
}

const own = new Map<string, Promise<OwnNotes>>();

/** Opens this process's notes in the first of some places that can be written to. */
export async function openNotes(places: readonly string[]): Promise<OwnNotes> {
  const place = await makePlace(places);
  const known = own.get(place) ?? createNotes(place);
  own.set(place, known);
  return await known;
}

const ownRuns = new Set<string>();

/** Whether a run's file is this process's. */
export function isOwn({ run }: Pick<RunFile, "run">): boolean {
  return ownRuns.has(run);
}

async function createNotes(place: string): Promise<OwnNotes> {
  const { pid, start, ...machine } = await thisProcess();
  const name = runName({ pid, start });
  ownRuns.add(name);
  const path = join(place, `run-${name}.json`);
  const since = new Date().toISOString();
  let loans: readonly Loan[] = [];
  // One change after the other: each writes the file anew.
  let last: Promise<void> = Promise.resolve();
  const change = (next: () => readonly Loan[]): Promise<void> => {
    const turn = last.then(async () => {
      loans = next();
      await save(path, { schema: 1, ...machine, since, loans });
    });
    last = turn.catch(() => {});
    return turn;
  };
  return {
    place,
    add: (more) => change(() => [...loans, ...more]),
    drop: (less) => change(() => loans.filter((loan) => !less.includes(loan))),
    take: async (file) => {
      const taken = join(place, `run-${name}.of-${nameOf(file)}.json`);
      const isOurs = await rename(file.path, taken).then(() => true, () => false);
      return isOurs ? taken : undefined;
    },
  };
}

function nameOf({ path }: Pick<RunFile, "path">): string {
  const name = basename(path, ".json").slice("run-".length);
  return name.split(".of-").at(-1)!;
}

/** Removes a run's file, and its folder with it when it was the last. */
export async function strike(path: string): Promise<void> {
  silence(path);
  await rm(path, { force: true });
  await rmdir(dirname(path)).catch(() => {});
}

/** Writes a run's file; one without loans goes. */
export async function save(path: string, note: Note): Promise<void> {
  if (note.loans.length === 0) return await strike(path);
  for (let attempt = 1;; attempt++) {
    try {
      // Another run may just have removed the empty folder.
      await makePlace([dirname(path)]);
      await writeWhole(path, JSON.stringify(note), { beside: `${path}.tmp` });
      break;
    } catch (error) {
      if (attempt === MOST_RACES || (error as { code?: unknown }).code !== "ENOENT") throw error;
    }
  }
  beat(path);
}

const beats = new Map<string, ReturnType<typeof setInterval>>();

/** Gives signs of life, for whoever cannot ask for this process. */
function beat(path: string): void {
  if (beats.has(path)) return;
  const timer = setInterval(() => {
    const now = new Date();
    utimes(path, now, now).catch(() => {});
  }, BEAT_MS);
  // A process that has nothing left to do ends all the same.
  timer.unref();
  beats.set(path, timer);
}

function silence(path: string): void {
  clearInterval(beats.get(path));
  beats.delete(path);
}
