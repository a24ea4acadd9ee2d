/**
 * Phase 3: what crates.io has on file for each crate, against what is declared.
 *
 * @module
 */

import type { DeclaredConfig, DoctorFacts } from "../facts.ts";
import { cannotTell, type Found, worstOf } from "../finding.ts";
import { declaredPolicies, type DeclaredPolicy, tellPolicy } from "./declared.ts";
import { type Phase, PHASES } from "./phase.ts";

/** The variable with the token that reads the entries: one with the scope `trusted-publishing`. */
export const DOCTOR_TOKEN = "CRATES_IO_DOCTOR_TOKEN";

/** One entry, in the words of the registry's form. */
export interface RegisteredPublisher {
  /** `owner/name`. */
  readonly repository: string;
  /** The workflow's bare file name. */
  readonly workflow: string;
  readonly environment: string | undefined;
}

/** What the registry answered about one crate. */
export type RegisteredAnswer =
  | { readonly state: "read"; readonly publishers: readonly RegisteredPublisher[] }
  /** It has no such crate: nobody can be trusted with it yet. */
  | { readonly state: "absent" }
  /** It knows the token, and not as one that may read; a clause. */
  | { readonly state: "refused"; readonly why: string }
  /** It does not take the token at all. */
  | { readonly state: "unauthorised"; readonly why: string }
  /** No answer that counts: an error of the service, a timeout; a clause. */
  | { readonly state: "silent"; readonly why: string };

/** Crates that are asked about. */
export function askedCrates(config: DeclaredConfig | undefined): readonly DeclaredPolicy[] {
  return declaredPolicies(config).filter(({ pkg }) => pkg.kind === "crates");
}

/** What is asked with. */
export interface Registered {
  /** Whether {@link DOCTOR_TOKEN} is set. */
  readonly hasToken: boolean;
  /** By the crate's name on the registry. */
  readonly answers: ReadonlyMap<string, RegisteredAnswer>;
}

/** Compares. */
export function registeredPhase(facts: DoctorFacts, { hasToken, answers }: Registered): Phase {
  const name = PHASES.registered;
  const neutral = (line: string): Phase => ({ name, verdict: "neutral", line, found: [] });
  if (!hasToken) return neutral(`not asked: ${DOCTOR_TOKEN} is not set`);
  const asked = askedCrates(facts.config);
  if (asked.length === 0) return neutral("no crate declares a trust_policy");
  const silent = asked.flatMap(({ pkg }) => {
    const answer = answers.get(pkg.registryName);
    return answer?.state === "silent" ? [`${pkg.registryName}: ${answer.why}`] : [];
  });
  const found = asked.flatMap((one) => judgeAnswer(one, { facts, answers }));
  const verdict = worstOf(found.map(({ weight = "failed" }) => ({ weight })));
  if (verdict !== undefined) return { name, verdict, line: found[0]!.message, found };
  if (silent.length > 0) {
    return { ...neutral(`crates.io did not tell: ${silent.join("; ")}`), isUnanswered: true };
  }
  return {
    name,
    verdict: "passed",
    line: `${asked.map(({ pkg }) => pkg.registryName).join(", ")}: as declared`,
    found,
  };
}

function judgeAnswer(
  { pkg, policy }: DeclaredPolicy,
  { facts, answers }: Pick<Registered, "answers"> & { readonly facts: DoctorFacts },
): readonly Found[] {
  const answer = answers.get(pkg.registryName);
  const location = facts.config!.place(pkg, "trust_policy", "workflow");
  if (answer === undefined || answer.state === "silent") return [];
  if (answer.state === "unauthorised") {
    return [{
      message: `crates.io does not take the token in ${DOCTOR_TOKEN}: ${answer.why}`,
      mend:
        "Make a token with the scope trusted-publishing at https://crates.io/settings/tokens/new",
    }];
  }
  if (answer.state === "absent") {
    return [{
      message: `crates.io does not have ${pkg.registryName} yet, so that it trusts nobody with it`,
      mend:
        `Publish it once with a token, then register the workflow at https://crates.io/crates/${pkg.registryName}/settings/new-trusted-publisher`,
      location,
      weight: "warning",
    }];
  }
  if (answer.state === "refused") {
    return [
      cannotTell(
        `What crates.io has on file for ${pkg.registryName} cannot be told: ${answer.why}`,
        location,
        `The token in ${DOCTOR_TOKEN} needs the scope trusted-publishing for the crate, and its owner has to own the crate as a user`,
      ),
    ];
  }
  const repository = policy.repository ?? facts.run?.repository ?? facts.repository;
  if (repository === undefined) {
    return [
      cannotTell(
        `Which repository ${pkg.name} is trusted to cannot be told: GITHUB_REPOSITORY is not set`,
        location,
        "Write `repository` into the trust_policy",
      ),
    ];
  }
  if (answer.publishers.some((one) => isSame(one, { ...policy, repository }))) return [];
  const has = answer.publishers.length === 0
    ? "nobody on file"
    : answer.publishers.map((one) =>
      tellPolicy({
        workflow: one.workflow,
        repository: one.repository,
        ...(one.environment === undefined ? {} : { environment: one.environment }),
      })
    ).join("; ");
  return [{
    message: `crates.io has ${has} for ${pkg.registryName}; declared is ${
      tellPolicy({ ...policy, repository })
    }`,
    mend:
      `Mend the entry at https://crates.io/crates/${pkg.registryName}/settings, or the declaration`,
    location,
  }];
}

/** As crates.io compares: owner, name and environment without regard to case, the file with it (`trustpub/github.rs`). */
function isSame(
  one: RegisteredPublisher,
  policy: { readonly repository: string; readonly workflow: string; readonly environment?: string },
): boolean {
  return one.repository.toLowerCase() === policy.repository.toLowerCase() &&
    one.workflow === policy.workflow &&
    one.environment?.toLowerCase() === policy.environment?.toLowerCase();
}
