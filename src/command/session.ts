/**
 * What a command of the command line works with: the host, who hears of events, and how data is printed.
 *
 * @module
 */

import { Failure } from "../error.ts";
import type { Host } from "../host/host.ts";
import { failureDocument } from "../report/failure_document.ts";
import { githubReporter } from "../report/github.ts";
import { humanReporter, type Verbosity } from "../report/human.ts";
import { createPalette, type Palette, wantsColour } from "../report/palette.ts";
import { type Event, type Reporter, tee } from "../report/report.ts";

/** The options that every command takes. */
export interface GlobalOptions {
  readonly config?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  /** False with `--no-color`. */
  readonly color: boolean;
}

/** One command, running. */
export interface Session {
  readonly host: Host;
  readonly palette: Palette;
  readonly verbosity: Verbosity;
  /** Tells everybody who listens. */
  readonly emit: (event: Event) => void;
  /** With `--json`: prints the one document. Without: does nothing. */
  readonly printJson: (document: unknown) => void;
  /** Without `--json`: prints data for people who pipe it. With: does nothing. */
  readonly printText: (text: string) => void;
  readonly close: () => Promise<void>;
}

/** Opens a session. Everything for people goes to standard error; standard output holds data only. */
export function openSession(
  host: Host,
  options: GlobalOptions & { readonly isTTY: boolean },
): Session {
  const { env } = host;
  const palette = createPalette(
    wantsColour({ isTTY: options.isTTY, env, noColor: !options.color }),
  );
  const verbosity = options.quiet ? "quiet" : options.verbose ? "verbose" : "normal";
  const people = humanReporter({ write: host.stderr, palette, verbosity });
  const reporters: Reporter[] = [people];
  if (inActions(host)) reporters.unshift(githubReporter({ write: host.stderr }));
  const reporter = tee(...reporters);
  const isJson = options.json ?? false;
  return {
    host,
    palette,
    verbosity,
    emit: (event) => reporter.emit(event),
    printJson: (document) => {
      if (isJson) host.stdout(`${JSON.stringify(document, null, 2)}\n`);
    },
    printText: (text) => {
      if (!isJson) host.stdout(text);
    },
    close: async () => void await reporter.close(),
  };
}

/** Whether the run is a step of GitHub Actions. */
export function inActions({ env }: Pick<Host, "env">): boolean {
  return env.GITHUB_ACTIONS === "true";
}

/** The exit status of an error, told to whoever listens; anything but a `Failure` is a bug of ours. */
export function tellError(session: Session, error: unknown): number {
  if (!(error instanceof Failure)) {
    const text = error instanceof Error ? error.stack ?? error.message : String(error);
    session.host.stderr(`A bug in putitoutthere, please report it:\n${text}\n`);
    session.printJson({ schema: 1, bug: text });
    return 4;
  }
  session.emit({ type: "failure", failure: error });
  session.printJson({ schema: 1, failure: failureDocument(error) });
  return error.code === "PIOT_INTERRUPTED" ? 130 : error.exitCode;
}
