import { test } from "node:test";
import assert from "node:assert/strict";
import { realNpm, WITH_NPM } from "../../support/real_npm.ts";
import { tempFolder } from "../../support/temp.ts";
import { serveTuf, trustTuf } from "../../support/tuf_repository.ts";
import { heldPackage, manifestText, npmRelease, npmWorld } from "./world.ts";

interface Audit {
  readonly invalid: readonly { readonly name: string; readonly code: string }[];
  readonly missing: readonly unknown[];
  readonly verified: readonly {
    readonly name: string;
    readonly attestationBundles: readonly unknown[];
  }[];
}

test(
  "npm audit signatures verifies what was published, its provenance and the registry's own statement",
  WITH_NPM,
  async () => {
    const name = "@acme/demo";
    const trust = {
      repository: "ada/engine",
      workflow: "release.yml",
      permissions: ["createPackage"],
    } as const;
    await using world = await npmWorld({
      "packages/demo/package.json": manifestText({ name, repository: "ada/engine" }),
    }, {
      job: { repository: "ada/engine", workflow: "release.yml" },
      trust: { [name]: trust },
    });
    const { state, url } = world.server;
    state.packages.set(name, heldPackage(name));
    await world.publish(npmRelease({ package: { registryName: name } }));
    await using tuf = await serveTuf(world.sigstore!.trustedRoot);
    await using home = await tempFolder();
    await using user = await tempFolder({ "package.json": "{}" });
    const at = { cwd: user.path, home: home.path, registry: url };
    await realNpm(["install", `${name}@1.0.0`], at);
    const env = { ...await trustTuf(home.path, tuf), npm_config_fetch_retries: "0" };
    const words = ["audit", "signatures", "--json", "--include-attestations"];
    const audit = async (): Promise<Audit> => {
      // It ends with 1 where something is amiss, and says the same.
      const said = await realNpm(words, { ...at, env }).catch(({ stdout }) => stdout as string);
      return JSON.parse(said) as Audit;
    };
    const { invalid, missing, verified } = await audit();
    assert.deepEqual([invalid, missing], [[], []]);
    assert.deepEqual(verified.map((one) => [one.name, one.attestationBundles.length]), [[name, 2]]);

    const version = state.packages.get(name)!.versions.get("1.0.0")!;
    const dist = version.manifest["dist"] as Record<string, unknown>;
    const [signature] = dist["signatures"] as [{ readonly sig: string }];
    version.manifest = {
      ...version.manifest,
      dist: { ...dist, signatures: [{ ...signature, sig: "MAYCAQECAQE=" }] },
    };
    await realNpm(["cache", "clean", "--force"], at);
    const after = await audit();
    assert.deepEqual(after.invalid.map((one) => [one.name, one.code]), [[
      name,
      "EINTEGRITYSIGNATURE",
    ]]);
  },
);
