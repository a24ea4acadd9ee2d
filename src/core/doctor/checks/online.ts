/**
 * What only registries and GitHub can tell: with `--online` alone.
 *
 * @module
 */

import { rulesOf } from "../../model/kind.ts";
import type { Check } from "../check.ts";
import { type DoctorFacts, publishJobs } from "../facts.ts";
import { cannotTell, type Found } from "../finding.ts";
import type { PackageOnline } from "../online_facts.ts";
import { isExpression, type Placed } from "../workflow.ts";

/** Names are on their registries. */
export const NAMES_TAKEN: Check = {
  id: "names-there",
  subject: "names",
  title: "Every name is on its registry already, those of platform packages too",
  severity: "warning",
  why:
    "A name that is new cannot be trusted yet on crates.io and npm: its first release goes by a token, and a family needs every name of it.",
  mend: "Publish it once with a token, then register this workflow with it",
  run: (facts) => {
    const { online, config } = facts;
    if (online === undefined || config === undefined) return undefined;
    return online.packages.flatMap((one) =>
      one.missing.map((name) => newName(name, { one, facts }))
    );
  },
};

function newName(
  name: string,
  { one: { pkg }, facts }: { readonly one: PackageOnline; readonly facts: DoctorFacts },
): Found {
  const { registry } = rulesOf(facts.config!.kinds, pkg);
  const whose = name === pkg.registryName
    ? ""
    : `, which ${pkg.name} needs for one of its platforms,`;
  const creates = facts.credentials.get(pkg.kind)?.createsByTrust;
  return {
    message: `${registry} does not have "${name}"${whose} yet`,
    location: facts.config!.place(pkg),
    ...(creates === undefined ? {} : { mend: `Register a pending publisher for it: ${creates}` }),
  };
}

/** Environments are deployed to from some branches alone. */
export const ENVIRONMENT_RULES: Check = {
  id: "environment-rules",
  subject: "safety",
  title: "The environment of the job that publishes lets some branches through, not all",
  severity: "warning",
  why:
    "A registry's entry binds a file name and an environment, not a branch: only the environment's own rule keeps a workflow on any other branch from publishing.",
  mend:
    "In the repository's settings, under Environments, let it be deployed to from the main branch alone",
  run: (facts) => {
    const { online } = facts;
    if (online === undefined) return undefined;
    const named = publishJobs(facts).flatMap(({ in: { job } }) => job.environment ?? []).filter((
      { text },
    ) => text !== "" && !isExpression(text));
    return named.flatMap((environment) => judgeEnvironment(environment, facts));
  },
};

function judgeEnvironment({ text: name, at }: Placed, { online }: DoctorFacts): readonly Found[] {
  const rules = online!.environments.get(name);
  if (rules === undefined || rules.state === "unreadable") {
    return [
      cannotTell(
        `Which branches environment ${name} lets through cannot be told: ${
          rules?.why ?? "nobody was asked"
        }`,
        at,
        "Run doctor with a GITHUB_TOKEN that has `actions: read`",
      ),
    ];
  }
  if (rules.state === "absent") {
    return [{
      message:
        `There is no environment ${name}: the first run makes it, and it lets every branch through`,
      location: at,
    }];
  }
  return rules.branches === undefined
    ? [{ message: `Environment ${name} lets every branch through`, location: at }]
    : [];
}
