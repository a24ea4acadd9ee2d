/**
 * What runs beside the step that publishes: all of it could publish too.
 *
 * @module
 */

import type { Check } from "../check.ts";
import { type DoctorFacts, publishJobs } from "../facts.ts";
import type { Found } from "../finding.ts";
import { isOfficialAction, ownCommand } from "../own_command.ts";
import type { PlacedJob } from "../own_places.ts";
import { simpleCommands } from "../own_command.ts";
import type { Step } from "../workflow.ts";

/** Steps of the jobs that publish, each once. */
function besides(
  facts: DoctorFacts,
  judge: (step: Step, job: PlacedJob) => readonly Found[],
): readonly Found[] | undefined {
  const jobs = publishJobs(facts);
  if (jobs.length === 0) return undefined;
  const own = [...new Map(jobs.map((place) => [place.in.job, place.in])).values()];
  return own.flatMap((placed) => placed.job.steps.flatMap((step) => judge(step, placed)));
}

const INSTALLS: readonly RegExp[] = [
  /^(?:npm|pnpm|yarn|bun) (?:ci|i|install|add|up|update)\b/,
  /^(?:yarn|pnpm|bun)$/,
  /^(?:sudo )?(?:pip3?|pipx|uv pip|python3? -m pip|poetry|uv|conda|mamba|cargo|gem|go|deno|brew|apt|apt-get) (?:install|add|sync|get|binstall)\b/,
];
const BUILDS =
  /^(?:(?:cargo|npm run|pnpm|yarn|bun run|make|just|poetry|uv|hatch|deno task) (?:build|run build|prepare|compile|dist)\b|(?:python3? -m )?build\b|maturin\b|cibuildwheel\b|make$|npx (?:tsc|napi|tsup|vite|rollup|webpack)\b|tsc\b)/;

function scriptLines(step: Step): readonly string[] {
  return step.run === undefined
    ? []
    : simpleCommands(step.run.text).map((words) => words.join(" "));
}

/** Nothing is installed there. */
export const NO_INSTALLS: Check = {
  id: "no-installs",
  subject: "safety",
  title: "Nothing is installed in the job that publishes",
  severity: "warning",
  why:
    "Whatever is installed runs where the identity is: one package that was taken over is enough to publish all of yours. Publishing needs no npm, twine or setup of them.",
  mend: "Install and build in a job without `id-token: write`, and hand the files on as artifacts",
  run: (facts) =>
    besides(facts, (step, { job }) => {
      const piped = /\b(?:curl|wget)\b[^\n]*\|\s*(?:sudo\s+)?(?:ba|z)?sh\b/.exec(
        step.run?.text ?? "",
      );
      const line = piped?.[0] ?? scriptLines(step).find((line) =>
        INSTALLS.some((pattern) => pattern.test(line)) &&
        !/\bnpm (?:i|install)\b.*\bnpm@/.test(line)
      );
      return line === undefined ? [] : [{
        message: `Job "${job.id}" publishes, and installs: \`${short(line)}\``,
        location: step.run!.at,
      }];
    }),
};

function short(line: string): string {
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}

/** npm needs no newer version. */
export const NO_NPM_UPGRADE: Check = {
  id: "no-npm-upgrade",
  subject: "workflow",
  title: "No npm is upgraded for the sake of publishing",
  severity: "warning",
  why:
    "Trusted publishing with npm's own client needs npm 11.5.1 and Node 22.14; this program sends what npm would, on any Node from 20 on.",
  mend: "Remove the step",
  run: (facts) =>
    besides(facts, (step) => {
      const line = scriptLines(step).find((line) =>
        /\bnpm (?:i|install)\b.*\bnpm@/.test(line) || /\bcorepack\b/.test(line)
      );
      return line === undefined ? [] : [{
        message: `This is for npm's own client, which does not publish here: \`${short(line)}\``,
        location: step.run!.at,
      }];
    }),
};

/** Nothing is built there. */
export const NO_BUILDS: Check = {
  id: "no-builds",
  subject: "safety",
  title: "Nothing is built in the job that publishes",
  severity: "warning",
  why:
    "A build runs code of every dependency, where the identity is. And built once more, files differ from those that were tested.",
  mend: "Build in a job of its own, and download what it made",
  run: (facts) =>
    besides(facts, (step, { job }) => {
      const line = scriptLines(step).find((line) => BUILDS.test(line));
      return line === undefined ? [] : [{
        message: `Job "${job.id}" publishes, and builds: \`${short(line)}\``,
        location: step.run!.at,
      }];
    }),
};

