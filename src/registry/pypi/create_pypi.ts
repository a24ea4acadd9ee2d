/**
 * PyPI, and every index that speaks its protocols.
 *
 * @module
 */

import type { PypiPackage } from "../../core/model/package.ts";
import type { Endpoints } from "../endpoints.ts";
import type { Registry, Release } from "../registry.ts";
import { authorise } from "./authorise.ts";
import { fileRecords } from "./file_records.ts";
import { lookAt, type PypiLook } from "./look.ts";
import { prepareAll } from "./prepare.ts";
import type {
  Distribution,
  PypiAccess,
  PypiCredential,
  PypiEndpoints,
  PypiPrepared,
} from "./pypi_prepared.ts";
import { lostAttestations } from "./shortfalls.ts";
import { trustedPublisher } from "./trusted_publisher.ts";
import { uploadFile } from "./upload.ts";

/** What {@link createPypi} is made of. */
export interface PypiOptions extends PypiAccess<"http" | "env" | "clock" | "signal"> {
  readonly endpoints: PypiEndpoints & Pick<Endpoints, "fulcio" | "rekor">;
  /** Absolute folder that the packages' paths start from. */
  readonly root: string;
  /** Whether no token may be used; false by default. */
  readonly oidcOnly?: boolean;
  /** Told of every secret that comes into being, before it is used. */
  readonly onSecret?: (secret: string) => void;
}

/** Makes the publisher for PyPI. */
export function createPypi(
  access: PypiOptions,
): Registry<PypiPrepared, PypiLook, PypiCredential> {
  const { onSecret = () => {} } = access;
  const publisher = trustedPublisher({ ...access, onSecret });
  return {
    prepare: (releases, _defer, { refuse } = {}) =>
      prepareAll(releases.filter(isPypi), access.root, refuse),
    look: (prepared, { fresh = false } = {}) => lookAt(access, { prepared, fresh }),
    records: (prepared, look) => fileRecords(access, prepared, look),
    authorise: (prepared, look) => authorise({ ...access, publisher }, { prepared, look }),
    upload: (prepared, file, { credential }) =>
      uploadFile(access, { file: distributionOf(prepared, file.name), credential }),
    shortfalls: lostAttestations,
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
