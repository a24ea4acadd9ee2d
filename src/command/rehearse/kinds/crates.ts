/**
 * Crates in a rehearsal: a crates.io of this machine, and cargo, which packages, publishes and installs.
 *
 * @module
 */

import { join } from "node:path";
import { CRATES } from "../../../core/crates/crates_kind.ts";
import { readableEndpoint } from "../../../registry/endpoints.ts";
import { canonicalName, type CratesState } from "../../../rehearsal/crates/crates_state.ts";
import { holdEarlierCrate } from "../../../rehearsal/crates/earlier_crate.ts";
import { serveCrates } from "../../../rehearsal/crates/serve_crates.ts";
import { openOutsideCrates } from "../../../rehearsal/crates/through/outside_crates.ts";
import type { Demand } from "../../../rehearsal/crates/through/stand_in.ts";
import { readCrateDemands } from "./crate_demands.ts";
import {
  type InstallCall,
  type LocalTrust,
  makeSecret,
  missingOf,
  type RehearsedKind,
  USER,
} from "./rehearsed_kind.ts";

/** Crates. cargo makes what is published of them from the checkout, so nothing is made up. */
export const REHEARSED_CRATES: RehearsedKind<CratesState> = {
  rules: CRATES,
  client: "cargo",
  builder: "cargo",
  knowsTrust: true,
  open: async ({ clock, outside: world, identity }) => {
    const secret = makeSecret("cio");
    const outside = world && openOutsideCrates({
      ...world,
      clock,
      standard: readableEndpoint(world.env, "cratesIndex"),
    });
    const server = await serveCrates({
      tokens: [{ secret, user: USER }],
      now: () => clock.now(),
      ...(outside === undefined ? {} : { outside }),
    });
    const { state } = server;
    state.identity = identity;
    return {
      server,
      state,
      hold: async ({ registry_name: name, version }, by) => {
        const origin = by && { repository: by.repository };
        await holdEarlierCrate(state, { name, version, owner: USER, now: clock.now(), ...origin });
      },
      ...(identity === undefined ? {} : { trusts: trustsOf(state) }),
      begin: ({ planned, root, env }) => {
        for (const { registry_name: name } of planned) state.closed.add(canonicalName(name));
        const folders = planned.map(({ path }) => join(root, path));
        let demands: Promise<readonly Demand[]> | undefined;
        state.demands = async (name) => {
          const all = await (demands ??= readCrateDemands(folders, env));
          return all.filter((demand) => demand.name.toLowerCase() === name);
        };
      },
      end: () => {
        state.closed.clear();
        state.demands = undefined;
      },
      missing: () => missingOf(server, nameIn),
      env: {
        PIOT_CRATES_URL: server.url,
        PIOT_CRATES_INDEX_URL: server.indexUrl,
        CARGO_REGISTRY_TOKEN: secret,
      },
      clientWords: ["cargo", ...sourceFlags(`sparse+${server.indexUrl}/`), "add"],
      installCall: ({ registry_name: name, version }) => ({
        args: ["fetch"],
        files: consumerOf(name, version),
        env: { [INDEX_HOOK]: `sparse+${server.indexUrl}/` },
      }),
    };
  },
  synthesise: () => Promise.resolve(undefined),
};

/** The name in the address of an index file, or of a download. */
function nameIn(path: string): string {
  const parts = path.split("/");
  return /\/download$/.test(path) ? parts.slice(-3, -1).join(" ") : parts.at(-1)!;
}

/** Has cargo take a registry in place of crates.io, as a `[source]` of its configuration does (the Cargo book). */
function sourceFlags(registry: string): readonly string[] {
  return [
    ...["--config", 'source.crates-io.replace-with="rehearsal"'],
    ...["--config", `source.rehearsal.registry="${registry}"`],
  ];
}

function trustsOf(state: CratesState): LocalTrust {
  return {
    trust: ({ registry_name: name }, { publisher }) => {
      state.publishers.set(canonicalName(name), [publisher]);
    },
    approveWaiting: () => [],
  };
}

/** What cargo's own tests lead it to a stand-in for crates.io by. */
const INDEX_HOOK = "__CARGO_TEST_CRATES_IO_URL_DO_NOT_USE_THIS";

function consumerOf(name: string, version: string): InstallCall["files"] {
  return {
    "Cargo.toml": `[package]\nname = "consumer"\nversion = "0.0.0"\nedition = "2021"\n\n` +
      `[dependencies]\n"${name}" = "=${version}"\n`,
    "src/lib.rs": "",
  };
}
