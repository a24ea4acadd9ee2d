/**
 * How many releases of a registry are looked at or sent side by side.
 *
 * @module
 */

import pLimit, { type LimitFunction } from "p-limit";
import type { Kind } from "../../core/model/package.ts";
import { SIDE_BY_SIDE } from "../create_registries.ts";

/** A gate for each registry that lets through as many at once as the registry bears. */
export function openGates(): Readonly<Record<Kind, LimitFunction>> {
  const { crates, pypi, npm } = SIDE_BY_SIDE;
  return { crates: pLimit(crates), pypi: pLimit(pypi), npm: pLimit(npm) };
}
