/**
 * Whether anything publishes at all.
 *
 * @module
 */

import type { Location } from "../../../error.ts";
import type { Check } from "../check.ts";
import { type DoctorFacts, publishJobs, publishPlaces } from "../facts.ts";
import { cannotTell, type Found } from "../finding.ts";

/** Some workflow publishes. */
export const PUBLISH_JOB: Check = {
  id: "publish-job",
  subject: "trust",
  title: "Some workflow publishes, and its step is not commented out",
  severity: "failed",
  why: "Nothing is ever released, and every run stays green.",
  mend:
    "Run `putitoutthere init`, or add a job whose last step is the action with `command: publish`",
  run: (facts) => {
    const places = publishPlaces(facts);
    if (places.some(({ command, dryRun }) => command === "publish" && dryRun === "no")) return [];
    const [maybe] = places;
    if (maybe !== undefined) {
      const what = maybe.command === undefined
        ? "which command it runs"
        : "whether it is a dry run";
      return [
        cannotTell(
          `This step may publish: ${what} is known to its run alone`,
          maybe.step.at,
          NAME_IT,
        ),
      ];
    }
    const comment = commentedOut(facts);
    if (comment !== undefined) {
      return [{
        message: "The step that publishes is commented out",
        mend: "Remove the `#` in front of it",
        location: comment,
      }];
    }
    const [call] = facts.unfollowed;
    if (call !== undefined) return [cannotTell(foreign(call.uses.text), call.uses.at)];
    const broken = facts.files.find(({ workflow }) => workflow === undefined);
    if (broken !== undefined) {
      return [
        cannotTell(`No readable workflow publishes, and ${broken.file} cannot be read`, {
          file: broken.file,
        }, "Mend that file, then run doctor again"),
      ];
    }
    return [nothing(facts)];
  },
};

const NAME_IT = "Write `command: publish` and the condition into the step's or the job's `if:`";

function foreign(uses: string): string {
  return `No workflow here publishes; whether "${uses}" does cannot be told, since it is in another repository`;
}

function nothing({ places, files }: DoctorFacts): Found {
  const dry = places.find(({ command, dryRun }) => command === "publish" && dryRun === "yes");
  if (dry !== undefined) {
    return {
      message: "The only step that publishes is a dry run",
      location: dry.step.at,
      mend: "Remove `dry_run`, or let it depend on an input",
    };
  }
  const where = files.length === 0
    ? "There is no workflow in .github/workflows"
    : `None of the ${files.length} workflows publishes`;
  return { message: where };
}

/** A line of a workflow that names this program behind a `#`; with the command near it. */
function commentedOut({ files }: DoctorFacts): Location | undefined {
  for (const { file, workflow } of files) {
    const lines = workflow?.source.split(/\r?\n/) ?? [];
    const at = lines.findIndex((line, index) =>
      /^\s*#.*\b(?:putitoutthere|piot)\b/i.test(line) &&
      lines.slice(index, index + 6).filter((near) => /^\s*#/.test(near)).some((near) =>
        /\bpublish\b/.test(near)
      ) &&
      /^\s*#\s*(?:-\s*)?(?:uses|run|npx|deno|piot|putitoutthere)\b/.test(line)
    );
    if (at >= 0) {
      return { file, line: at + 1, column: lines[at]!.indexOf("#") + 1, excerpt: lines[at]! };
    }
  }
  return undefined;
}

/** The job and the step are not switched off. */
export const PUBLISH_REACHABLE: Check = {
  id: "publish-reachable",
  subject: "trust",
  title: "No condition switches the publishing step off for good",
  severity: "failed",
  why: "A skipped job and a skipped step are green: nothing is released, and nobody is told.",
  mend: "Remove the condition, or make it one that can be true",
  run: (facts) => {
    const jobs = publishJobs(facts);
    if (jobs.length === 0) return undefined;
    return jobs.flatMap(({ chain, step, jobStep }) => {
      const conditions = [...chain.map(({ job }) => job.if), jobStep.if, step.if];
      return [...new Set(conditions)].flatMap((condition) => {
        if (condition === undefined || !isNever(condition.text)) return [];
        return [{
          message: `This condition is never true: \`${condition.text}\``,
          location: condition.at,
        }];
      });
    });
  },
};

function isNever(condition: string): boolean {
  return /^(?:\$\{\{)?\s*(?:false|0|''|null)\s*(?:\}\})?$/.test(condition.trim()) &&
    condition.trim() !== "";
}
