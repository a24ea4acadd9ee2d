/** What a look believes: the index, the API, and files from another server. No cargo needed. */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import type { Records } from "../../../src/core/release/commit_record.ts";
import type { Look } from "../../../src/registry/registry.ts";
import type { CratesPrepared } from "../../../src/registry/crates/crates_work.ts";
import { createCrates } from "../../../src/registry/crates/create_crates.ts";
import { type RawRequest, rawServer, reply } from "../../support/raw_server.ts";
import { testHost } from "../../support/test_host.ts";
import { crate, makeRelease } from "./crates_world.ts";

const BYTES = gzipSync("no archive");
const CKSUM = createHash("sha256").update(BYTES).digest("hex");
const json = { "content-type": "application/json" };
const NO_CRATE = reply('{"errors":[{"detail":"crate `demo` does not exist"}]}', {
  ...json,
  status: "404 Not Found",
});
const line = (vers: string): string =>
  `${
    JSON.stringify({ name: "demo", vers, cksum: CKSUM, deps: [], features: {}, yanked: false })
  }\n`;

interface Seen {
  readonly look: Look;
  /** Asks for the commit that the file of the version names. */
  readonly records: Records | undefined;
}

async function look(
  say: (request: RawRequest) => string | Uint8Array | undefined,
  fresh = false,
): Promise<Look> {
  return (await see(say, { fresh, asks: false })).look;
}

async function see(
  say: (request: RawRequest) => string | Uint8Array | undefined,
  { fresh = false, asks = true }: { readonly fresh?: boolean; readonly asks?: boolean } = {},
): Promise<Seen> {
  await using server = await rawServer((request) =>
    say(request) ??
      (request.path.startsWith("/index/") ? reply("", { status: "404 Not Found" }) : NO_CRATE)
  );
  const release = makeRelease(crate("demo"), { version: "1.0.0", commit: "0".repeat(40) });
  const prepared: CratesPrepared = {
    release: release as CratesPrepared["release"],
    files: [{ name: "demo-1.0.0.crate", size: 1, digest: "sha256-00" }],
    warnings: [],
    way: { by: "cargo", cargo: { workspace: "/nowhere", targetFolder: "/nowhere" } },
    categories: [],
    siblings: [],
  };
  const endpoints = { crates: server.url, cratesIndex: `${server.url}/index` };
  const host = testHost();
  const crates = createCrates({ host, root: "/nowhere", endpoints });
  const look = await crates.look(prepared, { fresh });
  return { look, records: asks ? await crates.records(prepared, look) : undefined };
}

const isIndex = ({ path }: RawRequest): boolean => path.startsWith("/index/");

test("a crate's file counts when it is the one that crates.io has the checksum of", async () => {
  const answer = (body: string | Uint8Array) => (request: RawRequest) =>
    isIndex(request)
      ? reply(line("1.0.0"))
      : request.path.endsWith("/download")
      ? reply(body)
      : undefined;
  const { look } = await see(answer(BYTES));
  assert.equal(look.files.get("demo-1.0.0.crate")?.state, "other");
  await assert.rejects(see(answer("another file")), {
    code: "PIOT_REGISTRY_UNKNOWN",
    message: /the file is not the one that crates\.io has the checksum of$/,
  });
});

test("a crate's file comes from the server that crates.io leads to", async () => {
  await using files = await rawServer(() => reply(BYTES));
  const { look } = await see((request) =>
    isIndex(request)
      ? reply(line("1.0.0"))
      : request.path.endsWith("/download")
      ? reply("", { status: "302 Found", location: `${files.url}/demo-1.0.0.crate` })
      : undefined
  );
  assert.equal(look.files.get("demo-1.0.0.crate")?.state, "other");
  assert.deepEqual(files.requests.map(({ path }) => path), ["/demo-1.0.0.crate"]);
});

const KNOWN = reply(
  JSON.stringify({ crate: { id: "demo", name: "demo", newest_version: "0.9.0" } }),
  json,
);

const CONTRADICTIONS: readonly {
  readonly name: string;
  readonly say: (request: RawRequest) => string | Uint8Array | undefined;
  readonly says: RegExp;
}[] = [
  {
    name: "an index without the crate that the API has",
    say: ({ path }) => path.startsWith("/api/v1/crates/demo?") ? KNOWN : undefined,
    says: /the index has no such crate, and the API has$/,
  },
  {
    name: "an index that answers with nothing",
    say: (request) => isIndex(request) ? reply("\n") : undefined,
    says: /the index answered with nothing$/,
  },
  {
    name: "an index that answers with another crate",
    say: (request) => isIndex(request) ? reply(line("1.0.0").replace("demo", "other")) : undefined,
    says: /something else than its lines$/,
  },
  {
    name: "an API that answers with another crate",
    say: ({ path }) =>
      path.startsWith("/api/v1/crates/demo?")
        ? reply('{"crate":{"name":"other","newest_version":"1.0.0"}}', json)
        : undefined,
    says: /the answer has no such crate$/,
  },
];
for (const { name, say, says } of CONTRADICTIONS) {
  test(`${name} is never one where the version is absent`, async () => {
    await assert.rejects(look(say), { code: "PIOT_REGISTRY_UNKNOWN", message: says });
  });
}

test("what S3 says of a key that it does not have is an index's own word", async () => {
  const s3 = '<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>NoSuchKey</Code></Error>';
  const { files } = await look((request) =>
    isIndex(request) ? reply(s3, { status: "404 Not Found" }) : undefined
  );
  assert.equal(files.get("demo-1.0.0.crate")?.state, "absent");
});
