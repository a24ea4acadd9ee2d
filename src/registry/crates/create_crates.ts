/**
 * crates.io, by cargo.
 *
 * @module
 */

import { tellForecast } from "../../core/crates/upload_limits.ts";
import { Failure } from "../../error.ts";
import { CARGO_INDEX, createCargo, isCargoIndex } from "../../host/cargo.ts";
import { createGit } from "../../host/git.ts";
import type { Env, Host } from "../../host/host.ts";
import type { Registry, Release } from "../registry.ts";
import type { MissingDependency } from "../registry_kind.ts";
import { authoriseCrate } from "./authorise_crate.ts";
import { type CratesEndpoints, createCratesAnswers } from "./crates_answers.ts";
import type { CratesPrepared, CratesRelease } from "./crates_work.ts";
import type { CratesCredential } from "./find_credential.ts";
import { createHeldCrates } from "./held_crates.ts";
import { crateRecords } from "./crate_records.ts";
import { type CratesLook, lookAtCrate } from "./look_at_crate.ts";
import { prepareCrates } from "./prepare_crates.ts";
import { createTrustedTokens, type TrustedTokens } from "./trusted_tokens.ts";
import { type CratesWait, uploadCrate, type UploadRight } from "./upload_crate.ts";

/** What {@link createCrates} is made of. */
export interface CratesOptions {
  readonly host: Pick<Host, "http" | "env" | "clock"> & Partial<Pick<Host, "signal">>;
  /** The repository's root, absolute. */
  readonly root: string;
  readonly endpoints: CratesEndpoints;
  /** Absolute folders of the run itself, such as the one with artifacts: never part of a package. */
  readonly ownFolders?: readonly string[];
  /** Milliseconds in which the index has to show a crate that others depend on; ten minutes by default. */
  readonly patience?: number;
  /** Whether no token of a user may be used; false by default. */
  readonly oidcOnly?: boolean;
  /** Told of every secret that comes into being, before it is used. */
  readonly onSecret?: (secret: string) => void;
  /** What a stand-in for crates.io could not give so far; see `RegistryOptions`. */
  readonly missing?: () => readonly MissingDependency[];
  /** The environment that code of packages could read; see `RegistryOptions`. */
  readonly startedWith?: Env;
  /** Told of every wait (a rate limit, an index that is behind) before it begins. */
  readonly onWait?: (wait: CratesWait) => void;
}

/**
 * Makes the registry. crates must be uploaded one at a time: cargo locks its caches, and crates.io counts uploads of a
 * user. Throws `PIOT_USAGE` when a release would go to an index that cargo cannot be led to.
 */
export function createCrates(
  { host, root, endpoints, ownFolders = [], patience = 600_000, ...options }: CratesOptions,
): Registry<CratesPrepared, CratesLook, CratesCredential> {
  const { oidcOnly = false, onWait = () => {}, onSecret = () => {}, missing } = options;
  const trust = createTrustedTokens({ host, api: endpoints.crates, onSecret });
  const held = createHeldCrates(createCratesAnswers(host, endpoints));
  const stop = host.signal === undefined ? {} : { signal: host.signal };
  const cargo = createCargo({ env: host.env, index: endpoints.cratesIndex, root, ...stop });
  const git = createGit({ cwd: root, env: host.env });
  const sent = new Map<string, string>();
  return {
    changesTree: true,
    prepare: async (releases, defer, more) => {
      requireReachable(endpoints);
      // A stand-in for crates.io is given nothing that is worth anything.
      const own = endpoints.cratesIndex === CARGO_INDEX ? host.env : {};
      const crates = releases.filter(isCrate);
      const context = {
        cargo,
        missing,
        git,
        held,
        root,
        env: host.env,
        ownFolders,
        defer,
        inReach: options.startedWith ?? own,
      };
      return await prepareCrates(context, crates, more);
    },
    look: (prepared, { fresh = false } = {}) => lookAtCrate({ held, sent }, { prepared, fresh }),
    records: (prepared, look) => crateRecords(held, prepared, look),
    authorise: (prepared, look) =>
      authoriseCrate({ env: host.env, held, oidcOnly, trust }, { prepared, look }),
    // What goes up by trusted publishing has no user whose uploads are counted.
    forecast: (uploads) =>
      tellForecast(
        uploads.filter(({ credential }) => credential.kind === "token")
          .map(({ look }) => look.versions.length === 0 ? "new" : "update"),
        host.clock.now(),
      ),
    upload: async (prepared, _file, { credential }) => {
      const { http, clock } = host;
      const to = { http, api: endpoints.crates, clock, held, patience };
      const uploading = { cargo, onWait, sent, ...to, ...stop };
      await uploadCrate(uploading, { prepared, right: rightOf(credential, trust) });
    },
  };
}

function rightOf(
  { kind, secret, isExchanged }: CratesCredential,
  trust: TrustedTokens,
): UploadRight {
  if (kind === "token") return { token: () => Promise.resolve(secret) };
  let isOwn = !isExchanged;
  return {
    token: async () => isOwn ? secret : await trust.young() ?? secret,
    renewed: async () => {
      const token = await trust.renewed();
      if (token !== undefined) isOwn = false;
      return token;
    },
    claims: trust.claims() ?? {},
  };
}

function isCrate(release: Release): release is CratesRelease {
  return release.package.kind === "crates";
}

function requireReachable({ cratesIndex }: CratesEndpoints): void {
  if (isCargoIndex(cratesIndex)) return;
  throw new Failure(
    "PIOT_USAGE",
    `Cannot publish crates by the index ${cratesIndex}: cargo would send them to crates.io`,
    {
      hint: "Unset PIOT_CRATES_INDEX_URL, or set it to an address on this machine for a rehearsal",
    },
  );
}
