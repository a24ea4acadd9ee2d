/**
 * PyPI, and every index that speaks its protocols.
 *
 * @module
 */

import type { PypiPackage } from "../../core/model/package.ts";
import type { Host } from "../../host/host.ts";
import type { Registry, Release } from "../registry.ts";
import { authoriseWithToken } from "./authorise.ts";
import type { PypiEndpoints } from "./endpoints.ts";
import { lookAt } from "./look.ts";
import { prepareAll } from "./prepare.ts";
import type { Distribution, PypiPrepared } from "./prepared.ts";
import { uploadFile } from "./upload.ts";

/** What the publisher is made of. */
export interface PypiParts {
  readonly host: Pick<Host, "http" | "env" | "clock">;
  readonly endpoints: PypiEndpoints;
}

/** Makes the publisher for PyPI. */
export function createPypi(parts: PypiParts): Registry<PypiPrepared> {
  return {
    prepare: (releases) => prepareAll(releases.filter(isPypi)),
    look: (prepared, { fresh = false } = {}) => lookAt(parts, { prepared, fresh }),
    authorise: (prepared) => Promise.resolve().then(() => authoriseWithToken(parts, prepared)),
    upload: (prepared, file, { credential }) =>
      uploadFile(parts, { file: distributionOf(prepared, file.name), credential }),
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
