/**
 * The commands with their flags. What a command does is loaded when it is called.
 *
 * @module
 */

import { type Command, Option } from "commander";
import type { InitCommandOptions } from "../command/init_command.ts";
import type { PlanCommandOptions } from "../command/plan.ts";
import type { PublishCommandOptions } from "../command/publish_command.ts";
import type { RehearseCommandOptions } from "../command/rehearse_command.ts";
import type { SetVersionCommandOptions } from "../command/set_version_command.ts";
import type { CommandLineOptions, RunCommand } from "../command/session.ts";

/** Loads a command and runs it with its flags. */
export type Act = <O extends CommandLineOptions>(
  options: O,
  load: () => Promise<RunCommand<O>>,
) => Promise<void>;

/** Sets a command up: its flags, and what it does with them. */
type Register = (program: Command, act: Act) => void;

/** Sets all commands up, in the order in which they are met. */
export function registerCommands(program: Command, act: Act): void {
  const all = [
    ...[registerInit, registerPlan, registerPublish, registerRehearse, registerSetVersion],
    registerSchema,
  ];
  for (const register of all) register(program, act);
}

/** A command with the flags that every command takes. */
function addCommand(program: Command, name: string): Command {
  return program.command(name)
    .helpOption("--help", "show this help")
    .option(
      "--cwd <dir>",
      "run as if started in this folder: the paths of the configuration start here",
    )
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
      act(options, async () => (await import("../command/init_command.ts")).runInit)
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
    .option("--dry-run", "change nothing: plan never writes anything, so this is how it is anyway")
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
      act(options, async () => (await import("../command/plan.ts")).runPlan)
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
    .option("--oidc-only", "never use a token in place of trusted publishing, on any registry")
    .option(
      "--allow-downgrade <name>",
      "let this package show less evidence of its origin than the version before it; repeatable",
      collect,
    )
    .action((options: PublishCommandOptions) =>
      act(options, async () => (await import("../command/publish_command.ts")).runPublish)
    );
};

const registerRehearse: Register = (program, act) => {
  addCommand(program, "rehearse")
    .description(
      "Release for real, to registries on this machine: no credentials, nothing changed here or elsewhere.",
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
      act(options, async () => (await import("../command/rehearse_command.ts")).runRehearse)
    );
};

const registerSetVersion: Register = (program, act) => {
  addCommand(program, "set-version")
    .description(
      "Write planned versions into manifests, in the job that builds. The files stay changed.",
    )
    .argument("[name-and-version...]", "a package by its name, and its version")
    .option("--row <json>", "the package and the version of this row of the matrix")
    .option(
      "--plan <file>",
      "everything that ships in this plan, as `plan --json` printed it: a file, JSON, or -",
    )
    .action((words: readonly string[], options: Omit<SetVersionCommandOptions, "words">) =>
      act(
        { ...options, words },
        async () => (await import("../command/set_version_command.ts")).runSetVersion,
      )
    );
};

const registerSchema: Register = (program, act) => {
  addCommand(program, "schema")
    .description("Print the JSON Schema of putitoutthere.toml, for editors.")
    .action((options: CommandLineOptions) =>
      act(options, async () => (await import("../command/schema_command.ts")).runSchema)
    );
};
