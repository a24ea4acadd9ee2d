/** Every request that a local service knows has a place where it can be broken, and every place is broken by some test. */

import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { parseFault } from "../../../src/rehearsal/server/faults.ts";
import { type PlaceName, PLACES, type ServiceName } from "../../../src/rehearsal/server/places.ts";
import { placeOfRequest, ROUTES } from "../../../src/rehearsal/server/routes.ts";
import type { LocalRequest } from "../../../src/rehearsal/server/messages.ts";
import {
  EXAMPLE_FAULTS,
  STAGED_FAULTS,
  TRUSTED_FAULTS,
  UNASKED,
} from "../../support/fault_rows.ts";

const names = Object.keys(PLACES) as PlaceName[];

test("each place has an address, all of them of its own service", () => {
  const served = Object.entries(ROUTES).flatMap(([service, routes]) =>
    routes.map(({ place }) => `${place} of ${service}`)
  );
  const expected = names.map((name) => `${name} of ${PLACES[name].service}`);
  assert.deepEqual([...new Set(served)].sort(), expected.sort());
});

test("each service of a rehearsal knows the requests of its routes and no others", async () => {
  const folder = "src/rehearsal";
  const files = (await readdir(folder, { recursive: true })).filter((one) =>
    /(^|\/)serve_\w+\.ts$/.test(one)
  );
  const listed: string[] = [];
  for (const file of files) {
    const text = await readFile(join(folder, file), "utf8");
    const [, plain, quoted] = /\bROUTES(?:\.(\w+)|\["([^"]+)"\])\);/.exec(text) ?? [];
    listed.push(plain ?? quoted ?? `${file} passes no routes`);
  }
  assert.deepEqual(listed.sort(), Object.keys(ROUTES).sort());
});

test("each place is broken in the tables of faults, or no run asks there", () => {
  const rows = [...EXAMPLE_FAULTS, ...TRUSTED_FAULTS, ...STAGED_FAULTS];
  const broken = rows.flatMap(({ faults }) => faults).map((fault) => /^[a-z-]+/.exec(fault)![0]);
  assert.deepEqual([...new Set([...broken, ...Object.keys(UNASKED)])].sort(), [...names].sort());
  assert.deepEqual(broken.filter((name) => Object.hasOwn(UNASKED, name)), []);
});

test("the documentation has every place, and no other", async () => {
  const text = await readFile("docs/rehearse.md", "utf8");
  const table = text.split("\n").filter((line) => line.startsWith("| `")).join("\n");
  const rows = [...table.matchAll(/^\| `([a-z-]+)` +\| ([^|]+?) +\| ([^|]+?) +\|$/gm)];
  assert.deepEqual(
    rows.map(([, name, service, request]) => [name, service, request]),
    names.map((name) => [name, PLACES[name].service, PLACES[name].request]),
  );
});

