import assert from "node:assert/strict";
import { test } from "node:test";
import { cratesWorld, failureOf, inside, LONE, manifest, NO_CARGO } from "./crates_world.ts";

const KEY = "-----BEGIN PRIVATE KEY-----\n";
const FILES = inside("lone", {
  ".env": "TOKEN=1\n",
  "tests/server.pem": KEY,
  "tests/ca.pem": "-----BEGIN CERTIFICATE-----\n",
});

test(
  "credentials in a crate are refused before it is sent, by their paths",
  { skip: NO_CARGO },
  async () => {
    await using world = await cratesWorld({ ...LONE, ...FILES });
    const failure = await failureOf(
      world.prepare(world.registry(), [await world.release("lone", "0.1.0")]),
    );
    assert.equal(failure.code, "PIOT_CREDENTIAL_FILE");
    assert.equal(
      failure.message,
      'Cannot publish lone: it holds ".env" (an environment file), "tests/server.pem" (a private key), which would be everybody\'s',
    );
    assert.match(failure.hint ?? "", /write its path out in `include` of its Cargo\.toml$/);
  },
);

for (
  const { name, include, isNamed } of [
    { name: "letter by letter", include: '["src", "/.env", "tests/server.pem"]', isNamed: true },
    { name: "by patterns", include: '["src", ".env*", "tests/"]', isNamed: false },
  ]
) {
  test(`a crate whose include has them ${name} is ${isNamed ? "published" : "refused"}`, {
    skip: NO_CARGO,
  }, async () => {
    await using world = await cratesWorld({
      ...LONE,
      ...FILES,
      "lone/Cargo.toml": manifest("lone", `include = ${include}`),
    });
    const prepared = world.prepare(world.registry(), [await world.release("lone", "0.1.0")]);
    if (isNamed) assert.equal((await prepared).length, 1);
    else assert.equal((await failureOf(prepared)).code, "PIOT_CREDENTIAL_FILE");
  });
}

test(
  "where each package's trouble is its own, the crate with credentials is refused and the other is packed",
  {
    skip: NO_CARGO,
  },
  async () => {
    const other = Object.fromEntries(
      Object.entries(LONE).map(([path, text]) => [path.replaceAll("lone", "other"), text]),
    );
    await using world = await cratesWorld({
      ...LONE,
      ...FILES,
      ...other,
      "other/Cargo.toml": manifest("other", ""),
    });
    const refused: string[] = [];
    const releases = [await world.release("lone", "0.1.0"), await world.release("other", "0.1.0")];
    const undo: (() => Promise<void>)[] = [];
    const prepared = await world.registry().prepare(releases, (step) => void undo.push(step), {
      refuse: ({ package: { name } }, { code }) => void refused.push(`${name} ${code}`),
    });
    for (const step of undo.reverse()) await step();
    assert.deepEqual(refused, ["lone PIOT_CREDENTIAL_FILE"]);
    assert.deepEqual(prepared.map(({ release }) => release.package.name), ["other"]);
  },
);
