/**
 * Shows the entries of an archive to a visitor, one by one, while the archive is read.
 *
 * @module
 */

import { Buffer } from "node:buffer";
import type { ParsedTarEntry } from "modern-tar";
import type { ArchiveEntry, Visit } from "./tarball.ts";
import { type EntryGuard, Refusal } from "./tarball_guard.ts";

/** An error of the visitor, which is none of the archive's; its cause is what the visitor threw. */
export class VisitError extends Error {}

/**
 * Judges each entry, and shows it to `visit`. Throws {@link Refusal} for one that the guard refuses, {@link VisitError}
 * around what `visit` threw, and the decoder's own errors.
 */
export async function visitEntries(
  entries: ReadableStream<ParsedTarEntry>,
  { guard, visit }: { readonly guard: EntryGuard; readonly visit: Visit },
): Promise<void> {
  const reader = entries.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      await visitOne(value, { guard, visit });
    }
  } catch (error) {
    await reader.cancel(error).catch(() => {});
    throw error;
  }
}

async function visitOne(
  parsed: ParsedTarEntry,
  { guard, visit }: { readonly guard: EntryGuard; readonly visit: Visit },
): Promise<void> {
  const { header } = parsed;
  const verdict = guard.admit(header);
  if ("refused" in verdict) throw new Refusal(verdict.refused);
  // The archive's own root says nothing.
  if (verdict.path !== "") {
    const body = iterate(parsed.body);
    const bytes = (): Promise<Uint8Array> => collect(body);
    await callVisitor(visit, {
      path: verdict.path,
      type: verdict.type,
      size: header.size,
      mode: (header.mode ?? 0) & 0o777,
      body,
      bytes,
      text: async () => Buffer.from(await bytes()).toString("utf8"),
    });
  }
  // The decoder stalls until a body is read or cancelled; a body that was read to its end takes no offence.
  if (!parsed.body.locked) await parsed.body.cancel();
}

async function callVisitor(visit: Visit, entry: ArchiveEntry): Promise<void> {
  try {
    await visit(entry);
  } catch (error) {
    throw error instanceof BodyError
      ? error.cause
      : new VisitError("the visitor failed", { cause: error });
  }
}

/** A damaged archive that shows only while a visitor reads a body. */
class BodyError extends Error {}

async function* iterate(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  let ended = false;
  try {
    for (;;) {
      const { done, value } = await reader.read().catch((error: unknown) => {
        throw new BodyError("the body broke off", { cause: error });
      });
      ended = done;
      if (done) return;
      yield value;
    }
  } finally {
    if (!ended) await reader.cancel().catch(() => {});
    reader.releaseLock();
  }
}

async function collect(chunks: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts);
}
