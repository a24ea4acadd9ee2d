/**
 * `plan`: which packages ship on this commit, at what version and why.
 *
 * @module
 */

import { makePlan } from "../core/make_plan.ts";
import type { Facts } from "../core/facts.ts";
import type { Package } from "../core/package.ts";
import type { Plan } from "../core/plan.ts";
import { parseReleaseRequests, requestSource } from "../core/release_request.ts";
import type { ReleaseRequest } from "../core/release_request_type.ts";
import { resolveRequests } from "../core/resolve_requests.ts";
import { Failure } from "../error.ts";
import { readTextIfThere } from "../host/files.ts";
import type { Host } from "../host/host.ts";
import { resolve } from "node:path";
import { readConfig } from "./read_config.ts";
import { readFacts } from "./read_facts.ts";

/** What can be asked of a plan. */
export interface PlanOptions {
  /** The configuration file; `putitoutthere.toml` in the host's folder by default. */
  readonly config?: string;
  /** Every `--release`, as it was given; none plans what changed. */
  readonly release?: readonly string[];
  /** Plans at this commit in HEAD's place. */
  readonly at?: string;
}

/** What only this program asks of a plan. */
export interface InnerPlanOptions extends PlanOptions {
  /** Plans as if nothing had been released from this commit yet. */
  readonly beforeRelease?: boolean;
}

/** A plan, and what it was made of. */
export interface PlannedFacts {
  readonly plan: Plan;
  readonly facts: Facts;
}

/** Plans, and keeps the facts for whoever explains or draws. */
export async function planWithFacts(
  host: Host,
  options: InnerPlanOptions = {},
): Promise<PlannedFacts> {
  const { config, at } = options;
  const place = { cwd: host.cwd, ...(config === undefined ? {} : { config }) };
  const asked = await readRequests(
    host,
    options.release ?? [],
    async () => (await readConfig(place)).config.packages,
  );
  const facts = await readFacts({
    ...place,
    env: host.env,
    ...(at === undefined ? {} : { at }),
    beforeRelease: options.beforeRelease ?? false,
    ...(asked === undefined ? {} : { requests: asked.requests }),
  });
  const plan = makePlan(facts);
  return { plan: { ...plan, warnings: [...plan.warnings, ...asked?.warnings ?? []] }, facts };
}

/**
 * Plans a release of the repository in the host's folder. No network, nothing is written. Throws `PIOT_CONFIG_…`,
 * `PIOT_TRAILER_…`, `PIOT_RELEASE_REQUEST_…` and what is wrong with the clone (`PIOT_SHALLOW_CLONE` and its like).
 */
export async function plan(host: Host, options: PlanOptions = {}): Promise<Plan> {
  return (await planWithFacts(host, options)).plan;
}

/** What was asked for by name; undefined when nothing was. */
export async function readRequests(
  host: Host,
  release: readonly string[],
  packages: () => Promise<readonly Package[]>,
): Promise<{ requests: readonly ReleaseRequest[]; warnings: readonly string[] } | undefined> {
  if (release.length === 0) return undefined;
  const texts = await Promise.all(release.map((argument) => textOf(host, argument)));
  const requested = parseReleaseRequests(texts);
  return requested === undefined ? undefined : resolveRequests(requested, await packages());
}

async function textOf(host: Host, argument: string): Promise<string> {
  const source = requestSource(argument);
  switch (source.from) {
    case "text":
      return source.text;
    case "stdin":
      return await host.stdin();
    case "file": {
      const text = await readTextIfThere(resolve(host.cwd, source.path));
      if (text !== undefined) return text;
      throw new Failure(
        "PIOT_FILE_UNREADABLE",
        `Cannot read ${source.path}: there is no such file`,
        {
          hint: "Give the path of a JSON file, JSON itself, or names such as my-package@minor",
        },
      );
    }
  }
}
