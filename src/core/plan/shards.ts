/**
 * Build matrices that GitHub takes: rows cut into pieces when one matrix cannot hold them.
 *
 * @module
 */

import type { MatrixRow } from "../model/plan.ts";

/** The most jobs that one `strategy.matrix` may expand to (GitHub, "Actions limits"). */
export const MOST_MATRIX_JOBS = 256;

/** How large one piece may be. */
export interface ShardBounds {
  /** Most rows; 200 by default, which leaves room for jobs that the user adds to a matrix. */
  readonly rows?: number;
  /**
   * Most UTF-16 units of its JSON text; 250,000 by default. GitHub bounds the outputs of a job at 1
   * MB counted in UTF-16, and `toJSON` indents what a called workflow receives.
   */
  readonly units?: number;
}

/**
 * Cuts rows, in order, into as few pieces as the bounds allow. A row that passes the bounds by
 * itself stands alone. No rows give no pieces.
 */
export function cutShards(
  rows: readonly MatrixRow[],
  bounds: ShardBounds = {},
): readonly (readonly MatrixRow[])[] {
  const { rows: mostRows = 200, units: mostUnits = 250_000 } = bounds;
  const shards: MatrixRow[][] = [];
  let units = 0;
  for (const row of rows) {
    const size = JSON.stringify(row).length + 1;
    const last = shards.at(-1);
    if (last === undefined || last.length >= mostRows || units + size > mostUnits) {
      shards.push([row]);
      units = size;
    } else {
      last.push(row);
      units += size;
    }
  }
  return shards;
}
