/** What people do to a package beside publishing it: npm's own client against the local registry. */

import { test } from "node:test";
import assert from "node:assert/strict";
import type { NpmServer } from "../../../src/rehearsal/npm/serve_npm.ts";
import { manifestText, npmRelease, npmWorld, TOKEN, type World } from "../../registry/npm/world.ts";
import { realNpm, WITH_NPM } from "../../support/real_npm.ts";
import { tempFolder } from "../../support/temp.ts";

const GRACE = "npm_grace";

/** A registry with `@acme/demo` at 1.0.0 and 1.1.0, of ada's; what npm is called with; and who else is there. */
async function openWorld(): Promise<
  World & { readonly run: (words: string, token?: string) => Promise<string> }
> {
  const name = "@acme/demo";
  const files = { "packages/demo/package.json": manifestText({ name, description: "A demo" }) };
  const tokens = {
    [TOKEN]: { user: "ada", otp: "123456" },
    [GRACE]: { user: "grace" },
    npm_readonly: { user: "ada", can: "read" },
  } as const;
  const world = await npmWorld(files, { tokens });
  for (const version of ["1.0.0", "1.1.0"]) {
    await world.publish(npmRelease({ version, package: { registryName: name } }));
  }
  const home = await tempFolder();
  world.defer(async () => await home[Symbol.asyncDispose]());
  const at = { cwd: home.path, home: home.path, registry: world.server.url };
  return { ...world, run: (words, token = TOKEN) => realNpm(words.split(" "), { ...at, token }) };
}

const stored = (server: NpmServer) => server.state.packages.get("@acme/demo")!;

test(
  "npm deprecates, stars and unpublishes, and none of it is taken for an upload",
  WITH_NPM,
  async () => {
    await using world = await openWorld();
    const { run, server } = world;
    await run("deprecate @acme/demo@1.0.0 use-another");
    assert.equal(await run("view @acme/demo@1.0.0 deprecated"), "use-another\n");
    assert.equal(await run("view @acme/demo@1.1.0 deprecated"), "");
    await assert.rejects(run("deprecate @acme/demo@1.0.0 mine", GRACE), /E404/);
    await run("star @acme/demo", GRACE);
    assert.deepEqual([...stored(server).stars ?? []], ["grace"]);
    assert.match(await run("stars grace"), /@acme\/demo/);
    await run("unpublish @acme/demo@1.1.0");
    assert.deepEqual([...stored(server).versions.keys()], ["1.0.0"]);
    assert.deepEqual([...stored(server).distTags], [["latest", "1.0.0"]]);
    assert.equal(stored(server).versions.get("1.0.0")!.manifest["deprecated"], "use-another");
    await run("unpublish @acme/demo --force");
    assert.deepEqual(stored(server).unpublished?.versions, ["1.0.0"]);
  },
);

test(
  "npm finds packages, and asks for and changes their owners, access and tokens",
  WITH_NPM,
  async () => {
    await using world = await openWorld();
    const { run, server } = world;
    const [found, packages, people, profile] = await Promise.all([
      run("search demo --json"),
      run("access list packages ada --json"),
      run("access list collaborators @acme/demo --json"),
      run("profile get name"),
    ]);
    assert.deepEqual(
      JSON.parse(found).map((
        { name, version }: { name: string; version: string },
      ) => [name, version]),
      [["@acme/demo", "1.1.0"]],
    );
    assert.deepEqual(JSON.parse(packages), { "@acme/demo": "read-write" });
    assert.deepEqual(JSON.parse(people), { ada: "read-write" });
    assert.equal(profile, "ada\n");
    assert.equal(await run("owner ls @acme/demo"), "ada <ada@users.invalid>\n");
    await run("owner add grace @acme/demo");
    assert.deepEqual(stored(server).maintainers, ["ada", "grace"]);
    await assert.rejects(run("owner add nobody @acme/demo"), /E404/);
    await run("owner rm ada @acme/demo", GRACE);
    assert.deepEqual(stored(server).maintainers, ["grace"]);
    await assert.rejects(
      run("access set status=private @acme/demo", GRACE),
      /E402|private packages/,
    );
    assert.equal(await run("access get status @acme/demo"), "@acme/demo: public\n");
    const tokens = JSON.parse(await run("token list --json")) as {
      key: string;
      readonly: boolean;
    }[];
    assert.deepEqual(tokens.map(({ readonly }) => readonly), [false, true]);
    await run(`token revoke ${tokens[1]!.key}`);
    await assert.rejects(run("whoami", "npm_readonly"), /E401/);
  },
);
