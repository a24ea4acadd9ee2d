/**
 * Gives back what killed runs had borrowed, and says so. What a run that is still going on holds is left alone.
 *
 * @module
 */

import { isAbsolute, relative, sep } from "node:path";
import { messageOf } from "../../error.ts";
import { giveBack, type Return } from "./give_back.ts";
import { isAlive, type Machine } from "./holder.ts";
import {
  isOwn,
  type Loan,
  type Note,
  openNotes,
  readRunFiles,
  type RunFile,
  save,
  strike,
} from "./notes.ts";
import { isOurs, notePlaces, type Whereabouts } from "./places.ts";

/** A killed run's loan, and what became of it. */
interface Returned {
  readonly loan: Loan;
  readonly back: Return | { readonly state: "failed"; readonly why: string };
}

/** Gives everything back; says what was done, in sentences without a full stop, one for each run and what is odd. */
export async function recover(where: Whereabouts): Promise<readonly string[]> {
  const sentences: string[] = [];
  for (const place of await notePlaces(where, { ofRepository: true })) {
    if (!await isOurs(place)) continue;
    for (const file of await readRunFiles(place)) {
      if (isOwn(file) || !await isOver(file)) continue;
      sentences.push(...await settle(file, { place, folder: where.folder }));
    }
  }
  return sentences;
}

/** A file that is not whole says nothing of its machine: then it is taken for one of this. */
async function isOver({ holder, seen, note }: RunFile): Promise<boolean> {
  const { host, processes, boot } = typeof note === "string" ? NOWHERE : note;
  return !await isAlive({ ...holder, host, processes, boot }, { seen, now: new Date() });
}

const NOWHERE: Machine = { host: "", processes: "", boot: "" };

async function settle(
  file: RunFile,
  { place, folder }: { readonly place: string; readonly folder: string },
): Promise<readonly string[]> {
  const { note } = file;
  if (note === "foreign") {
    return [
      `Left ${file.path} alone: another version of putitoutthere noted there what a run that is over had borrowed; run that version to have it put back`,
    ];
  }
  // Nothing is touched before the note is whole.
  if (note === "unfinished") {
    await strike(file.path);
    return [];
  }
  const taken = await (await openNotes([place])).take(file);
  if (taken === undefined) return [];
  const returned: Returned[] = [];
  for (const loan of [...note.loans].reverse()) {
    returned.push({ loan, back: await attempt(loan, place) });
  }
  const kept = returned.filter(({ back }) => back.state === "failed").map(({ loan }) => loan);
  await save(taken, { ...note, loans: note.loans.filter((loan) => kept.includes(loan)) });
  return sentencesOf(returned.reverse(), { run: nameRun(file, note), folder });
}

async function attempt(loan: Loan, place: string): Promise<Returned["back"]> {
  try {
    return await giveBack(loan, place);
  } catch (error) {
    return { state: "failed", why: messageOf(error) };
  }
}

function nameRun({ holder }: RunFile, { since }: Note): string {
  return `the run that began at ${since} (process ${holder.pid})`;
}

function sentencesOf(
  returned: readonly Returned[],
  { run, folder }: { readonly run: string; readonly folder: string },
): readonly string[] {
  const files = returned.filter(({ loan }) => loan.kind === "file");
  const shown = ({ loan }: Returned): string => showPath(loan.path, folder);
  const put = files.filter(({ back }) => ["put-back", "taken-out"].includes(back.state)).map(shown);
  const strays = returned.filter(({ back }) => back.state === "removed");
  return [
    ...(put.length === 0
      ? []
      : [`Put back ${put.join(", ")}, as before ${run} that was ended too early to do so`]),
    ...(strays.length === 0 ? [] : [
      `Removed ${strays.map(shown).join(", ")}, left by ${run} that was ended too early to do so`,
    ]),
    ...returned.flatMap((loan) => oddity(loan, { run, shown: shown(loan) })),
  ];
}

function oddity(
  { loan, back }: Returned,
  { run, shown }: { readonly run: string; readonly shown: string },
): readonly string[] {
  switch (back.state) {
    case "left":
      if (loan.kind === "stray") return [];
      return [
        `Left ${shown} as it is: somebody changed it after ${run}, which was ended before it could put it back; compare it with the commit (\`git diff\`)`,
      ];
    case "failed":
      return [`Cannot put back ${shown}, which ${run} had changed for a while: ${back.why}`];
    case "put-back":
      return "kept" in back
        ? [`What ${shown} held when it was put back is kept as ${back.kept}`]
        : [];
    default:
      return [];
  }
}

/** Relative to the folder when it lies below. */
function showPath(path: string, folder: string): string {
  const way = relative(folder, path);
  return way === "" || way.startsWith("..") || isAbsolute(way) ? path : way.split(sep).join("/");
}
