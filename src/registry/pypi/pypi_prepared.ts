/**
 * What the steps of PyPI's publisher share: a release whose distributions are ready, and the index that it goes to.
 *
 * @module
 */

import type { FormField } from "../../core/pypi/core_metadata.ts";
import type { Host } from "../../host/host.ts";
import type { Endpoints } from "../endpoints.ts";
import type { Credential, Prepared, ReleaseFile } from "../registry.ts";

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

/** The right to upload one release to PyPI. */
export interface PypiCredential extends Credential {
  /** The secret, or another one when that has grown old. */
  readonly youngSecret: () => Promise<string>;
  /** Signs an attestation of a file, as the upload form has it; undefined when files get none. */
  readonly attest?: (file: Distribution) => Promise<string>;
  /** The names of the files that were sent with an attestation so far. */
  readonly attested: Set<string>;
}

/** Where the index is read, and where files are sent. */
export type PypiEndpoints = Pick<Endpoints, "pypi" | "pypiUpload">;

/** How a step reaches the index, and what else of the machine it needs. */
export interface PypiAccess<Needed extends keyof Host = "http"> {
  readonly host: Pick<Host, Needed>;
  readonly endpoints: PypiEndpoints;
}
