/**
 * What a command of the command line works with: the host, who is told of events, and how data is printed.
 *
 * @module
 */

import { relative, resolve, sep } from "node:path";
import { Failure } from "../error.ts";
import type { Host } from "../host/host.ts";
import { type SealedHost, sealHost } from "../host/seal_host.ts";
import { failedDocument } from "../report/documents.ts";
import { githubReporter } from "../report/github_reporter.ts";
import { humanReporter, stageTitle, type Verbosity } from "../report/human_reporter.ts";
import { createPalette, type Palette, wantsColour } from "../report/terminal.ts";
import type { Outcome } from "../report/outcome.ts";
import { type Event, type Reporter, type Stage, tee, warningsOf } from "../report/report.ts";
import type { WayOut } from "../report/ways_out.ts";
import { createVault, type Vault } from "../secret/vault.ts";
import { locateConfig } from "./read_config.ts";
import { recoverLoans } from "./recover_loans.ts";
import { cleanEvent } from "./sealed.ts";

/** What a command asks of its host. */
export interface HostWishes {
  readonly cwd?: string | undefined;
  /** Told of every request. */
  readonly emit: (event: Event) => void;
  /** Knows the secrets of the run, which may have several hosts. */
  readonly vault: Vault;
}

/** What the command line takes from its process. */
export interface Invocation {
  /** The words after the program's name. */
  readonly argv: readonly string[];
  /** Makes the host in a folder. */
  readonly makeHost: (options: HostWishes) => Host;
  /** Whether standard error is a terminal. */
  readonly isTTY: boolean;
  /** Knows the secrets of the run; one of the command's own by default. */
  readonly vault?: Vault;
  /** Resolves when nothing is left that could make the command go on, and it has not ended. */
  readonly stalled?: Promise<void>;
}

/** The flags that every command takes. */
export interface CommandLineOptions {
  readonly cwd?: string;
  readonly config?: string;
  readonly json?: boolean;
  readonly quiet?: boolean;
  readonly verbose?: boolean;
  /** False with `--no-color`. */
  readonly color: boolean;
}

/** A command, with its flags; it gives the exit status. */
export type RunCommand<O extends CommandLineOptions> = (
  session: Session,
  options: O,
) => Promise<number>;

/** One command, running. */
export interface Session {
  readonly host: SealedHost;
  readonly palette: Palette;
  readonly verbosity: Verbosity;
  /** Tells everybody who listens. */
  readonly emit: (event: Event) => void;
  /** The stage of the release that it has come to, as people read it. */
  readonly stage: () => string | undefined;
  /** Gives back what killed runs had borrowed, tells it, and has it in the one document of `--json`. */
  readonly recover: () => Promise<void>;
  /** What became of packages, as far as it was told. */
  readonly outcomes: () => readonly Outcome[];
  /** A document as `--json` prints it, with what the command itself does not know of. */
  readonly wholeOf: <D>(document: D) => D;
  /** With `--json`: prints the one document. Without: does nothing. */
  readonly printJson: (document: unknown) => void;
  /** Without `--json`: prints data for people who pipe it. With: does nothing. */
  readonly printText: (text: string) => void;
  readonly close: () => Promise<void>;
}

/** The host of an invocation, sealed. */
export function sealedHost(
  { makeHost, vault = createVault() }: Pick<Invocation, "makeHost" | "vault">,
  { cwd, emit = (): void => {} }: Partial<Pick<HostWishes, "cwd" | "emit">> = {},
): SealedHost {
  const host = makeHost({ cwd, emit, vault });
  return sealHost(host, host.vault ?? vault);
}

/** Opens a session. Everything for people goes to standard error; standard output holds data only. */
export function openSession(invocation: Invocation, options: CommandLineOptions): Session {
  let stage: Stage | undefined;
  const heard: string[] = [];
  const outcomes: Outcome[] = [];
  const emit = (event: Event): void => {
    if (event.type === "stage") stage = event.stage;
    // Before it is rendered: what is cut or broken into lines there may be half a secret.
    const clean = cleanEvent(host.vault, event);
    heard.push(...warningsOf(clean));
    if (clean.type === "outcome") outcomes.push(clean.outcome);
    reporter.emit(clean);
  };
  const host = sealedHost(invocation, { cwd: options.cwd, emit });
  const noColor = !options.color;
  const palette = createPalette(wantsColour({ isTTY: invocation.isTTY, env: host.env, noColor }));
  const verbosity = options.quiet ? "quiet" : options.verbose ? "verbose" : "normal";
  const { root } = locateConfig({ ...options, cwd: host.cwd });
  const reporter = reportersOf(host, { root, palette, verbosity });
  const isJson = options.json ?? false;
  let recovered: readonly string[] = [];
  const wholeOf = <D>(document: D): D => withHeard(document, { recovered, heard });
  return {
    host,
    palette,
    verbosity,
    emit,
    stage: () => stage === undefined ? undefined : stageTitle(stage),
    recover: async () => {
      recovered = await recoverLoans(host, emit);
    },
    outcomes: () => outcomes,
    wholeOf,
    printJson: (document) => {
      if (isJson) host.stdout(`${JSON.stringify(wholeOf(document), null, 2)}\n`);
    },
    printText: (text) => {
      if (!isJson) host.stdout(text);
    },
    close: async () => {
      await reporter.close();
      host.flush();
    },
  };
}

/**
 * Beside what the command itself has to say, where that is an object; every command's is. One that ends with a failure, or
 * that keeps no list of warnings itself, has them all the same.
 */
function withHeard<D>(
  document: D,
  { recovered, heard }: {
    readonly recovered: readonly string[];
    readonly heard: readonly string[];
  },
): D {
  if (typeof document !== "object" || document === null || Array.isArray(document)) return document;
  return {
    ...document,
    ...("warnings" in document || heard.length === 0 ? {} : { warnings: heard }),
    ...(recovered.length === 0 ? {} : { recovered }),
  };
}

/** Who reports: to people, and in a step of GitHub Actions to the runner before them. */
function reportersOf(
  host: Host,
  { root, palette, verbosity }: Pick<Session, "palette" | "verbosity"> & { readonly root: string },
): Reporter {
  const { cwd, env, stderr: write } = host;
  const people = humanReporter({ write, palette, verbosity, folder: wayTo(root, cwd) });
  if (env.GITHUB_ACTIONS !== "true") return people;
  return tee(githubReporter({ write, folder: wayTo(root, env.GITHUB_WORKSPACE || cwd) }), people);
}

/** How a folder is reached from another: empty, or a path with a `/` at its end. */
function wayTo(folder: string, from: string): string {
  const way = relative(resolve(from), folder).replaceAll(sep, "/");
  return way === "" ? "" : `${way}/`;
}

/** The exit status of an error, told to whoever listens; anything but a `Failure` is a bug of ours. */
export function tellError(session: Session, error: unknown): number {
  const document = failedDocument(error);
  if (!(error instanceof Failure)) {
    session.host.stderr(`A bug in putitoutthere, please report it:\n${document.bug}\n`);
    session.printJson(document);
    return 4;
  }
  return tellFailure(session, error);
}

/** The exit status of a failure that ended the command, told to whoever listens, with the ways out that it knows. */
export function tellFailure(
  session: Session,
  failure: Failure,
  waysOut?: readonly WayOut[],
): number {
  session.emit({ type: "failure", failure, ...(waysOut && { waysOut }) });
  const ways = waysOut && { ways_out: waysOut };
  session.printJson({ ...failedDocument(failure), ...ways });
  return failure.code === "PIOT_INTERRUPTED" ? 130 : failure.exitCode;
}
