/**
 * What `first_version` is to be, by the version that a manifest has.
 *
 * @module
 */

import { Failure } from "../../error.ts";
import type { Kind } from "../model/package.ts";
import { pypiVersion } from "../pypi/version.ts";
import { compareVersions, isVersion } from "../model/version.ts";

/** The version of a first release, unless the configuration says otherwise. */
const DEFAULT = "0.1.0";

/**
 * A manifest's version where it can be a first release and is above the default; undefined otherwise. Whether it is on
 * the registry already is not known here: then `publish` refuses, and says what to do.
 */
export function firstVersionOf(kind: Kind, version: string | undefined): string | undefined {
  if (version === undefined) return undefined;
  const whole = kind === "pypi" ? threeNumbers(version) : version;
  if (!isVersion(whole) || whole.includes("+")) return undefined;
  if (compareVersions(whole, DEFAULT) <= 0) return undefined;
  return kind === "pypi" && !isOfPypi(whole) ? undefined : whole;
}

/** Python's versions may have fewer numbers: `1.2` is `1.2.0` (PEP 440, "Final releases"). */
function threeNumbers(version: string): string {
  if (/^\d+$/.test(version)) return `${version}.0.0`;
  return /^\d+\.\d+$/.test(version) ? `${version}.0` : version;
}

function isOfPypi(version: string): boolean {
  try {
    pypiVersion(version);
    return true;
  } catch (error) {
    if (error instanceof Failure) return false;
    throw error;
  }
}
