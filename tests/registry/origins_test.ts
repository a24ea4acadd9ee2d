import { deepEqual, rejects } from "node:assert/strict";
import { Buffer } from "node:buffer";
import { test } from "node:test";
import type { Package } from "../../src/core/model/package.ts";
import { readCratesOrigin } from "../../src/registry/crates/crates_origin.ts";
import { readEndpoints } from "../../src/registry/endpoints.ts";
import { readNpmOrigin } from "../../src/registry/npm/npm_origin.ts";
import { readPypiOrigin } from "../../src/registry/pypi/pypi_origin.ts";
import { outsideServer } from "../support/outside_server.ts";
import { testHost } from "../support/test_host.ts";

const json = (document: object) => ({ type: "application/json", body: JSON.stringify(document) });
const pkg = (registryName: string): Package => ({ registryName }) as Package;

const FILE = {
  filename: "demo-1.0.0-py3-none-any.whl",
  url: "https://files.example/demo.whl",
  hashes: { sha256: "0".repeat(64) },
  size: 1,
  "upload-time": "2026-01-01T00:00:00Z",
  provenance: "https://pypi.example/integrity",
};
const INDEX = { meta: { "api-version": "1.4" }, name: "demo", versions: ["1.0.0"], files: [FILE] };
const publisher = (more: object) => ({
  version: 1,
  attestation_bundles: [{
    publisher: { kind: "GitHub", repository: "ada/demo", workflow: "release.yml", ...more },
    attestations: [],
  }],
});

const slsa = {
  _type: "https://in-toto.io/Statement/v1",
  subject: [{ name: "pkg:npm/demo@1.0.0", digest: { sha512: "00" } }],
  predicateType: "https://slsa.dev/provenance/v1",
  predicate: {
    buildDefinition: {
      externalParameters: {
        workflow: {
          ref: "refs/heads/main",
          repository: "https://github.com/ada/demo",
          path: ".github/workflows/release.yml",
        },
      },
    },
  },
};
const bundle = (statement: object) => ({
  attestations: [{
    predicateType: "https://slsa.dev/provenance/v1",
    bundle: {
      dsseEnvelope: { payload: Buffer.from(JSON.stringify(statement)).toString("base64") },
    },
  }],
});

const CRATE = {
  crate: "demo",
  num: "1.0.0",
  trustpub_data: { provider: "github", repository: "ada/demo", run_id: "1", sha: "0".repeat(40) },
};

const ROWS = [
  {
    name: "crates.io tells the repository of a trusted publisher",
    read: readCratesOrigin,
    answers: { "/api/v1/crates/demo/1.0.0": { version: CRATE } },
    origin: { repository: "ada/demo" },
  },
  {
    name: "crates.io tells nothing of a user's upload",
    read: readCratesOrigin,
    answers: { "/api/v1/crates/demo/1.0.0": { version: { ...CRATE, trustpub_data: null } } },
    origin: undefined,
  },
  {
    name: "PyPI tells all three",
    read: readPypiOrigin,
    answers: {
      "/simple/demo/": INDEX,
      "/integrity/demo/1.0.0/demo-1.0.0-py3-none-any.whl/provenance": publisher({
        environment: "release",
      }),
    },
    origin: { repository: "ada/demo", workflow: "release.yml", environment: "release" },
  },
  {
    name: "PyPI tells that there was no environment",
    read: readPypiOrigin,
    answers: {
      "/simple/demo/": INDEX,
      "/integrity/demo/1.0.0/demo-1.0.0-py3-none-any.whl/provenance": publisher({
        environment: null,
      }),
    },
    origin: { repository: "ada/demo", workflow: "release.yml", environment: null },
  },
  {
    name: "npm tells the workflow and the repository",
    read: readNpmOrigin,
    answers: { "/-/npm/v1/attestations/demo@1.0.0": bundle(slsa) },
    origin: { repository: "ada/demo", workflow: "release.yml" },
  },
  {
    name: "npm's own attestation tells nothing",
    read: readNpmOrigin,
    answers: {
      "/-/npm/v1/attestations/demo@1.0.0": bundle({
        ...slsa,
        predicateType: "https://github.com/npm/attestation/tree/main/specs/publish/v0.1",
      }),
    },
    origin: undefined,
  },
] as const;

for (const { name, read, answers, origin } of ROWS) {
  test(`where a version came from: ${name}`, async () => {
    await using server = await outsideServer((path) => {
      const answer = (answers as Readonly<Record<string, object>>)[path];
      return answer === undefined ? undefined : json(answer);
    });
    const env = {
      PIOT_NPM_URL: server.url,
      PIOT_PYPI_URL: server.url,
      PIOT_CRATES_URL: server.url,
    };
    const host = testHost({ env });
    deepEqual(
      await read({ host: host as never, endpoints: readEndpoints(env) })(pkg("demo"), "1.0.0"),
      origin,
    );
  });
}

for (const read of [readCratesOrigin, readPypiOrigin, readNpmOrigin]) {
  test(`where a version came from: a page in place of an answer is none (${read.name})`, async () => {
    await using server = await outsideServer(() => ({ type: "text/html", body: "<html>" }));
    const env = {
      PIOT_NPM_URL: server.url,
      PIOT_PYPI_URL: server.url,
      PIOT_CRATES_URL: server.url,
    };
    const host = testHost({ env });
    await rejects(
      read({ host: host as never, endpoints: readEndpoints(env) })(pkg("demo"), "1.0.0"),
      { code: "PIOT_REGISTRY_UNKNOWN" },
    );
  });
}
