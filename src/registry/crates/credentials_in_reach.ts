/**
 * What a verification build could get hold of. Its own environment has no credential, but its parents' do: on Linux whatever
 * runs as the same user reads them from `/proc`.
 *
 * @module
 */

import { someOf } from "../../core/words/phrases.ts";
import type { Env } from "../../host/host.ts";
import { secretVariables } from "../../secret/known.ts";

const MOST_SHOWN = 10;

/** A sentence for a build that runs beside credentials of an environment; none where there are none. */
export function credentialsInReach(env: Env): readonly string[] {
  const names = secretVariables(env);
  return names.length === 0 ? [] : [
    `Crates are built to verify them while ${
      someOf(names, MOST_SHOWN)
    } can be read by what their build scripts run (the environment of this job): deliver ready crates, which need no build here`,
  ];
}
