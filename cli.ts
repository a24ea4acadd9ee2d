/**
 * The command line: argv in, exit status out. Commands are loaded when they are called.
 *
 * @module
 */

import process from "node:process";
import { Command, CommanderError, Option } from "commander";
import type { InitCommandOptions } from "./src/command/init_command.ts";
import type { PlanCommandOptions } from "./src/command/plan_command.ts";
import type { PublishCommandOptions } from "./src/command/publish_command.ts";
import type { RehearseCommandOptions } from "./src/command/rehearse_command.ts";
import { type GlobalOptions, openSession, type Session, tellError } from "./src/command/session.ts";
import { Failure } from "./src/error.ts";
import { allowClosedPipe } from "./src/host/closed_pipe.ts";
import { createHost } from "./src/host/create_host.ts";
import { kindOfPath } from "./src/host/files.ts";
import type { Host } from "./src/host/host.ts";
import { VERSION } from "./src/host/version.ts";
import type { Event } from "./src/report/report.ts";

/** What the command line takes from its process. */
export interface CliParts {
  /** The words after the program's name. */
  readonly argv: readonly string[];
  /** Makes the host in a folder; `emit` hears of every request. */
  readonly makeHost: (options: { cwd?: string | undefined; emit: (event: Event) => void }) => Host;
  /** Whether standard error is a terminal. */
  readonly isTTY: boolean;
}

/** Sets a command up: its flags, and what it does with them. */
type Register = (program: Command, act: Act) => void;

/** Runs a command in a session that is made from its flags. */
type Act = <O extends CommandLineOptions>(
  options: O,
  command: (session: Session, options: O) => Promise<number>,
) => Promise<void>;

type CommandLineOptions = GlobalOptions & { readonly cwd?: string };

/**
 * Runs one command and gives its exit status: 0 done; 1 the release or the check did not succeed; 2 the input is wrong;
 * 4 a bug of ours; 130 interrupted.
 */
export async function main(parts: CliParts): Promise<number> {
  let status = 0;
  const program = makeProgram(parts, async (options, command) => {
    let hear = (_event: Event): void => {};
    const host = parts.makeHost({ cwd: options.cwd, emit: (event) => hear(event) });
    const session = openSession(host, { ...options, isTTY: parts.isTTY });
    hear = session.emit;
    status = await requireFolder(options.cwd)
      .then(() => command(session, options))
      // Ctrl-C reaches git too, and that git was ended is not what the user wants to hear.
      .catch((error: unknown) =>
        tellError(session, host.signal.aborted ? host.signal.reason : error)
      );
    await session.close();
  });
  try {
    await program.parseAsync([...parts.argv], { from: "user" });
    return status;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return tellUsage(parts, error);
  }
}

/** Throws `PIOT_USAGE` for a `--cwd` that is no folder: everything else would blame what is looked for in it. */
async function requireFolder(cwd: string | undefined): Promise<void> {
  // What else is wrong with it is told by whoever reads there.
  if (cwd === undefined || await kindOfPath(cwd).catch(() => "folder") === "folder") return;
  throw new Failure("PIOT_USAGE", `Cannot run in ${JSON.stringify(cwd)}: there is no such folder`, {
    hint: "Give --cwd a folder that is there",
  });
}

function makeProgram(parts: CliParts, act: Act): Command {
  const { stdout, stderr } = parts.makeHost({ emit: () => {} });
  const program = new Command("putitoutthere")
    .description("Publish the built artifacts of a polyglot repository to crates.io, PyPI and npm.")
    .version(VERSION, "--version", "print the version")
    .helpOption("--help", "show this help")
    .helpCommand(false)
    .exitOverride()
    // What is wrong is told as every other failure is, see tellUsage().
    .configureOutput({ writeOut: stdout, writeErr: stderr, outputError: () => {} });
  for (const register of REGISTERS) register(program, act);
  return program;
}

/** A wrong command line, told as a `PIOT_USAGE` failure; help and version that were asked for are no failure. */
function tellUsage(parts: CliParts, error: CommanderError): number {
  if (error.exitCode === 0) return 0;
  if (error.code === "commander.help") return 2;
  const host = parts.makeHost({ emit: () => {} });
  const session = openSession(host, {
    color: !parts.argv.includes("--no-color"),
    json: parts.argv.includes("--json"),
    isTTY: parts.isTTY,
  });
  const [found = "", guess] = error.message.replace(/^error: /, "").split("\n");
  const hint = [
    ...(guess === undefined ? [] : [guess.replace(/^\(|\)$/g, "")]),
    "Run with --help for all there is",
  ];
  return tellError(
    session,
    new Failure("PIOT_USAGE", `Cannot run: ${found}`, { hint: hint.join(" ") }),
  );
}

/** A command with the flags that every command takes. */
function addCommand(program: Command, name: string): Command {
  return program.command(name)
    .helpOption("--help", "show this help")
    .option("--cwd <dir>", "run as if started in this folder")
    .option("--config <file>", "the configuration file (default: putitoutthere.toml)")
    .option("--json", "print one JSON document to standard output, and nothing else")
    .option("--quiet", "say only warnings, errors and the end")
    .option("--verbose", "say every file and every request too")
    .option("--no-color", "do not colour what is said");
}

