/**
 * How each package would be authorised by the workflow that publishes, and by what is here; and whether that can work as far
 * as files and the environment tell.
 *
 * @module
 */

import { rulesOf } from "../model/kind.ts";
import type { Package } from "../model/package.ts";
import type { CredentialSource } from "./credential_sources.ts";
import { type DoctorFacts, publishJobs } from "./facts.ts";
import { levelOf, type OwnPlace } from "./own_places.ts";
import type { Placed } from "./workflow.ts";

/** The ways that a package has. */
export type Way = "oidc" | "token" | "both" | "missing";

/** The head line of a package. */
export interface PackageHead {
  /** The name in `putitoutthere.toml`. */
  readonly name: string;
  /** Where it is published to. */
  readonly kind: string;
  /** Its name there. */
  readonly registry_name: string;
  /** What it would be authorised by. */
  readonly auth: Way;
  /** Null where only a registry knows. */
  readonly works: boolean | null;
  /** What it goes by, and what stands against it or has to be asked; one sentence without a full stop. */
  readonly why: string;
}

/** One line for each package. */
export function packageHeads(facts: DoctorFacts): readonly PackageHead[] {
  const { config } = facts;
  if (config === undefined) return [];
  return config.packages.map((pkg) => {
    const source = facts.credentials.get(pkg.kind);
    const identity = identityOf(facts, source);
    const token = tokenOf(facts, source);
    const auth: Way = identity === undefined
      ? token === undefined ? "missing" : "token"
      : token === undefined
      ? "oidc"
      : "both";
    const judged = judgeWay(pkg, {
      auth,
      missing: missingNames(pkg, facts),
      registry: rulesOf(config.kinds, pkg).registry,
      source,
    });
    const ways = [identity, token].filter((way) => way !== undefined).join("; ");
    return {
      name: pkg.name,
      kind: pkg.kind,
      registry_name: pkg.registryName,
      auth,
      works: judged.works,
      why: [ways, judged.why].filter((part) => part !== "").join("; "),
    };
  });
}

function identityOf(facts: DoctorFacts, source: CredentialSource | undefined): string | undefined {
  const job = publishJobs(facts).find(({ chain }) => levelOf(chain, "id-token") === "write");
  if (job !== undefined) {
    return `job "${job.in.job.id}" of ${job.top.workflow.file} has \`id-token: write\``;
  }
  return source?.identity === true ? "this job has an identity" : undefined;
}

function tokenOf(facts: DoctorFacts, source: CredentialSource | undefined): string | undefined {
  if (source === undefined) return undefined;
  for (const place of publishJobs(facts)) {
    const wired = source.variables.find((name) => wiredVariable(place, name) !== undefined);
    if (wired !== undefined) {
      return `${wired} is wired to its step, and counts where its secret is set`;
    }
  }
  return source.token === undefined ? undefined : `${source.token} is set here`;
}

/** Where a variable of the publishing step gets its value; undefined where it gets none. */
export function wiredVariable(
  { step, jobStep, in: { job, workflow } }: OwnPlace,
  name: string,
): Placed | undefined {
  return [step.env, jobStep.env, job.env, workflow.env].map((env) => env.get(name)).find((value) =>
    value !== undefined && value.text !== ""
  );
}

function missingNames(pkg: Package, { online }: DoctorFacts): readonly string[] | undefined {
  const asked = online?.packages.find((one) => one.pkg.name === pkg.name);
  return asked === undefined || asked.failure !== undefined ? undefined : asked.missing;
}

interface WayFacts {
  readonly auth: Way;
  /** Names that its registry does not have; undefined where it was not asked, or did not tell. */
  readonly missing: readonly string[] | undefined;
  readonly registry: string;
  readonly source: CredentialSource | undefined;
}

function judgeWay(
  pkg: Package,
  { auth, missing, registry, source }: WayFacts,
): { readonly works: boolean | null; readonly why: string } {
  if (auth === "missing") {
    const variables = source?.variables.join(" or ") ?? "a token";
    return {
      works: false,
      why: `no job with \`id-token: write\` publishes, and ${variables} is nowhere`,
    };
  }
  if (source?.flaw !== undefined && auth !== "oidc") return { works: false, why: source.flaw };
  if (auth === "token") return { works: null, why: "what the token may do shows at the upload" };
  if (missing === undefined) {
    return {
      works: null,
      why: `whether ${registry} has ${pkg.registryName} was not asked: run with --online`,
    };
  }
  const [name] = missing;
  if (name === undefined) {
    return {
      works: null,
      why:
        `${registry} has ${pkg.registryName}; whether it trusts this job shows when it is asked for a credential`,
    };
  }
  if (source?.createsByTrust !== undefined) {
    return { works: null, why: `${name} is new: ${source.createsByTrust}` };
  }
  if (auth === "both") {
    return { works: null, why: `${name} is new: its first release goes by the token` };
  }
  return {
    works: false,
    why:
      `${name} is new, and trusted publishing of ${registry} cannot create it: the first release needs a token`,
  };
}
