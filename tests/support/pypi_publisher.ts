/** A publisher in front of a local PyPI, with a token that the server knows. */

import { createPypi } from "../../src/registry/pypi/create_pypi.ts";
import type { PypiPrepared } from "../../src/registry/pypi/pypi_prepared.ts";
import type { Look, Release, ReleaseFile } from "../../src/registry/registry.ts";
import type { PypiServer } from "../../src/rehearsal/pypi/serve_pypi.ts";
import type { PypiGrant } from "../../src/rehearsal/pypi/state.ts";
import { type TestHost, testHost } from "./test_host.ts";

export const TOKEN = "pypi-of-ada";
export const ADA: Readonly<Record<string, PypiGrant>> = { [TOKEN]: { holder: { user: "ada" } } };

export interface Publisher {
  readonly host: TestHost;
  readonly pypi: ReturnType<typeof createPypi>;
  readonly prepare: (release: Release) => Promise<PypiPrepared>;
  /** Uploads the first file of a release alone. */
  readonly uploadFirst: (prepared: PypiPrepared) => Promise<void>;
  /** Uploads what is absent, in order; gives the names that were sent. */
  readonly publish: (release: Release) => Promise<string[]>;
}

export function publisherFor(
  server: PypiServer,
  options: {
    readonly token?: string;
    readonly now?: string;
    readonly signal?: AbortSignal;
  } = {},
): Publisher {
  const { signal } = options;
  const host = testHost({
    ...(signal === undefined ? {} : { signal }),
    env: { PYPI_API_TOKEN: options.token ?? TOKEN },
    ...(options.now === undefined ? {} : { now: options.now }),
  });
  const nowhere = "http://127.0.0.1:9";
  const endpoints = {
    ...{ pypi: server.url, pypiUpload: server.uploadUrl },
    ...{ fulcio: nowhere, rekor: nowhere },
  };
  const pypi = createPypi({ host, root: host.cwd, endpoints });
  const prepare: Publisher["prepare"] = async (release) => {
    const [prepared] = await pypi.prepare([release], () => {});
    return prepared!;
  };
  return {
    host,
    pypi,
    prepare,
    uploadFirst: async (prepared) => {
      const credential = await pypi.authorise(prepared, await pypi.look(prepared));
      await pypi.upload(prepared, prepared.files[0]!, { credential });
    },
    publish: async (release) => {
      const prepared = await prepare(release);
      const look = await pypi.look(prepared);
      const credential = await pypi.authorise(prepared, look);
      const absent = absentFiles(prepared, look);
      for (const file of absent) await pypi.upload(prepared, file, { credential });
      return absent.map(({ name }) => name);
    },
  };
}

export function absentFiles(prepared: PypiPrepared, look: Look): readonly ReleaseFile[] {
  return prepared.files.filter(({ name }) => look.files.get(name)?.state === "absent");
}

/** The state of each file, by name. */
export function states(look: Look): Record<string, string> {
  return Object.fromEntries([...look.files].map(([name, { state }]) => [name, state]));
}