function collect(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}

const RELEASE =
  "release exactly this: name, name@minor, name@1.4.0, comma-separated; or JSON, a JSON file, - (repeatable)";

const registerInit: Register = (program, act) => {
  addCommand(program, "init")
    .description(
      "Write putitoutthere.toml from the manifests of this folder, and say what to do next.",
    )
    .option("--force", "replace the file when it is there: what it says is lost")
    .action((options: InitCommandOptions) =>
      act(options, async (session) => {
        const { initCommand } = await import("./src/command/init_command.ts");
        return await initCommand(session, options);
      })
    );
};

const registerPlan: Register = (program, act) => {
  addCommand(program, "plan")
    .description(
      "Say which packages ship on this commit, at what version and why. No network, nothing is written.",
    )
    .addOption(
      new Option("--matrix", "print the build matrix's rows as a JSON array")
        .conflicts(["explain", "graph"]),
    )
    .option("--release <what>", RELEASE, collect)
    .option("--at <ref>", "plan at this commit instead of HEAD")
    .addOption(
      new Option("--explain <name>", "say why one package ships, or why it does not")
        .conflicts("graph"),
    )
    .addOption(
      new Option("--graph <language>", "draw why each package ships")
        .choices(["mermaid", "dot"])
        .conflicts("json"),
    )
    .action((options: PlanCommandOptions) =>
      act(options, async (session) => {
        const { planCommand } = await import("./src/command/plan_command.ts");
        return await planCommand(session, options);
      })
    );
};

const registerPublish: Register = (program, act) => {
  addCommand(program, "publish")
    .description(
      "Publish what was built: verify, upload what is absent, tag, announce. Safe to run again at any time.",
    )
    .option("--artifacts <dir>", "where the built artifacts are (default: artifacts)")
    .option(
      "--plan <file>",
      "publish this plan, as `plan --json` printed it: a file, JSON, or - for standard input",
    )
    .option("--release <what>", RELEASE, collect)
    .option("--dry-run", "do everything that comes before the first upload, and stop")
    .option("--require-work", "fail when nothing is planned")
    .option("--oidc-only", "never use a token in place of trusted publishing (npm)")
    .action((options: PublishCommandOptions) =>
      act(options, async (session) => {
        const { publishCommand } = await import("./src/command/publish_command.ts");
        return await publishCommand(session, options);
      })
    );
};

const registerRehearse: Register = (program, act) => {
  addCommand(program, "rehearse")
    .description(
      "Release for real, to registries on this machine: no credentials, no network, nothing changed here.",
    )
    .option("--example", "rehearse a small polyglot repository instead of this one")
    .option("--artifacts <dir>", "built artifacts; what is missing is synthesised to the contract")
    .option("--release <what>", RELEASE, collect)
    .option(
      "--fault <where:how>",
      "break one request of the first run, and show the recovery: npm-upload:lost-after; repeatable",
      collect,
    )
    .option("--install", "install what was published with cargo, pip and npm, where they are")
    .option("--oidc", "be a CI job that npm trusts: no token for packages that exist, provenance")
    .option("--stage", "be such a job that may only stage: versions wait for approval, and get it")
    .action((options: RehearseCommandOptions) =>
      act(options, async (session) => {
        const { rehearseCommand } = await import("./src/command/rehearse_command.ts");
        return await rehearseCommand(session, options);
      })
    );
};

const registerSchema: Register = (program, act) => {
  addCommand(program, "schema")
    .description("Print the JSON Schema of putitoutthere.toml, for editors.")
    .action((options: CommandLineOptions) =>
      act(options, async ({ host }) => {
        const { configJsonSchema } = await import("./src/core/config_schema.ts");
        host.stdout(`${JSON.stringify(configJsonSchema(), null, 2)}\n`);
        return 0;
      })
    );
};

/** The commands, in the order in which they are met. */
const REGISTERS: readonly Register[] = [
  registerInit,
  registerPlan,
  registerPublish,
  registerRehearse,
  registerSchema,
];

/** Runs the command line of this very process, and leaves the exit status with it. */
export async function runCli(): Promise<void> {
  const interruption = new AbortController();
  const interrupt = (signal: string): void => {
    const message = `Cannot go on: the run was interrupted (${signal})`;
    const hint =
      "Run the same command again from the same commit: it goes on where this one stopped";
    interruption.abort(new Failure("PIOT_INTERRUPTED", message, { hint }));
  };
  for (const stream of [process.stdout, process.stderr]) allowClosedPipe(stream);
  // Once: the second signal ends the process as it would any other.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, interrupt);
  process.exitCode = await main({
    argv: process.argv.slice(2),
    isTTY: process.stderr.isTTY ?? false,
    makeHost: ({ cwd, emit }) =>
      createHost({
        ...(cwd === undefined ? {} : { cwd }),
        signal: interruption.signal,
        onAnswer: (answer) => emit({ type: "request", ...answer }),
      }),
  });
}

// True where a runtime knows of it and this file is what it was started with.
if ((import.meta as { main?: boolean }).main === true) await runCli();
