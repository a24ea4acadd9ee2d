/**
 * Whether every package has a way to be published.
 *
 * @module
 */

import { packageHeads } from "../authorisation.ts";
import type { Check } from "../check.ts";

/** Every package has a credential that can work. */
export const CREDENTIAL: Check = {
  id: "credential",
  subject: "trust",
  title: "Every package has a way to be published that can work",
  severity: "failed",
  why: "A release that has no credential for one of its packages stops before the first upload.",
  mend:
    "Give the job that publishes `id-token: write` and register its workflow with the registry, or pass the registry's token to the step",
  run: (facts) => {
    const { config } = facts;
    if (config === undefined) return undefined;
    return packageHeads(facts).flatMap(({ name, works, why }) => {
      if (works !== false) return [];
      const pkg = config.packages.find((one) => one.name === name)!;
      return [{ message: `${name} cannot be published: ${why}`, location: config.place(pkg) }];
    });
  },
};
