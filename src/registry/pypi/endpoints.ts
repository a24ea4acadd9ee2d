/**
 * The addresses of one Python package index.
 *
 * @module
 */

import type { Endpoints } from "../endpoints.ts";

/** Where the index is read, and where files are sent. */
export type PypiEndpoints = Pick<Endpoints, "pypi" | "pypiUpload">;
