/**
 * PyPI, and every index that speaks its protocols.
 *
 * @module
 */

import type { PypiPackage } from "../../core/model/package.ts";
import type { Registry, Release } from "../registry.ts";
import { authoriseWithToken } from "./authorise.ts";
import { fileRecords } from "./file_records.ts";
import { lookAt, type PypiLook } from "./look.ts";
import { prepareAll } from "./prepare.ts";
import type { Distribution, PypiAccess, PypiPrepared } from "./pypi_prepared.ts";
import { uploadFile } from "./upload.ts";

/** What {@link createPypi} is made of. */
export interface PypiOptions extends PypiAccess<"http" | "env" | "clock" | "signal"> {
  /** Absolute folder that the packages' paths start from. */
  readonly root: string;
  /** Whether no token may be used; false by default. */
  readonly oidcOnly?: boolean;
}

/** Makes the publisher for PyPI. */
export function createPypi(access: PypiOptions): Registry<PypiPrepared, PypiLook> {
  return {
    prepare: (releases) => prepareAll(releases.filter(isPypi), access.root),
    look: (prepared, { fresh = false } = {}) => lookAt(access, { prepared, fresh }),
    records: (prepared, look) => fileRecords(access, prepared, look),
    authorise: (prepared, look) =>
      Promise.resolve().then(() => authoriseWithToken(access, prepared, look)),
    upload: (prepared, file, { credential }) =>
      uploadFile(access, { file: distributionOf(prepared, file.name), credential }),
  };
}

function isPypi(release: Release): release is Release<PypiPackage> {
  return release.package.kind === "pypi";
}

function distributionOf(prepared: PypiPrepared, name: string): Distribution {
  const found = prepared.files.find((file) => file.name === name);
  if (found === undefined) throw new Error(`unreachable: "${name}" was not prepared`);
  return found;
}
