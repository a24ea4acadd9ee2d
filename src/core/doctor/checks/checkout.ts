/**
 * The checkout that this program works in.
 *
 * @module
 */

import type { Check } from "../check.ts";
import type { DoctorFacts } from "../facts.ts";
import { cannotTell, type Found } from "../finding.ts";
import type { OwnPlace } from "../own_places.ts";
import { isExpression, type Step } from "../workflow.ts";
import { wiredVariable } from "../authorisation.ts";

/** Commands that read the history. */
const READ_HISTORY: ReadonlySet<string | undefined> = new Set([
  "plan",
  "publish",
  "status",
  "reconcile",
  undefined,
]);

/** Whether a step is an action, whatever its version. */
export function usesAction(step: Step, name: string): boolean {
  return step.uses?.text.toLowerCase().startsWith(`${name}@`) === true;
}

/** The checkouts of the job before the step; the last of the top of the repository counts. */
function checkoutBefore({ in: { job }, jobStep }: OwnPlace): Step | undefined {
  const before = job.steps.slice(0, job.steps.indexOf(jobStep));
  return before.filter((step) =>
    usesAction(step, "actions/checkout") && !step.with.has("repository")
  ).at(-1);
}

/** Places whose job is judged here, each job and command once. */
function placesOf({ places }: DoctorFacts): readonly OwnPlace[] | undefined {
  const wanted = places.filter(({ command }) => READ_HISTORY.has(command));
  return wanted.length === 0 ? undefined : wanted;
}

/** There is a work tree. */
export const CHECKOUT: Check = {
  id: "checkout",
  subject: "workflow",
  title: "The repository is checked out before this program runs",
  severity: "failed",
  why: "A job starts with an empty folder: there is no configuration in it, and nothing to tag.",
  mend: "Put `actions/checkout` with `fetch-depth: 0` before it",
  run: (facts) =>
    placesOf(facts)?.filter((place) => checkoutBefore(place) === undefined && !fetchesItself(place))
      .map(({ step, in: { job } }) => ({
        message: `Job "${job.id}" runs this program, and checks nothing out before it`,
        location: step.at,
      })),
};

/** Scripts and actions of the repository may check out by themselves. */
function fetchesItself({ in: { job }, jobStep }: OwnPlace): boolean {
  const before = job.steps.slice(0, job.steps.indexOf(jobStep));
  return before.some(({ run, uses }) =>
    /\bgit\s+(?:clone|init|fetch)\b/.test(run?.text ?? "") || /checkout/i.test(uses?.text ?? "")
  );
}

/** The whole history is there. */
export const WHOLE_HISTORY: Check = {
  id: "whole-history",
  subject: "workflow",
  title: "The checkout has the whole history, with its tags",
  severity: "failed",
  why:
    "Versions come from tags that HEAD descends from. actions/checkout fetches one commit without any unless it is told otherwise, and in such a clone every package looks new.",
  mend: "Give `actions/checkout` `fetch-depth: 0`; `filter: blob:none` keeps it small",
  run: (facts) =>
    placesOf(facts)?.flatMap((place): readonly Found[] => {
      const checkout = checkoutBefore(place);
      if (checkout === undefined) return [];
      const depth = checkout.with.get("fetch-depth");
      if (depth !== undefined && isExpression(depth.text)) {
        return [
          cannotTell(
            `Whether \`fetch-depth: ${depth.text}\` is the whole history is known to a run alone`,
            depth.at,
          ),
        ];
      }
      const script = place.in.job.steps.slice(place.in.job.steps.indexOf(checkout)).some((
        { run },
      ) => /\bgit\s+fetch\b[^\n]*--unshallow/.test(run?.text ?? ""));
      if (depth?.text.trim() === "0" || script) return [];
      const has = depth === undefined ? "one commit, without its tags" : `${depth.text} commits`;
      return [{
        message: `Job "${place.in.job.id}" runs \`${
          place.command ?? "…"
        }\` in a checkout of ${has}`,
        location: depth?.at ?? checkout.at,
      }];
    }),
};