const REQUESTS: readonly (readonly [ServiceName, string, PlaceName | undefined])[] = [
  ["crates.io", "PUT /api/v1/crates/new", "crates-upload"],
  ["crates.io", "GET /index/config.json", "crates-config"],
  ["crates.io", "GET /index/pe/bb/pebble", "crates-index"],
  ["crates.io", "GET /api/v1/crates/pebble/1.0.0", "crates-read"],
  ["crates.io", "GET /api/v1/crates/pebble/1.0.0/download", "crates-download"],
  ["crates.io", "GET /api/v1/crates/pebble/owners", "crates-people"],
  ["crates.io", "POST /api/v1/crates/new", undefined],
  ["PyPI", "HEAD /simple/pebble/", "pypi-read"],
  ["PyPI", "PUT /simple/pebble/", undefined],
  ["npm", "PUT /@acme%2fdemo", "npm-upload"],
  ["npm", "GET /@acme/demo", "npm-read"],
  ["npm", "GET /demo/latest", "npm-read"],
  ["npm", "GET /@acme/demo/-/demo-1.0.0.tgz", "npm-download"],
  ["npm", "POST /-/stage/package/@acme%2fdemo", "npm-stage"],
  ["npm", "GET /-/stage", "npm-waiting"],
  ["npm", "POST /-/stage/1/approve", "npm-approval"],
  ["npm", "PUT /-demo", "npm-upload"],
  ["npm", "GET /-/v1/search?text=demo", "npm-people"],
  ["npm", "GET /-/package/@acme%2fdemo/collaborators", "npm-people"],
  ["npm", "PUT /@acme%2fdemo/-rev/1-a", "npm-upkeep"],
  ["npm", "DELETE /demo/-/demo-1.0.0.tgz/-rev/1-a", "npm-upkeep"],
  ["npm", "GET /-/npm/v1/keys", "npm-attestations"],
  ["npm", "DELETE /@acme%2fdemo", undefined],
  ["GitHub", "GET /ada/engine.git/info/refs?service=git-receive-pack", "tag-push-start"],
  ["GitHub", "GET /ada/engine.git/info/refs?service=git-upload-pack", "tag-read"],
  ["GitHub", "GET /repos/ada/engine", "github-read"],
  ["GitHub", "GET /repos/ada/engine/releases/tags/a%2Fb", "release-read"],
  ["GitHub", "PATCH /repos/ada/engine/releases/1", undefined],
  ["Actions", "GET /.well-known/jwks", "identity-keys"],
  ["Sigstore", "GET /api/v1/log/entries/%zz", "rekor-read"],
  ["Sigstore", "GET /api/v1/log/entries", undefined],
];

for (const [service, asked, place] of REQUESTS) {
  test(`${service}: ${asked} is ${place ?? "no request that it knows"}`, () => {
    const [method = "", path = ""] = asked.split(" ");
    const { pathname, searchParams } = new URL(path, "http://127.0.0.1");
    const found = placeOfRequest(ROUTES[service], { method, path: pathname, query: searchParams });
    assert.equal(found, place);
  });
}

/** Which of so many requests a fault hits, when it is the only one. */
function hits(text: string, places: readonly PlaceName[]): readonly boolean[] {
  const { fault } = parseFault(text, { sleep: () => Promise.resolve() });
  let left = fault.times ?? 1;
  return places.map((place) => {
    const request = { place, path: "/@acme%2fdemo" } as LocalRequest;
    return left > 0 && fault.matches(request) && left-- > 0;
  });
}

const FOUR: readonly PlaceName[] = ["npm-upload", "npm-read", "npm-upload", "npm-upload"];
for (
  const [text, expected] of [
    ["npm-upload:500", [true, false, false, false]],
    ["npm-upload#2:500", [false, false, true, false]],
    ["npm-upload#2+:500", [false, false, true, true]],
    ["npm-upload=/demo:429", [true, false, false, false]],
    ["npm-upload=other:429", [false, false, false, false]],
    ["npm-upload=demo#3:slow", [false, false, false, true]],
  ] as const
) {
  test(`--fault ${text} hits ${expected.flatMap((one, index) => one ? index : []).join(" and ")}`, () => {
    assert.deepEqual(hits(text, FOUR), expected);
  });
}

for (
  const text of [
    "",
    "npm-upload",
    "npm:500",
    "npm-upload:501",
    "npm-upload#0:500",
    "npm-upload+:500",
  ]
) {
  test(`"${text}" is no fault`, () => {
    assert.throws(() => parseFault(text, { sleep: () => Promise.resolve() }), {
      code: "PIOT_USAGE",
      message: `Cannot break "${text}": that is no fault`,
    });
  });
}

test("a request is slow by the clock of the rehearsal", () => {
  const clock = { sleep: () => Promise.resolve() };
  assert.deepEqual(parseFault("npm-upload:slow", clock).fault.how, { delay: 2000, clock });
});
