/**
 * The commands with their flags. What a command does is loaded when it is called.
 *
 * @module
 */

import { type Command, Option } from "commander";
import type { CheckCommandOptions } from "../command/check_command.ts";
import type { InitCommandOptions } from "../command/init_command.ts";
import type { PlanCommandOptions } from "../command/plan.ts";
import type { PublishCommandOptions } from "../command/publish_command.ts";
import type { RehearseCommandOptions } from "../command/rehearse_command.ts";
import type { SetVersionCommandOptions } from "../command/set_version_command.ts";
import type { CommandLineOptions } from "../command/session.ts";
import { didYouMean } from "../core/words/phrases.ts";
import { type Act, addCommand, type Register } from "./add_command.ts";
import { choiceFlag, listFlag, valueFlag } from "./flags.ts";
import { registerDoctor, registerReconcile, registerStatus } from "./register_standing.ts";

/** Sets all commands up, in the order in which they are met. */
export function registerCommands(program: Command, act: Act): void {
  const all = [
    registerInit,
    registerCheck,
    registerPlan,
    registerDoctor,
    registerStatus,
    registerReconcile,
    registerPublish,
    registerRehearse,
    registerSetVersion,
    registerSchema,
    registerHelp,
  ];
  for (const register of all) register(program, act);
}

const RELEASE =
  "release exactly this: name, name@minor, name@1.4.0, comma-separated; or JSON, a JSON file, -";

const registerInit: Register = (program, act) => {
  addCommand(program, "init", ["init", "init --cadence scheduled", "init --dry-run"])
    .description(
      "Write putitoutthere.toml and the workflows of a release, from the manifests of this folder.",
    )
    .addOption(choiceFlag(
      "--cadence <when>",
      "release at every push to the main branch, or by a timetable",
      ["immediate", "scheduled"],
    ))
    .option("--force", "replace files that say something else: they are kept beside as .bak")
    .option("--dry-run", "write nothing, and say what would be written")
    .action((options: InitCommandOptions) =>
      act(options, async () => (await import("../command/init_command.ts")).runInit)
    );
};

const registerCheck: Register = (program, act) => {
  addCommand(program, "check", ["check", "check --config release/putitoutthere.toml --json"])
    .description("Read putitoutthere.toml and say everything that is wrong with it. Needs no git.")
    .action((options: CheckCommandOptions) =>
      act(options, async () => (await import("../command/check_command.ts")).runCheck)
    );
};

const registerPlan: Register = (program, act) => {
  addCommand(program, "plan", [
    "plan",
    "plan --release core@minor --explain core",
    "plan --graph mermaid",
  ])
    .description(
      "Say which packages ship on this commit, at what version and why. No network, nothing is written.",
    )
    .addOption(
      new Option("--matrix", "print the build matrix's rows as a JSON array")
        .conflicts(["explain", "graph"]),
    )
    .addOption(listFlag("--release <what>", RELEASE))
    .addOption(valueFlag("--at <ref>", "plan at this commit instead of HEAD"))
    .addOption(
      valueFlag(
        "--recover <run>",
        "plan the commit of this earlier run, which has built it (asks GitHub)",
      ).conflicts("at"),
    )
    .option("--dry-run", "change nothing: plan never writes anything, so this is how it is anyway")
    .addOption(
      valueFlag("--explain <name>", "say why one package ships, or why it does not")
        .conflicts("graph"),
    )
    .addOption(
      choiceFlag("--graph <language>", "draw why each package ships", ["mermaid", "dot"])
        .conflicts("json"),
    )
    .action((options: PlanCommandOptions) =>
      act(options, async () => (await import("../command/plan.ts")).runPlan)
    );
};