/** Folders come with the history. */
export const NO_TREELESS: Check = {
  id: "no-treeless-clone",
  subject: "workflow",
  title: "The checkout has the folders of earlier commits",
  severity: "failed",
  why:
    "What changed since a tag is read from folders; `filter: tree:0` leaves them out, and the plan ends with PIOT_TREELESS_CLONE.",
  mend: "Use `filter: blob:none`",
  run: (facts) =>
    placesOf(facts)?.flatMap((place) => {
      const filter = checkoutBefore(place)?.with.get("filter");
      return filter !== undefined && /^tree:/.test(filter.text)
        ? [{
          message: `The checkout leaves folders out: \`filter: ${filter.text}\``,
          location: filter.at,
        }]
        : [];
    }),
};

/** The commit that was planned is the one that is published. */
export const SAME_COMMIT: Check = {
  id: "same-commit",
  subject: "workflow",
  title: "The job that publishes checks out the commit of the run, not a branch",
  severity: "failed",
  why:
    "A branch moves on while a release is built: what was built would be published from another commit, and tagged there.",
  mend: "Leave `ref` out, or set it to the plan's output `head`",
  run: (facts) => {
    const places = placesOf(facts)?.filter(({ command }) =>
      command === "publish" || command === undefined
    );
    if (places === undefined || places.length === 0) return undefined;
    return places.flatMap((place): readonly Found[] => {
      const ref = checkoutBefore(place)?.with.get("ref");
      if (ref === undefined || ref.text === "" || /^[0-9a-f]{40}$/.test(ref.text)) return [];
      if (/\.outputs\.head\b|github\.sha|github\.event\.after/.test(ref.text)) return [];
      if (
        isExpression(ref.text) &&
        !/github\.(?:ref_name|ref|head_ref|event\.repository\.default_branch|event\.workflow_run\.head_branch)\b/
          .test(ref.text)
      ) {
        return [cannotTell(`Which commit \`ref: ${ref.text}\` is is known to a run alone`, ref.at)];
      }
      return [{
        message: `The commit that is published is whatever \`${ref.text}\` is by then`,
        location: ref.at,
      }];
    });
  },
};

/** Tags can be pushed. */
export const PUSH_CREDENTIAL: Check = {
  id: "push-credential",
  subject: "workflow",
  title: "The job that publishes has a credential that pushes tags",
  severity: "failed",
  why:
    "Without one the release is out and has no tag: the next run finds it on the registry, and nothing that says where it came from.",
  mend: "Leave `persist-credentials` out, or pass `GITHUB_TOKEN: ${{ github.token }}` to the step",
  run: (facts) => {
    const places = placesOf(facts)?.filter(({ command }) => command === "publish");
    if (places === undefined || places.length === 0) return undefined;
    return places.flatMap((place): readonly Found[] => {
      const persists = checkoutBefore(place)?.with.get("persist-credentials");
      if (persists === undefined || !/^false$/i.test(persists.text) || hasToken(place)) return [];
      return [{
        message: "Tags cannot be pushed: the checkout keeps no credential, and the step gets none",
        location: persists.at,
      }];
    });
  },
};

/** The action passes `github.token` on unless it is told otherwise. */
function hasToken(place: OwnPlace): boolean {
  if (place.step.uses !== undefined) return place.inputs.get("github_token")?.text !== "";
  return ["GITHUB_TOKEN", "GH_TOKEN"].some((name) => wiredVariable(place, name) !== undefined);
}

/** GitHub Releases can be made. */
export const RELEASE_TOKEN: Check = {
  id: "release-token",
  subject: "workflow",
  title: "The step that publishes has a token that makes GitHub Releases",
  severity: "warning",
  why:
    "A script gets no GITHUB_TOKEN by itself, other than the action: tags are pushed with the checkout's credential, and no GitHub Release is made.",
  mend: "Pass `GITHUB_TOKEN: ${{ github.token }}` to the step, or set `github_release = false`",
  run: (facts) => {
    const places = placesOf(facts)?.filter(({ command }) => command === "publish");
    if (places === undefined || places.length === 0) return undefined;
    const wanted = facts.config?.packages.some(({ githubRelease }) => githubRelease) ?? true;
    return places.filter((place) => wanted && !hasToken(place)).map(({ step }) => ({
      message: "No GitHub Release can be made: the step has neither GITHUB_TOKEN nor GH_TOKEN",
      location: step.at,
    }));
  },
};
