/**
 * The phases of the trust policy: does what the repository does fit what the registries have on file?
 *
 * @module
 */

import type { Found, PhaseVerdict } from "../finding.ts";

/** The names under which they are printed. */
export const PHASES = {
  local: "trust policy (local)",
  declared: "trust policy (declared)",
  registered: "trust policy (crates.io registry)",
  last: "trust policy (last release)",
} as const;

/** What became of a phase. */
export interface Phase {
  /** One of {@link PHASES}. */
  readonly name: string;
  readonly verdict: PhaseVerdict;
  /** What was compared, or why nothing was, in one sentence without a full stop. */
  readonly line: string;
  /** Of a neutral one: whether it asked, and got no answer that counts. */
  readonly isUnanswered?: boolean;
  /** What does not fit. */
  readonly found: readonly Found[];
}
