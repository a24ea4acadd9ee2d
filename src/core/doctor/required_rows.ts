/**
 * What has to be delivered to a job that publishes.
 *
 * @module
 */

import { rulesOf } from "../model/kind.ts";
import type { MatrixRow } from "../model/plan.ts";
import type { DoctorFacts } from "./facts.ts";
import type { Found } from "./finding.ts";
import { deliveries, type Delivery } from "./uploads.ts";

/** Rows without which nothing is published. */
export function requiredRows({ config }: DoctorFacts): readonly MatrixRow[] {
  return (config?.rows ?? []).filter((row) =>
    rulesOf(config!.kinds, row).artifacts.isRequired(row.target)
  );
}

/** What is delivered for one job, where something has to be. */
export function eachDelivery(
  facts: DoctorFacts,
  judge: (delivery: Delivery) => readonly Found[],
): readonly Found[] | undefined {
  const all = deliveries(facts);
  return all.length === 0 || facts.config === undefined ? undefined : all.flatMap(judge);
}
