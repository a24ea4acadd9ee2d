/**
 * Phase 2: what `[package.trust_policy]` declares, against the workflow files, and in Actions against the one that runs.
 *
 * @module
 */

import type { Package, TrustPolicy } from "../../model/package.ts";
import type { DeclaredConfig, DoctorFacts } from "../facts.ts";
import { publishJobs } from "../facts.ts";
import { cannotTell, type Found, worstOf } from "../finding.ts";
import type { OwnPlace } from "../own_places.ts";
import { bareName, isExpression } from "../workflow.ts";
import { type Phase, PHASES } from "./phase.ts";

/** A package with what it declares. */
export interface DeclaredPolicy {
  readonly pkg: Package;
  readonly policy: TrustPolicy;
}

/** Packages that declare a policy. */
export function declaredPolicies(config: DeclaredConfig | undefined): readonly DeclaredPolicy[] {
  return (config?.packages ?? []).flatMap((pkg) =>
    pkg.trustPolicy === undefined ? [] : [{ pkg, policy: pkg.trustPolicy }]
  );
}

/** Compares. Without a declaration there is one neutral line. */
export function declaredPhase(facts: DoctorFacts): Phase {
  const { config } = facts;
  const declared = declaredPolicies(config);
  const name = PHASES.declared;
  if (config === undefined) {
    return { name, verdict: "neutral", line: "the configuration does not load", found: [] };
  }
  if (declared.length === 0) {
    return { name, verdict: "neutral", line: "no package declares a trust_policy", found: [] };
  }
  const found = declared.flatMap((one) => judgePolicy(one, { facts, config }));
  const others = undeclaredFiles(facts, declared);
  const all = [...found, ...others];
  const verdict = worstOf(all.map(({ weight = "failed" }) => ({ weight }))) ?? "passed";
  const files = [...new Set(declared.map(({ policy }) => tellPolicy(policy)))].join(", ");
  const line = verdict === "passed" ? `${files}, as the workflows have it` : all[0]!.message;
  return { name, verdict, line, found: all };
}

/** A policy in words: `release.yml in environment release`. */
export function tellPolicy({ workflow, environment, repository }: TrustPolicy): string {
  const place = environment === undefined ? "" : ` in environment ${environment}`;
  return `${workflow}${place}${repository === undefined ? "" : ` of ${repository}`}`;
}

interface Context {
  readonly facts: DoctorFacts;
  readonly config: DeclaredConfig;
}

function judgePolicy(
  { pkg, policy }: DeclaredPolicy,
  { facts, config }: Context,
): readonly Found[] {
  const at = (key: string) => config.place(pkg, "trust_policy", key);
  const repository = otherRepository(policy, facts);
  if (repository !== undefined) {
    return [{
      message:
        `${pkg.name} is trusted to ${policy.repository}, and this is ${repository}: no run here can publish it by trusted publishing`,
      mend: "Mend `repository`, or leave it out for this one",
      location: at("repository"),
    }];
  }
  const jobs = publishJobs(facts).filter(({ top }) =>
    bareName(top.workflow.path) === policy.workflow
  );
  if (jobs.length === 0) return [noSuchWorkflow(pkg, { policy, facts, location: at("workflow") })];
  const environments = jobs.flatMap((job) =>
    judgeEnvironment(job, { pkg, policy, location: at("environment") })
  );
  return [...environments, ...judgeRun(pkg, { policy, facts, location: at("workflow") })];
}

/** The repository that doctor runs in, where the policy names another. */
function otherRepository({ repository }: TrustPolicy, facts: DoctorFacts): string | undefined {
  const here = facts.run?.repository ?? facts.repository;
  if (repository === undefined || here === undefined) return undefined;
  return repository.toLowerCase() === here.toLowerCase() ? undefined : here;
}

interface PolicyPlace {
  readonly policy: TrustPolicy;
  readonly facts: DoctorFacts;
  readonly location: Found["location"];
}

