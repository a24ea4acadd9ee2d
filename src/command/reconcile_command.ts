/**
 * `putitoutthere reconcile`: says what was written, what would be, and what nobody can prove.
 *
 * @module
 */

import type { ReconciledRelease, ReconciledTag } from "../core/status/reconcile_document.ts";
import { reconcile } from "./reconcile.ts";
import type { CommandLineOptions, Session } from "./session.ts";

/** The flags and words of `reconcile`. */
export interface ReconcileCommandOptions extends CommandLineOptions {
  /** Names of packages; all when empty. */
  readonly names: readonly string[];
  readonly dryRun?: boolean;
}

/** Writes and tells. Gives the exit status. */
export async function runReconcile(
  session: Session,
  options: ReconcileCommandOptions,
): Promise<number> {
  const { config, names, dryRun = false } = options;
  const document = await reconcile(session.host, {
    ...{ names, dryRun, onEvent: session.emit },
    ...(config === undefined ? {} : { config }),
  });
  const { tags, releases, notes } = document;
  session.printJson(document);
  for (const message of notes) session.emit({ type: "warning", message });
  if (options.json !== true) {
    const lines = [...tags.flatMap(tagLines), ...releases.flatMap(releaseLines)];
    for (const message of lines.length === 0 ? [NOTHING] : lines) {
      session.emit({ type: "notice", message });
    }
  }
  const isWhole = notes.length === 0 && tags.every(({ state }) => state !== "failed");
  return isWhole ? 0 : 1;
}

const NOTHING = "Nothing to write: every version that the registries show has its tag";

function tagLines(tag: ReconciledTag): readonly string[] {
  const { name, held, why, command, risk } = tag;
  switch (tag.state) {
    case "made":
      return [`${tag.tag}: made at ${tag.commit}, which ${tag.source} names`];
    case "would-make":
      return [`${tag.tag}: would be made at ${tag.commit}, which ${tag.source} names`];
    case "failed":
      return [`${tag.tag}: not made: ${why}`];
    case "left":
      return [
        `${name} ${held}: no tag, for ${why}`,
        ...(command === undefined ? [] : [`    if you know better: ${command}`]),
        ...(risk === undefined ? [] : [`    ${risk}`]),
      ];
  }
}

function releaseLines({ tag, state, url, why }: ReconciledRelease): readonly string[] {
  switch (state) {
    case "created":
      return [`${tag}: GitHub Release made: ${url}`];
    case "would-create":
      return [`${tag}: its GitHub Release is missing, and would be made`];
    case "missing":
      return [`${tag}: no GitHub Release: ${why}`];
    case "kept":
      return [];
  }
}
