/**
 * The kinds of packages as `set-version` knows them, each with its line: apart from what every command asks a kind, since no
 * other loads this.
 *
 * @module
 */

import { CRATES_VERSIONS } from "./crates/crates_versions.ts";
import { NPM_VERSIONS } from "./npm/npm_versions.ts";
import { PYPI_VERSIONS } from "./pypi/pypi_versions.ts";
import type { VersionWriter } from "./version_writer.ts";

/** Every kind's writer. */
export const VERSION_WRITERS: readonly VersionWriter[] = [
  CRATES_VERSIONS,
  PYPI_VERSIONS,
  NPM_VERSIONS,
];
