/**
 * The kinds that the configuration knows.
 *
 * @module
 */

import { CRATES } from "../crates/crates_kind.ts";
import { type Kinds, kindsOf } from "../model/kind.ts";
import { NPM } from "../npm/npm_kind.ts";
import { PYPI } from "../pypi/pypi_kind.ts";

/** Every kind. */
export const BUILT_IN: Kinds = kindsOf([CRATES, PYPI, NPM]);