function noSuchWorkflow(pkg: Package, { policy, facts, location }: PolicyPlace): Found {
  const file = facts.files.find(({ path }) => bareName(path) === policy.workflow);
  if (file === undefined) {
    return {
      message:
        `${pkg.name} declares the workflow ${policy.workflow}, and there is no such file in .github/workflows`,
      mend: "Name the file that publishes, and have the registry name it too",
      location,
    };
  }
  if (file.workflow === undefined) {
    return cannotTell(
      `${pkg.name} declares the workflow ${policy.workflow}, which cannot be read`,
      location,
      "Mend that file",
    );
  }
  if (facts.unfollowed.some(({ from }) => from.workflow === file.workflow)) {
    return cannotTell(
      `Whether ${policy.workflow}, which ${pkg.name} declares, publishes cannot be told: it calls a workflow of another repository`,
      location,
      "Publish in that file itself",
    );
  }
  return {
    message: `${pkg.name} declares the workflow ${policy.workflow}, which does not publish`,
    mend:
      "Name the file whose run an event starts, not one that it calls, and have the registry name it too",
    location,
  };
}

function judgeEnvironment(
  { in: { job, workflow } }: OwnPlace,
  { pkg, policy, location }: {
    readonly pkg: Package;
    readonly policy: TrustPolicy;
    readonly location: Found["location"];
  },
): readonly Found[] {
  const has = job.environment?.text;
  const place = job.environment?.at ?? job.at;
  if (has !== undefined && isExpression(has)) {
    return [
      cannotTell(
        `Whether \`${has}\` is what ${pkg.name} declares is known to a run alone`,
        place,
        "Write the environment's name out",
      ),
    ];
  }
  // crates.io and PyPI do not tell upper from lower case, npm does: one that differs so is told.
  if (has === policy.environment) return [];
  const declared = policy.environment;
  if (declared === undefined) {
    return [{
      message:
        `Job "${job.id}" of ${workflow.file} runs in environment ${has}, and ${pkg.name} declares none`,
      mend:
        `Declare \`environment = "${has}"\`, and have the registry name it too: npm refuses a job with another`,
      location,
      weight: "warning",
    }];
  }
  const found = has === undefined ? "has no environment" : `runs in environment ${has}`;
  return [{
    message:
      `${pkg.name} declares environment ${declared}, and job "${job.id}" of ${workflow.file} ${found}`,
    mend: "Make the two the same, and what the registry has on file too",
    location: place,
  }];
}

/** A run of a file that does not publish, as on pull requests, is another file by nature. */
function judgeRun(pkg: Package, { policy, facts }: PolicyPlace): readonly Found[] {
  const path = facts.run?.workflow;
  if (path === undefined || bareName(path) === policy.workflow) return [];
  const publishing = publishJobs(facts).find(({ top }) => top.workflow.path === path);
  if (publishing === undefined) return [];
  return [{
    message: `This run is of ${
      bareName(path)
    }, which publishes, and ${pkg.name} declares ${policy.workflow}`,
    mend:
      "Publish from the declared workflow, or declare this one and have the registry name it too",
    location: publishing.step.at,
  }];
}

/** Files that publish and that nobody declares: registries refuse them, or trust more than was meant. */
function undeclaredFiles(
  facts: DoctorFacts,
  declared: readonly DeclaredPolicy[],
): readonly Found[] {
  if (declared.length < (facts.config?.packages.length ?? 0)) return [];
  const known = new Set(declared.map(({ policy }) => policy.workflow));
  return publishJobs(facts).filter(({ top }) =>
    !known.has(bareName(top.workflow.path)) && top.workflow.path !== facts.run?.workflow
  ).map(({ top, step }) => ({
    message: `${top.workflow.file} publishes too, and no package declares it`,
    mend: "Remove the step, or declare that workflow",
    location: step.at,
    weight: "warning" as const,
  }));
}
