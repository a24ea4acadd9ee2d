/**
 * Projects of PyPI in a rehearsal: a PyPI of this machine, wheels and sdists that are made up, and pip.
 *
 * @module
 */

import type { PlannedPackage } from "../../../core/model/plan.ts";
import { sampleTag } from "../../../core/pypi/platform_tag.ts";
import { PYPI } from "../../../core/pypi/pypi_kind.ts";
import { fileNamePart } from "../../../core/pypi/spelling.ts";
import { Failure } from "../../../error.ts";
import { readableEndpoint } from "../../../registry/endpoints.ts";
import { holdEarlierRelease } from "../../../rehearsal/pypi/earlier_release.ts";
import { canonicalName } from "../../../rehearsal/pypi/packaging.ts";
import { servePypi } from "../../../rehearsal/pypi/serve_pypi.ts";
import type { PypiState } from "../../../rehearsal/pypi/state.ts";
import { openOutsideProjects } from "../../../rehearsal/pypi/through/outside_projects.ts";
import { makeBinary } from "../../../rehearsal/synthesise/platform_artifact.ts";
import {
  type BuiltArtifact,
  makeSdist,
  makeWheel,
} from "../../../rehearsal/synthesise/python_distribution.ts";
import {
  type LocalTrust,
  makeSecret,
  type MissingArtifact,
  missingOf,
  type RehearsedKind,
  USER,
} from "./rehearsed_kind.ts";

/** Projects. Every row of theirs is required, and can be made up. */
export const REHEARSED_PYPI: RehearsedKind<PypiState> = {
  rules: PYPI,
  client: "pip",
  knowsTrust: true,
  open: async ({ clock, identity, sigstore, outside: world }) => {
    const secret = makeToken();
    const server = await servePypi({
      tokens: { [secret]: { holder: { user: USER } } },
      clock,
      ...(identity === undefined ? {} : { identity }),
      sigstore,
    });
    const outside = world && openOutsideProjects({
      ...world,
      clock,
      standard: `${readableEndpoint(world.env, "pypi")}/simple/`,
    });
    const closed = new Set<string>();
    return {
      server,
      state: server.state,
      begin: ({ planned }) => {
        for (const { registry_name: name } of planned) closed.add(canonicalName(name));
      },
      end: () => {
        if (outside !== undefined) server.state.through = { outside, closed };
      },
      missing: () => missingOf(server, nameIn),
      env: {
        PIOT_PYPI_URL: server.url,
        PIOT_PYPI_UPLOAD_URL: server.uploadUrl,
        PYPI_API_TOKEN: secret,
      },
      clientWords: ["pip", "install", "--index-url", server.indexUrl],
      installCall: ({ registry_name: name, version }) => ({
        args: [
          ...["install", "--no-cache-dir", "--isolated", "--disable-pip-version-check"],
          ...["--index-url", server.indexUrl, "--target", "site"],
          `${name}==${PYPI.spelling(version)}`,
        ],
        files: { ".keep": "" },
      }),
      hold: async ({ registry_name: name, version: released }) => {
        const version = PYPI.spelling(released);
        const sdist = await makeSdist({ name, version });
        holdEarlierRelease(server.state, { name, version, owner: USER, sdist, isMadeUp: true });
      },
      ...(identity === undefined ? {} : { trusts: trustsOf(server.state) }),
    };
  },
  synthesise: async ({ planned, artifact: { target, required }, bundled }) => {
    if (!required) return undefined;
    const { fileName, bytes } = await distribution(planned, { target, bundled });
    return { [fileName]: bytes };
  },
};

/** The project in the address of its page or of a file that is read through; else the file's name. */
function nameIn(path: string): string {
  const parts = path.split("/");
  return (/^\/packages\/[0-9a-f]{2}\//.test(path) ? parts.at(-1) : parts.at(-2)) ?? path;
}

/** PyPI knows no approval: a job that may hand in alone may publish here. */
function trustsOf(state: PypiState): LocalTrust {
  return {
    trust: ({ registry_name: name }, { publisher }) => {
      const project = canonicalName(name);
      const others = state.publishers.filter((one) => canonicalName(one.project) !== project);
      state.publishers.splice(0, Infinity, ...others, { project: name, ...publisher });
    },
    approveWaiting: () => [],
  };
}

/** PyPI's tokens are longer than others: `pypi-` and at least 85 characters of base64url. */
function makeToken(): string {
  return `pypi-${Array.from({ length: 3 }, () => makeSecret("")).join("")}`;
}

function distribution(
  pkg: PlannedPackage,
  { target, bundled }: Pick<MissingArtifact, "bundled"> & { readonly target: string },
): Promise<BuiltArtifact> | BuiltArtifact {
  const input = { name: pkg.registry_name, version: PYPI.spelling(pkg.version) };
  if (target === "sdist") return makeSdist(input);
  const platform = target === "any" ? "any" : sampleTag(target);
  if (platform === undefined) throw noWheel(pkg, target);
  const tag = `py3-none-${platform}`;
  if (bundled === undefined) return makeWheel({ ...input, tag });
  const { stage_to: folder, bin } = bundled;
  // What lies in `NAME.data` is in a folder of the wheel's own name.
  const own = `${fileNamePart(input.name)}-${input.version}.data/`;
  const path = `${folder.replace(/^(?:.*\/)?[^/]+\.data\//, own)}/${bin}`;
  const files = { [path]: makeBinary(target, "program") };
  return makeWheel({ ...input, tag, files, executables: [path] });
}

function noWheel(pkg: PlannedPackage, target: string): Failure {
  return new Failure(
    "PIOT_ARTIFACT_INVALID",
    `Cannot make up a wheel of ${pkg.name} for "${target}": PyPI takes none`,
    { hint: `Leave "${target}" out of the package's targets` },
  );
}
