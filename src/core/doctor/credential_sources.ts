/**
 * What each registry would be shown: which variables it takes a token from, and what of that is here.
 *
 * @module
 */

import type { Kind } from "../model/package.ts";

/** What one registry takes, and what of it this environment has. */
export interface CredentialSource {
  /** Variables that take a token, the first that counts first. */
  readonly variables: readonly string[];
  /** The variable that holds one here; undefined when none does. */
  readonly token: string | undefined;
  /** Why the token here is none that could be sent, as the release would say it. */
  readonly flaw?: string;
  /** Whether this job may ask for an identity that the registry takes. */
  readonly identity: boolean;
  /** How a name that is new there can be created without a token, as a clause; undefined where it cannot. */
  readonly createsByTrust: string | undefined;
}

/** By kind, for every kind that has packages. */
export type CredentialSources = ReadonlyMap<Kind, CredentialSource>;
