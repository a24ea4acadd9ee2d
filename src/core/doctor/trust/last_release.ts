/**
 * Phase 4: what registries show of the newest versions, against today's workflow, environment and repository.
 *
 * @module
 */

import { tellEvidence } from "../../release/evidence.ts";
import { packageHeads } from "../authorisation.ts";
import { type DoctorFacts, publishJobs } from "../facts.ts";
import { cannotTell, type Found, worstOf } from "../finding.ts";
import type { PackageOnline, ReleaseOrigin } from "../online_facts.ts";
import { bareName, isExpression } from "../workflow.ts";
import { type Phase, PHASES } from "./phase.ts";

/** Compares. */
export function lastPhase(facts: DoctorFacts): Phase {
  const name = PHASES.last;
  const { online, config } = facts;
  const neutral = (line: string): Phase => ({ name, verdict: "neutral", line, found: [] });
  if (online === undefined) return neutral("not asked: run with --online");
  if (config === undefined) return neutral("the configuration does not load");
  const found = online.packages.flatMap((one) => judgePackage(one, facts));
  const verdict = worstOf(found.map(({ weight = "failed" }) => ({ weight })));
  if (verdict !== undefined) return { name, verdict, line: found[0]!.message, found };
  const lines = online.packages.flatMap((one) => tellPackage(one));
  if (lines.length === 0) return neutral("nothing is released yet");
  const isTold = online.packages.some(({ newest }) => newest?.origin !== undefined);
  return { name, verdict: isTold ? "passed" : "neutral", line: lines.join("; "), found: [] };
}

/** What there is, and what the registry does not tell of it. */
function tellPackage({ pkg, newest }: PackageOnline): readonly string[] {
  if (newest === undefined) return [];
  const what = `${pkg.registryName} ${newest.version}`;
  const { origin } = newest;
  if (origin === undefined) return [`nothing public tells where ${what} came from`];
  const { repository, workflow, environment } = origin;
  const untold = [
    ...repository === undefined ? ["repository"] : [],
    ...workflow === undefined ? ["workflow"] : [],
    ...environment === undefined ? ["environment"] : [],
  ];
  const told = [workflow, environment === null ? "no environment" : environment, repository]
    .filter((part) => part !== undefined);
  return [
    `${what} from ${told.join(", ")}${
      untold.length === 0 ? "" : ` (its registry does not tell ${untold.join(" and ")})`
    }`,
  ];
}

function judgePackage(
  { pkg, failure, newest }: PackageOnline,
  facts: DoctorFacts,
): readonly Found[] {
  const location = facts.config!.place(pkg);
  if (failure !== undefined) {
    return [
      cannotTell(
        `What the registry has of ${pkg.name} cannot be told: ${failure}`,
        location,
        "Run again",
      ),
    ];
  }
  if (newest === undefined) return [];
  const unasked = newest.failure === undefined ? [] : [
    cannotTell(
      `Where ${pkg.registryName} ${newest.version} came from cannot be told: ${newest.failure}`,
      location,
      "Run again",
    ),
  ];
  return [
    ...unasked,
    ...fallingProof({ pkg, newest }, facts),
    ...newest.origin === undefined
      ? []
      : differences(newest.origin, { one: { pkg, newest }, facts }),
  ];
}

type Shown = Required<Pick<PackageOnline, "pkg" | "newest">>;

/** What the next version would show less of its origin is refused by the release itself. */
function fallingProof(
  { pkg, newest: { version, evidence = [] } }: Shown,
  facts: DoctorFacts,
): readonly Found[] {
  const head = packageHeads(facts).find(({ name }) => name === pkg.name);
  if (evidence.length === 0 || (head?.auth !== "token" && head?.auth !== "missing")) return [];
  return [{
    message: `${pkg.registryName} ${version} shows ${
      tellEvidence(evidence)
    }, and the next version would not: no job with \`id-token: write\` publishes`,
    mend:
      "Give the job that publishes `id-token: write`; the release is refused with PIOT_TRUST_DOWNGRADE otherwise",
    location: facts.config!.place(pkg),
  }];
}

function differences(
  origin: ReleaseOrigin,
  { one: { pkg, newest }, facts }: { readonly one: Shown; readonly facts: DoctorFacts },
): readonly Found[] {
  const location = facts.config!.place(pkg);
  const what = `${pkg.registryName} ${newest.version}`;
  const { repository } = facts;
  const declared = pkg.trustPolicy;
  const jobs = publishJobs(facts);
  const found: Found[] = [];
  if (
    origin.repository !== undefined && repository !== undefined &&
    origin.repository.toLowerCase() !== repository.toLowerCase()
  ) {
    found.push({
      message: `${what} came from ${origin.repository}, and this is ${repository}`,
      mend: "Have its registry trust this repository, or publish it from that one",
      location,
    });
  }
  const files = [...new Set(jobs.map(({ top }) => bareName(top.workflow.path)))];
  if (origin.workflow !== undefined && files.length > 0 && !files.includes(origin.workflow)) {
    const side = declared?.workflow === origin.workflow
      ? "publish from that file again: it is the one that is declared"
      : `have its registry name ${files.join(" or ")} before the next release`;
    found.push({
      message: `${what} was published by ${origin.workflow}, and today ${
        files.join(" and ")
      } publishes`,
      mend: `If the registry still has ${origin.workflow} on file, ${side}`,
      location,
      weight: "warning",
    });
  }
  const environments = jobs.map(({ in: { job } }) => job.environment?.text ?? null);
  const isKnown = environments.length > 0 &&
    environments.every((name) => name === null || !isExpression(name));
  if (
    origin.environment !== undefined && isKnown &&
    !environments.some((name) => name?.toLowerCase() === origin.environment?.toLowerCase())
  ) {
    const tell = (name: string | null | undefined): string =>
      name === null || name === undefined ? "no environment" : `environment ${name}`;
    found.push({
      message: `${what} was published in ${tell(origin.environment)}, and today the job runs in ${
        tell(environments[0])
      }`,
      mend: `Have its registry name ${tell(environments[0])}, or run the job in ${
        tell(origin.environment)
      } again`,
      location,
      weight: "warning",
    });
  }
  return found;
}
