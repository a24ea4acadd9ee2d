/**
 * What a verification build could get hold of. Its own environment has no credential, but its parents' do: on Linux whatever
 * runs as the same user reads them from `/proc`.
 *
 * @module
 */

import type { Env } from "../../host/host.ts";

/** Variables that a build script could publish, push or be somebody with. */
const CREDENTIALS = [
  ...["CARGO_REGISTRY_TOKEN", "NODE_AUTH_TOKEN", "NPM_TOKEN", "PYPI_API_TOKEN"],
  ...["GITHUB_TOKEN", "GH_TOKEN", "ACTIONS_ID_TOKEN_REQUEST_TOKEN"],
];

/** A sentence for a build that runs beside credentials; none where there are none. */
export function credentialsInReach(env: Env): readonly string[] {
  const names = CREDENTIALS.filter((name) => (env[name] ?? "").trim() !== "");
  return names.length === 0 ? [] : [
    `Crates are built to verify them while ${
      names.join(", ")
    } can be read by what their build scripts run (the environment of this job): deliver ready crates, which need no build here`,
  ];
}
