/**
 * crates.io among the registries.
 *
 * @module
 */

import { CRATES_CONFIG } from "../../core/crates/crates_config.ts";
import { CRATES } from "../../core/crates/crates_kind.ts";
import type { RegistryKind } from "../registry_kind.ts";

/** Crates, uploaded by cargo. */
export const CRATES_REGISTRY: RegistryKind = {
  rules: CRATES,
  config: CRATES_CONFIG,
  // cargo locks its caches, and crates.io asks for one API request a second (its data access policy).
  sideBySide: 1,
  versions: async () => (await import("./crates_versions.ts")).CRATES_VERSIONS,
  origins: async (options) => (await import("./crates_origin.ts")).readCratesOrigin(options),
  credentials: async (env) => (await import("./crates_credentials.ts")).cratesCredentials(env),
  manifests: async (place) => (await import("./crates_manifest.ts")).readCratesManifests(place),
  trusts: async (options) => (await import("./crates_trust.ts")).readCratesTrust(options),
  state: async (options) => (await import("./crates_state.ts")).readCratesState(options),
  foresee: async (foresight) => {
    if (foresight.packages.length < 2) return [];
    const { foreseeCrates } = await import("./foresee_crates.ts");
    return await foreseeCrates(foresight);
  },
  open: async (options) => {
    const { createCrates } = await import("./create_crates.ts");
    const { host: { clock }, onWait, endpoints } = options;
    const registry = createCrates({
      ...options,
      onWait: ({ package: name, until, why }) => {
        const milliseconds = Math.max(0, until.getTime() - clock.now().getTime());
        onWait({ name, reason: `for crates.io: ${why}`, milliseconds });
      },
    });
    return { registry, site: endpoints.crates };
  },
};
