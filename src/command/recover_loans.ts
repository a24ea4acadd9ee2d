/**
 * What every command does first: gives back what killed runs had borrowed, and says so.
 *
 * @module
 */

import { messageOf } from "../error.ts";
import type { Host } from "../host/host.ts";
import { hasNotes } from "../host/loans/places.ts";
import type { Event } from "../report/report.ts";

/** Gives everything back; tells and gives what was done, as sentences without a full stop. Never throws. */
export async function recoverLoans(
  { cwd, env }: Pick<Host, "cwd" | "env">,
  emit: (event: Event) => void,
): Promise<readonly string[]> {
  const where = { folder: cwd, env };
  const sentences = await recoverNow(where).catch((error: unknown) => [
    `Cannot look for what a killed run left behind: ${messageOf(error)}`,
  ]);
  for (const message of sentences) emit({ type: "warning", message });
  return sentences;
}

async function recoverNow(
  where: Parameters<typeof hasNotes>[0],
): Promise<readonly string[]> {
  if (!await hasNotes(where)) return [];
  const { recover } = await import("../host/loans/recover.ts");
  return await recover(where);
}
