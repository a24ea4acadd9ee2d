/**
 * PyPI among the registries.
 *
 * @module
 */

import { PYPI_CONFIG } from "../../core/pypi/pypi_config.ts";
import { PYPI } from "../../core/pypi/pypi_kind.ts";
import type { RegistryKind } from "../registry_kind.ts";

/** Wheels and sdists on PyPI. */
export const PYPI_REGISTRY: RegistryKind = {
  rules: PYPI,
  config: PYPI_CONFIG,
  sideBySide: 12,
  versions: async () => (await import("./pypi_versions.ts")).PYPI_VERSIONS,
  manifests: async (place) => (await import("./pypi_manifest.ts")).readPypiManifests(place),
  origins: async (options) => (await import("./pypi_origin.ts")).readPypiOrigin(options),
  credentials: async (env, endpoints) =>
    (await import("./pypi_credentials.ts")).pypiCredentials(env, endpoints),
  state: async (options) => (await import("./pypi_state.ts")).readPypiState(options),
  open: async (options) => {
    const { createPypi } = await import("./create_pypi.ts");
    return { registry: createPypi(options), site: options.endpoints.pypi };
  },
};
