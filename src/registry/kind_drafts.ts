/**
 * The kinds of packages as `init` knows them, each with its line: apart from what every command asks a kind, since no other
 * loads this.
 *
 * @module
 */

import { CRATES_DRAFT } from "../core/crates/crates_draft.ts";
import { draftsOf, type KindDrafts } from "../core/init/kind_draft.ts";
import { NPM_DRAFT } from "../core/npm/npm_draft.ts";
import { PYPI_DRAFT } from "../core/pypi/pypi_draft.ts";

/** Every kind's draft, in the order in which packages are written. */
export const KIND_DRAFTS: KindDrafts = draftsOf([CRATES_DRAFT, PYPI_DRAFT, NPM_DRAFT]);
