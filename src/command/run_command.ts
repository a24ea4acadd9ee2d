/**
 * Runs one command of the command line: in a session of its own, with everything that goes wrong told there.
 *
 * @module
 */

import { Failure } from "../error.ts";
import { kindOfPath } from "../host/files.ts";
import type { Host } from "../host/host.ts";
import { stageTitle } from "../report/human_reporter.ts";
import type { Event, Stage } from "../report/report.ts";
import { type GlobalOptions, openSession, type Session, tellError } from "./session.ts";

/** What the command line takes from its process. */
export interface CliParts {
  /** The words after the program's name. */
  readonly argv: readonly string[];
  /** Makes the host in a folder; `emit` hears of every request. */
  readonly makeHost: (options: { cwd?: string | undefined; emit: (event: Event) => void }) => Host;
  /** Whether standard error is a terminal. */
  readonly isTTY: boolean;
  /** The command's name, once it is known. */
  readonly command?: string;
  /** Resolves when nothing is left that could make the command go on, and it has not ended. */
  readonly stalled?: Promise<void>;
}

/** The flags that every command takes. */
export type CommandLineOptions = GlobalOptions & { readonly cwd?: string };

/** A command, ready to run with its flags; it gives the exit status. */
export type Runner<O extends CommandLineOptions> = (parts: CliParts, options: O) => Promise<number>;

/** Makes a command run in a session that is made from its flags. */
export function runnable<O extends CommandLineOptions>(
  command: (session: Session, options: O) => Promise<number>,
): Runner<O> {
  return async (parts, options) => {
    let hear: Session["emit"] = () => {};
    let stage: Stage | undefined;
    const host = parts.makeHost({ cwd: options.cwd, emit: (event) => hear(event) });
    const opened = openSession(host, { ...options, isTTY: parts.isTTY });
    hear = (event) => {
      if (event.type === "stage") stage = event.stage;
      opened.emit(event);
    };
    const session = { ...opened, emit: hear };
    const running = requireFolder(options.cwd).then(() => command(session, options));
    const stall = parts.stalled?.then(() => Promise.reject(stallIn(parts, stage)));
    const status = await Promise.race(stall === undefined ? [running] : [running, stall])
      // Ctrl-C reaches git too, and that git was ended is not what the user wants to hear.
      .catch((error: unknown) =>
        tellError(session, host.signal.aborted ? host.signal.reason : error)
      );
    await session.close();
    return status;
  };
}

/** The failure of a command that waits for what cannot come. */
function stallIn({ command = "the command" }: CliParts, stage: Stage | undefined): Failure {
  const where = stage === undefined ? "" : ` at "${stageTitle(stage)}"`;
  return new Failure(
    "PIOT_STALLED",
    `Cannot go on: ${command} stopped${where}, with nothing left to wait for`,
    {
      hint:
        "This is a bug in putitoutthere, please report it. The same command may be run again from the same commit",
    },
  );
}

/** Throws `PIOT_USAGE` for a `--cwd` that is no folder: everything else would blame what is looked for in it. */
async function requireFolder(cwd: string | undefined): Promise<void> {
  // What else is wrong with it is told by whoever reads there.
  if (cwd === undefined || await kindOfPath(cwd).catch(() => "folder") === "folder") return;
  throw new Failure("PIOT_USAGE", `Cannot run in ${JSON.stringify(cwd)}: there is no such folder`, {
    hint: "Give --cwd a folder that is there",
  });
}

/** Tells what commander says of a wrong command line as a `PIOT_USAGE` failure, and gives the exit status. */
export function tellUsage(parts: CliParts, message: string): number {
  const host = parts.makeHost({ emit: () => {} });
  const session = openSession(host, {
    color: !parts.argv.includes("--no-color"),
    json: parts.argv.includes("--json"),
    isTTY: parts.isTTY,
  });
  const [found = "", guess] = message.replace(/^error: /, "").split("\n");
  const hint = [
    ...(guess === undefined ? [] : [guess.replace(/^\(|\)$/g, "")]),
    "Run with --help for all there is",
  ];
  return tellError(
    session,
    new Failure("PIOT_USAGE", `Cannot run: ${found}`, { hint: hint.join(" ") }),
  );
}