/** No cache is restored there. */
export const NO_CACHES: Check = {
  id: "no-caches",
  subject: "safety",
  title: "No cache is restored in the job that publishes",
  severity: "warning",
  why:
    "Any branch that runs on the default branch's behalf may write a cache that a later job restores: what is in it runs where the identity is.",
  mend: "Remove the cache from this job; `package-manager-cache: false` for actions/setup-node",
  run: (facts) =>
    besides(facts, (step, { job }) => {
      const uses = step.uses?.text ?? "";
      const caches =
        /^(?:actions\/cache(?:\/restore)?|swatinem\/rust-cache|mozilla-actions\/sccache-action)@/i
          .test(uses) ||
        (/^actions\/setup-(?:node|python|go|java)@/i.test(uses) &&
          isOn(step.with.get("cache")?.text)) ||
        (/^astral-sh\/setup-uv@/i.test(uses) &&
          isOn(step.with.get("enable-cache")?.text ?? "auto"));
      return caches
        ? [{
          message: `Job "${job.id}" publishes, and restores a cache: ${uses}`,
          location: step.uses!.at,
        }]
        : [];
    }),
};

function isOn(value: string | undefined): boolean {
  return value !== undefined && value !== "" && !/^false$/i.test(value);
}

/** Nobody else's actions run there. */
export const NO_STRANGERS: Check = {
  id: "no-third-party",
  subject: "safety",
  title: "No action of third parties runs in the job that publishes",
  severity: "warning",
  why: "An action has the rights of its job: it could ask for the identity and publish.",
  mend: "Move it to a job without `id-token: write`",
  run: (facts) =>
    besides(facts, (step, { job }) => {
      const uses = step.uses?.text ?? "";
      if (
        uses === "" || /^(?:actions|github)\//i.test(uses) || /^(?:\.|\$)\//.test(uses) ||
        isOfficialAction(uses)
      ) return [];
      const instead = OTHER_PUBLISHERS.find(([pattern]) => pattern.test(uses))?.[1];
      return [{
        message: `Job "${job.id}" publishes, and runs ${uses}`,
        location: step.uses!.at,
        ...(instead === undefined ? {} : { mend: instead }),
      }];
    }),
};

const OTHER_PUBLISHERS: readonly (readonly [RegExp, string])[] = [
  [/^pypa\/gh-action-pypi-publish/i, "Remove it: this program uploads to PyPI, with attestations"],
  [
    /^rust-lang\/crates-io-auth-action/i,
    "Remove it: this program exchanges the job's identity by itself",
  ],
  [/^js-devtools\/npm-publish/i, "Remove it: this program publishes to npm, with provenance"],
];

/** A crate that is named, and is none of those that are declared. */
function isOfOthers(line: string, { config }: DoctorFacts): boolean {
  const name = /(?:^|\s)(?:-p|--package)[ =](\S+)/.exec(line)?.[1];
  return name !== undefined && config?.packages.some((pkg) => pkg.registryName === name) === false;
}

/** Nothing else publishes there. */
export const ONE_PUBLISHER: Check = {
  id: "one-publisher",
  subject: "workflow",
  title: "Nothing else publishes the same packages",
  severity: "warning",
  why:
    "Two programs publish the same version from different files; whoever comes second fails, or leaves half of it.",
  mend: "Remove it, or the package from putitoutthere.toml",
  run: (facts) => {
    const tops = [...new Set(publishJobs(facts).map(({ top }) => top.workflow))];
    if (tops.length === 0) return undefined;
    return tops.flatMap(({ jobs }) =>
      jobs.flatMap(({ steps }) =>
        steps.flatMap((step): readonly Found[] => {
          if (ownCommand(step) !== undefined) return [];
          const line = scriptLines(step).find((line) =>
            /^(?:cargo publish|npm publish|pnpm (?:-r )?publish|yarn npm publish|twine upload|uv publish|poetry publish|maturin (?:publish|upload)|hatch publish|npx changeset publish|cargo release)\b/
              .test(line) && !/--dry-run/.test(line) && !isOfOthers(line, facts)
          );
          return line === undefined
            ? []
            : [{ message: `This publishes too: \`${short(line)}\``, location: step.run!.at }];
        })
      )
    );
  },
};
