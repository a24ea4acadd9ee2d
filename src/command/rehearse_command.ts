/**
 * `putitoutthere rehearse`: rehearses, and shows what happened.
 *
 * @module
 */

import { shellWord } from "../core/words/shell_word.ts";
import { failureDocument, outcomeDocument } from "../report/documents.ts";
import { type Rehearsal, rehearse, type ServedRehearsal } from "./rehearse.ts";
import type { RehearsedRun } from "./rehearse/rehearsed_run.ts";
import { timeline } from "./rehearse/timeline.ts";
import type { CommandLineOptions, Session } from "./session.ts";

/** The flags of `rehearse`. */
export interface RehearseCommandOptions extends CommandLineOptions {
  readonly example?: boolean;
  readonly artifacts?: string;
  readonly release?: readonly string[];
  readonly install?: boolean;
  readonly oidc?: boolean;
  readonly stage?: boolean;
  readonly fault?: readonly string[];
  readonly serve?: boolean;
  readonly allowDowngrade?: readonly string[];
}

/** Rehearses and tells. Gives the exit status. */
export async function runRehearse(
  session: Session,
  options: RehearseCommandOptions,
): Promise<number> {
  const { serve: isServed = false, ...asked } = options;
  const rehearsal = await rehearse(session.host, {
    ...asked,
    ...(isServed ? { serve: (served) => serve(session, served) } : {}),
    onEvent: session.emit,
  });
  if (!isServed) print(session, rehearsal);
  return rehearsal.ok ? 0 : 1;
}

function print(
  session: Session,
  rehearsal: Rehearsal,
  clients?: ServedRehearsal["clients"],
): void {
  const document = rehearsalDocument(rehearsal);
  session.printJson(clients === undefined ? document : { ...document, clients });
  session.printText(timeline(rehearsal));
}

/** Prints first, since whoever installs needs to know from where, and lasts until the run is interrupted. */
async function serve(session: Session, { rehearsal, clients }: ServedRehearsal): Promise<void> {
  print(session, rehearsal, clients);
  const lines = [
    "The registries answer until this is interrupted (Ctrl-C). Install from them with:",
    ...clients.map((words) => `  ${words.map(shellWord).join(" ")} NAME`),
  ];
  for (const message of lines) session.emit({ type: "notice", message });
  await interrupted(session.host.signal);
}

/** The longest time that a timer takes. */
const LONG = 2 ** 31 - 1;

/** Servers alone do not keep the process alive, and neither does waiting for a signal: a timer does. */
function interrupted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const timer = setInterval(() => {}, LONG);
    signal.addEventListener("abort", () => {
      clearInterval(timer);
      resolve();
    }, { once: true });
  });
}

/** What `rehearse --json` prints. */
function rehearsalDocument(rehearsal: Rehearsal): object {
  const { repository, plan, artifacts, runs, unmet, held, replanned, installations } = rehearsal;
  const { warnings, problems, ok } = rehearsal;
  const { files, distTags, waiting, strayEntries } = held;
  return {
    schema: 1,
    ok,
    repository,
    head: plan.head,
    artifacts,
    runs: runs.map(runDocument),
    unmet,
    held: { files, dist_tags: distTags, waiting, stray_entries: strayEntries },
    replanned,
    installations,
    warnings,
    problems,
  };
}

function runDocument(run: RehearsedRun): unknown {
  const { outcomes, failure, ...rest } = run;
  const ended = failure === undefined ? {} : { failure: failureDocument(failure) };
  return { packages: outcomes.map(outcomeDocument), ...ended, ...rest };
}
