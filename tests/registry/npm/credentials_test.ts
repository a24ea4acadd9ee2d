import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { packTarball } from "../../../src/registry/npm/pack.ts";
import { makeBinary } from "../../../src/rehearsal/synthesise/platform_artifact.ts";
import { familyWorld, type Files, refusalOf } from "./family_world.ts";
import { manifestText, npmRelease, npmWorld } from "./world.ts";

const KEY = "-----BEGIN PRIVATE KEY-----\n";

async function tgz(files: Files): Promise<Uint8Array> {
  return await packTarball(
    Object.entries(files).map(([path, content]) => ({
      path,
      bytes: typeof content === "string" ? new TextEncoder().encode(content) : content,
      executable: false,
    })),
  );
}

const FILES: Files = {
  "index.js": "",
  "config/.ENV": "TOKEN=1",
  "certs/server.pem": KEY,
  "certs/ca.pem": "-----BEGIN CERTIFICATE-----\n",
  "account.json": JSON.stringify({ type: "service_account", private_key: KEY }),
};

const SENTENCE = 'PIOT_CREDENTIAL_FILE Cannot publish "demo": it holds ' +
  '"account.json" (the key of a service account), "certs/server.pem" (a private key), ' +
  '"config/.ENV" (an environment file), which would be everybody\'s';

for (
  const { name, files } of [
    {
      name: "a package of the checkout",
      files: (own: Files) => Promise.resolve(below("packages/demo", own)),
    },
    {
      name: "a delivered folder",
      files: (own: Files) => Promise.resolve(below("artifacts/demo-pkg", own)),
    },
    {
      name: "a ready tarball",
      files: async (own: Files) => ({ "artifacts/demo-pkg/demo-1.0.0.tgz": await tgz(own) }),
    },
  ]
) {
  const prepareWith = async (fields: Record<string, unknown>): Promise<unknown> => {
    const manifest = manifestText({ version: "1.0.0", ...fields });
    const tree = await files({ ...FILES, "package.json": manifest });
    await using world = await npmWorld(tree as Files);
    const isDelivered = Object.keys(tree).some((path) => path.startsWith("artifacts/"));
    const folder = isDelivered ? join(world.root, "artifacts/demo-pkg") : undefined;
    return await world.prepare(
      npmRelease({ artifacts: [{ target: "noarch", name: "demo-pkg", folder }] }),
    );
  };

  test(`credentials in ${name} are refused, by their paths`, async () => {
    const { problems, hints } = await refusalOf(prepareWith({}));
    assert.deepEqual(problems, [SENTENCE]);
    assert.equal(
      hints[0],
      "Keep them out of the package; where everybody is to have such a file, write its path out in `files` of its package.json",
    );
  });

  test(`credentials in ${name} are refused when a folder or a pattern takes them along`, async () => {
    for (const list of [["**"], ["*"], ["config", "certs/*.pem", "*.json", "index.js"]]) {
      const { problems } = await refusalOf(prepareWith({ files: list }));
      assert.deepEqual(problems, [SENTENCE]);
    }
  });

  test(`what files names letter by letter is published in ${name}`, async () => {
    const named = ["config/.ENV", "./certs/server.pem", "/account.json", "index.js", "certs"];
    await prepareWith({ files: named });
  });
}

function below(folder: string, files: Files): Files {
  return Object.fromEntries(
    Object.entries(files).map(([path, text]) => [`${folder}/${path}`, text]),
  );
}

const LINUX = makeBinary("linux-x64-gnu", "program");
const PLATFORM = "@acme/demo-linux-x64-gnu";
const platformManifest = manifestText({
  ...{ name: PLATFORM, version: "1.0.0", main: "demo" },
  ...{ os: ["linux"], cpu: ["x64"], libc: ["glibc"] },
});

test("credentials in a delivered platform folder are refused under the platform package's name", async () => {
  await using world = await familyWorld({
    "linux-x64-gnu": {
      "package.json": platformManifest,
      demo: LINUX,
      "x/.npmrc.bak": "",
      "x/.netrc": "",
    },
  });
  const { problems } = await refusalOf(world.prepare(world.release));
  assert.deepEqual(problems, [
    `PIOT_CREDENTIAL_FILE Cannot publish "${PLATFORM}": it holds "x/.netrc" (passwords of hosts), which would be everybody's`,
  ]);
});

test("credentials in a ready platform tarball are refused under the platform package's name", async () => {
  const ready = await packTarball([
    { path: "package.json", bytes: new TextEncoder().encode(platformManifest), executable: false },
    { path: "demo", bytes: LINUX, executable: true },
    { path: ".git-credentials", bytes: new Uint8Array(), executable: false },
  ]);
  await using world = await familyWorld({
    "linux-x64-gnu": { "acme-demo-linux-x64-gnu-1.0.0.tgz": ready },
  });
  const { problems } = await refusalOf(world.prepare(world.release));
  assert.deepEqual(problems, [
    `PIOT_CREDENTIAL_FILE Cannot publish "${PLATFORM}": it holds ".git-credentials" (git's saved passwords), which would be everybody's`,
  ]);
});

test("credentials in the main package of a family are refused", async () => {
  await using world = await familyWorld({ "linux-x64-gnu": { demo: LINUX } }, {
    files: { "id_ed25519": "x", "index.js": "" },
  });
  const { problems } = await refusalOf(world.prepare(world.release));
  assert.deepEqual(problems, [
    'PIOT_CREDENTIAL_FILE Cannot publish "@acme/demo": it holds "id_ed25519" (a private key of SSH), which would be everybody\'s',
  ]);
});

for (const path of [".env", "conf/.npmrc"]) {
  test(`a credential beside a lone program is refused: ${path}`, async () => {
    await using world = await familyWorld({ "linux-x64-gnu": { demo: LINUX, [path]: "TOKEN=1" } });
    const { problems } = await refusalOf(world.prepare(world.release));
    assert.equal(problems.length, 1);
    assert.match(problems[0]!, /^PIOT_CREDENTIAL_FILE Cannot publish "@acme\/demo-linux-x64-gnu"/);
    assert.ok(problems[0]!.includes(`it holds "${path}"`), problems[0]);
  });
}
