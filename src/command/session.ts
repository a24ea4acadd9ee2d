/**
 * What a command of the command line works with: the host, who hears of events, and how data is printed.
 *
 * @module
 */

import { relative, resolve, sep } from "node:path";
import { Failure } from "../error.ts";
import type { Host } from "../host/host.ts";
import { failureDocument } from "../report/documents.ts";
import { githubReporter } from "../report/github_reporter.ts";
import { humanReporter, type Verbosity } from "../report/human_reporter.ts";
import { createPalette, type Palette, wantsColour } from "../report/terminal.ts";
import { type Event, type Reporter, tee } from "../report/report.ts";
import { locateConfig } from "./read_config.ts";

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
  const { root } = locateConfig({ ...options, cwd: host.cwd });
  const people = humanReporter({
    write: host.stderr,
    palette,
    verbosity,
    folder: wayTo(root, host.cwd),
  });
  const reporters: Reporter[] = [people];
  if (inActions(host)) {
    const folder = wayTo(root, env.GITHUB_WORKSPACE || host.cwd);
    reporters.unshift(githubReporter({ write: host.stderr, folder }));
  }
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

/** How a folder is reached from another: empty, or a path with a `/` at its end. */
function wayTo(folder: string, from: string): string {
  const way = relative(resolve(from), folder).replaceAll(sep, "/");
  return way === "" ? "" : `${way}/`;
}

/** Whether the run is a step of GitHub Actions. */
function inActions({ env }: Pick<Host, "env">): boolean {
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
