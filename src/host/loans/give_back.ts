/**
 * Gives one loan back: the file as it was before, unless somebody else has changed it meanwhile. That is never written
 * over.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import { createHash, randomBytes } from "node:crypto";
import { lstat, mkdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { readBytesIfThere } from "../files.ts";
import { isNameBeside, nameBeside, writeWhole } from "../whole_file.ts";
import type { FileLoan, Loan, StrayLoan } from "./notes.ts";

/** What became of a loan. */
export type Return =
  /** Nothing was to be done. */
  | { readonly state: "as-it-was" }
  | { readonly state: "put-back" }
  /** Put back although others had worked on it too: what they made of it is kept as another file. */
  | { readonly state: "put-back"; readonly kept: string }
  /** Only what was added was taken out. */
  | { readonly state: "taken-out" }
  | { readonly state: "removed" }
  /** Somebody has changed it, and it stays so. */
  | { readonly state: "left" };

/**
 * Gives a loan back. `place` is where its note is, and what others made of a file is kept there; undefined for the run that
 * borrowed it, which knows them for its own helpers.
 */
export async function giveBack(loan: Loan, place: string | undefined): Promise<Return> {
  return loan.kind === "stray" ? await removeStray(loan) : await giveFileBack(loan, place);
}

/** A note is only a file: whatever it says, nothing is removed but what has a name of ours. */
async function removeStray({ path }: StrayLoan): Promise<Return> {
  if (!isStrayName(path)) return { state: "left" };
  if (await lstat(path).then(() => false, () => true)) return { state: "as-it-was" };
  await rm(path, { recursive: true, force: true });
  return { state: "removed" };
}

/** `piot-npm-` and twelve hex digits. */
export function strayName(prefix: string): string {
  return `${prefix}-${randomBytes(6).toString("hex")}`;
}

function isStrayName(path: string): boolean {
  return /^piot-[a-z-]+-[0-9a-f]{12}$/.test(basename(path)) || isNameBeside(path);
}

async function giveFileBack(noted: FileLoan, place: string | undefined): Promise<Return> {
  const isOurs = isNameBeside(noted.beside);
  const loan = { ...noted, beside: isOurs ? noted.beside : nameBeside(noted.path) };
  // What is in its way is no reason not to put the file itself back.
  await rm(loan.beside, { force: true }).catch(() => {});
  const before = loan.before === null ? undefined : Buffer.from(loan.before, "base64");
  const now = await readBytesIfThere(loan.path);
  if (isSame(before, now)) return { state: "as-it-was" };
  if (now !== undefined && digestOf(now) === loan.written) {
    await restore(loan, before);
    return { state: "put-back" };
  }
  const rest = now === undefined ? undefined : withoutAdded(loan, now);
  if (rest !== undefined) {
    await restore(loan, rest);
    return { state: "taken-out" };
  }
  if (now === undefined || !isMadeFrom(loan, now)) return { state: "left" };
  const kept = place === undefined ? {} : { kept: await keep(now, { loan, place }) };
  await restore(loan, before);
  return { state: "put-back", ...kept };
}

function isSame(left: Uint8Array | undefined, right: Uint8Array | undefined): boolean {
  if (left === undefined || right === undefined) return left === right;
  return Buffer.from(left).equals(right);
}

/** The digest by which a written file is known again. */
export function digestOf(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

async function restore(
  { path, beside }: FileLoan,
  bytes: Uint8Array | undefined,
): Promise<void> {
  if (bytes === undefined) await rm(path, { force: true });
  else await writeWhole(path, bytes, { beside });
}

/** The file without what was added to it; undefined when that does not stand in it, or stands in it twice. */
function withoutAdded({ added }: FileLoan, now: Uint8Array): Uint8Array | undefined {
  if (added === undefined) return undefined;
  const parts = Buffer.from(now).toString("latin1").split(Buffer.from(added).toString("latin1"));
  return parts.length === 2 ? Buffer.from(parts.join(""), "latin1") : undefined;
}

/** Whether a program that worked on what was borrowed made the file, and not a person. */
function isMadeFrom({ signs = [] }: FileLoan, now: Uint8Array): boolean {
  const text = Buffer.from(now).toString("utf8").replaceAll("\r\n", "\n");
  return signs.length > 0 && signs.every((sign) => text.includes(sign));
}

async function keep(
  now: Uint8Array,
  { loan, place }: { readonly loan: FileLoan; readonly place: string },
): Promise<string> {
  const folder = join(place, "kept");
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const path = join(folder, `${basename(loan.path)}-${randomBytes(4).toString("hex")}`);
  await writeWhole(path, now);
  return path;
}
