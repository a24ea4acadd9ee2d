/**
 * Runs one command of the command line: in a session of its own, with everything that goes wrong told there.
 *
 * @module
 */

import { Failure } from "../error.ts";
import { kindOfPath } from "../host/files.ts";
import type { Host } from "../host/host.ts";
import type { Event } from "../report/report.ts";
import { type GlobalOptions, openSession, type Session, tellError } from "./session.ts";

/** What the command line takes from its process. */
export interface CliParts {
  /** The words after the program's name. */
  readonly argv: readonly string[];
  /** Makes the host in a folder; `emit` hears of every request. */
  readonly makeHost: (options: { cwd?: string | undefined; emit: (event: Event) => void }) => Host;
  /** Whether standard error is a terminal. */
  readonly isTTY: boolean;
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
    const host = parts.makeHost({ cwd: options.cwd, emit: (event) => hear(event) });
    const session = openSession(host, { ...options, isTTY: parts.isTTY });
    hear = session.emit;
    const status = await requireFolder(options.cwd)
      .then(() => command(session, options))
      // Ctrl-C reaches git too, and that git was ended is not what the user wants to hear.
      .catch((error: unknown) =>
        tellError(session, host.signal.aborted ? host.signal.reason : error)
      );
    await session.close();
    return status;
  };
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
