/**
 * The npm registry among the registries.
 *
 * @module
 */

import { NPM_CONFIG } from "../../core/npm/npm_config.ts";
import { NPM } from "../../core/npm/npm_kind.ts";
import type { RegistryKind } from "../registry_kind.ts";

/** Packages and platform families on npm. */
export const NPM_REGISTRY: RegistryKind = {
  rules: NPM,
  config: NPM_CONFIG,
  sideBySide: 24,
  versions: async () => (await import("./npm_versions.ts")).NPM_VERSIONS,
  manifests: async (place) => (await import("./npm_manifest.ts")).readNpmManifests(place),
  origins: async (options) => (await import("./npm_origin.ts")).readNpmOrigin(options),
  credentials: async (env) => (await import("./npm_credentials.ts")).npmCredentials(env),
  state: async (options) => (await import("./npm_state.ts")).readNpmState(options),
  open: async (options) => {
    const [{ createNpm }, { npmSite }] = await Promise.all([
      import("./create_npm.ts"),
      import("./npm_urls.ts"),
    ]);
    return { registry: createNpm(options), site: npmSite(options.endpoints.npm) };
  },
};
