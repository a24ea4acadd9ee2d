/**
 * The commands that look at how things stand: before a release, and between tags and registries.
 *
 * @module
 */

import type { DoctorCommandOptions } from "../command/doctor_command.ts";
import type { ReconcileCommandOptions } from "../command/reconcile_command.ts";
import type { StatusCommandOptions } from "../command/status_command.ts";
import { addCommand, type Register } from "./add_command.ts";
import { valueFlag } from "./flags.ts";

/** `doctor` */
export const registerDoctor: Register = (program, act) => {
  addCommand(program, "doctor", ["doctor", "doctor --online", "doctor --artifacts dist --json"])
    .description(
      "Say what would keep a release from going well: workflows, trust, manifests, names. Writes nothing.",
    )
    .option("--online", "ask the registries and GitHub, too; nothing is minted or written")
    .addOption(valueFlag(
      "--artifacts [dir]",
      "check what was built, as publishing would (default: artifacts)",
    ))
    .action((options: DoctorCommandOptions) =>
      act(options, async () => (await import("../command/doctor_command.ts")).runDoctor)
    );
};

/** `status` */
export const registerStatus: Register = (program, act) => {
  addCommand(program, "status", ["status", "status core wheel", "status --check --json"])
    .description(
      "Say where every package stands: its last tag, what its registry shows, what ships next.",
    )
    .argument("[names...]", "these packages alone")
    .option("--check", "end with 1 where tags and registries contradict each other")
    .action((names: readonly string[], options: Omit<StatusCommandOptions, "names">) =>
      act(
        { ...options, names },
        async () => (await import("../command/status_command.ts")).runStatus,
      )
    );
};

/** `reconcile` */
export const registerReconcile: Register = (program, act) => {
  addCommand(program, "reconcile", ["reconcile --dry-run", "reconcile core"])
    .description(
      "Write tags that are missing and can be proven to belong to a commit, and missing GitHub Releases.",
    )
    .argument("[names...]", "these packages alone")
    .option("--dry-run", "say what would be written, and write nothing")
    .action((names: readonly string[], options: Omit<ReconcileCommandOptions, "names">) =>
      act(
        { ...options, names },
        async () => (await import("../command/reconcile_command.ts")).runReconcile,
      )
    );
};
