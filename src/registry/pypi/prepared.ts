/**
 * What PyPI's publisher keeps of a release between its steps.
 *
 * @module
 */

import type { FormField } from "../../core/pypi/form_fields.ts";
import type { Prepared, ReleaseFile } from "../registry.ts";

/** A distribution that passed its checks. */
export interface Distribution extends ReleaseFile {
  readonly kind: "wheel" | "sdist";
  /** Absolute. */
  readonly path: string;
  /** Hex. */
  readonly sha256: string;
  /** Every text field of its upload form. */
  readonly fields: readonly FormField[];
}

/** A release whose distributions are ready to be sent. */
export interface PypiPrepared extends Prepared {
  readonly files: readonly Distribution[];
  /** The project's normalised name. */
  readonly project: string;
  /** The version as PyPI spells it. */
  readonly pypiVersion: string;
}