const registerPublish: Register = (program, act) => {
  addCommand(program, "publish", [
    "publish --dry-run",
    "publish --artifacts artifacts --plan plan.json",
    "publish --release core@1.4.0",
  ])
    .description(
      "Publish what was built: verify, upload what is absent, tag, announce. Safe to run again at any time.",
    )
    .addOption(
      valueFlag("--artifacts <dir>", "where the built artifacts are (default: artifacts)"),
    )
    .addOption(valueFlag(
      "--plan <file>",
      "publish this plan, as `plan --json` printed it: a file, JSON, or - for standard input",
    ))
    .addOption(listFlag("--release <what>", RELEASE))
    .addOption(valueFlag(
      "--recover <run>",
      "publish what this earlier run of the workflow built (asks GitHub whose work it is)",
    ))
    .option("--dry-run", "do everything that comes before the first upload, and stop")
    .option("--require-work", "fail when nothing is planned")
    .option("--oidc-only", "never use a token in place of trusted publishing, on any registry")
    .addOption(listFlag(
      "--allow-downgrade <name>",
      "let this package show less evidence of its origin than the version before it",
    ))
    .action((options: PublishCommandOptions) =>
      act(options, async () => (await import("../command/publish_command.ts")).runPublish)
    );
};

const registerRehearse: Register = (program, act) => {
  addCommand(program, "rehearse", [
    "rehearse --example",
    "rehearse --artifacts artifacts --install",
    "rehearse --fault npm-upload:lost-after",
  ])
    .description(
      "Release for real, to registries on this machine: no credentials, nothing changed here or elsewhere.",
    )
    .addOption(
      new Option("--example", "rehearse a small polyglot repository instead of this one")
        .conflicts(["config", "artifacts"]),
    )
    .addOption(
      valueFlag(
        "--artifacts <dir>",
        "built artifacts; what is missing is synthesised to the contract",
      ),
    )
    .addOption(listFlag("--release <what>", RELEASE))
    .addOption(listFlag(
      "--fault <where:how>",
      "break one request of the first run, and show the recovery: npm-upload:lost-after",
    ))
    .addOption(listFlag(
      "--allow-downgrade <name>",
      "let this package show less evidence of its origin than the version before it",
    ))
    .option("--install", "install what was published with cargo, pip and npm, where they are")
    .option(
      "--oidc",
      "be a CI job that the registries trust: no token for packages that exist, provenance",
    )
    .option("--stage", "be such a job that may only stage: versions wait for approval, and get it")
    .option("--serve", "keep the registries up afterwards, and say how to install from them")
    .action((options: RehearseCommandOptions) =>
      act(options, async () => (await import("../command/rehearse_command.ts")).runRehearse)
    );
};

const registerSetVersion: Register = (program, act) => {
  addCommand(program, "set-version", [
    "set-version core 1.4.0",
    "set-version --plan plan.json",
  ])
    .description(
      "Write planned versions into manifests, in the job that builds. The files stay changed.",
    )
    .argument("[name-and-version...]", "a package by its name, and its version")
    .addOption(
      valueFlag("--row <json>", "the package and the version of this row of the matrix"),
    )
    .addOption(valueFlag(
      "--plan <file>",
      "everything that ships in this plan, as `plan --json` printed it: a file, JSON, or -",
    ))
    .addOption(valueFlag("--kind <kind>", "of the plan, packages of this kind alone"))
    .action((words: readonly string[], options: Omit<SetVersionCommandOptions, "words">) =>
      act(
        { ...options, words },
        async () => (await import("../command/set_version_command.ts")).runSetVersion,
      )
    );
};

const registerSchema: Register = (program, act) => {
  addCommand(program, "schema", ["schema"])
    .description("Print the JSON Schema of putitoutthere.toml, for editors.")
    .action((options: CommandLineOptions) =>
      act(options, async () => (await import("../command/schema_command.ts")).runSchema)
    );
};

const registerHelp: Register = (program) => {
  program.command("help")
    .helpOption("-h, --help", "show this help")
    .description("Show the help of a command.")
    .argument("[command]", "one of the commands")
    .action((name?: string) => {
      const asked = program.commands.find((command) => command.name() === name);
      if (name !== undefined && asked === undefined) {
        const [guess] = didYouMean(name, program.commands.map((command) => command.name()));
        program.error([`unknown command '${name}'`, guess ?? []].flat().join("\n"));
      }
      (asked ?? program).outputHelp();
    });
};
