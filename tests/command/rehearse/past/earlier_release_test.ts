import assert from "node:assert/strict";
import { test } from "node:test";
import {
  packagePast,
  type ReleaseTag,
} from "../../../../src/command/rehearse/past/earlier_release.ts";
import type { Package } from "../../../../src/core/model/package.ts";
import { Failure } from "../../../../src/error.ts";
import { KINDS } from "../../../../src/registry/kinds.ts";
import { declareBytes } from "../../../../src/command/declare_bytes.ts";
import { configOf, type Keys, npmPackage } from "../../../support/rehearsal.ts";

async function declared(...packages: readonly Keys[]): Promise<readonly Package[]> {
  const bytes = new TextEncoder().encode(configOf(...packages));
  return (await declareBytes(bytes, { file: "putitoutthere.toml" })).config.packages;
}

const [LINUX, MAC] = ["linux-x64-gnu", "darwin-arm64"];
const family = (...targets: readonly (string | undefined)[]): Keys =>
  npmPackage("tool", { build: "bundled-cli", targets });
const WHEEL = { name: "tool", kind: "pypi", path: "tool", paths: ["tool/**"] };
const NONE = new Failure("PIOT_CONFIG_MISSING", "Cannot find it", { hint: "" });
const at = (version: string, packages: ReleaseTag["packages"]): ReleaseTag => ({
  ...{ tag: `tool-v${version}`, version, packages },
});

const TODAY = (await declared(family(LINUX, MAC)))[0]!;
const OLD = await declared(family(LINUX));
const NEW = await declared(family(LINUX, MAC));
const OTHER = await declared(npmPackage("gadget"));
const RENAMED = await declared(npmPackage("gadget", { tag_format: "tool-v{version}" }));

const ROWS: readonly {
  readonly name: string;
  readonly tags: readonly ReleaseTag[];
  /** `version kind registry-name targets`. */
  readonly is: readonly string[];
  readonly warnings?: readonly RegExp[];
}[] = [
  { name: "a package without a tag has no past", tags: [], is: [] },
  {
    name: "each release has the targets that its own configuration had, the lowest version first",
    tags: [at("1.10.0", NEW), at("1.9.0", OLD)],
    is: [`1.9.0 npm tool ${LINUX}`, `1.10.0 npm tool ${LINUX} ${MAC}`],
  },
  {
    name: "a release of another kind is one of that kind",
    tags: [at("1.0.0", await declared(WHEEL)), at("2.0.0", OLD)],
    is: ["1.0.0 pypi tool any sdist", `2.0.0 npm tool ${LINUX}`],
  },
  {
    name: "a package that had another name, and this tag, is the same one",
    tags: [at("1.0.0", RENAMED)],
    is: ["1.0.0 npm gadget "],
  },
  {
    name: "where nothing tells, today's configuration counts",
    tags: [at("1.0.0", NONE), at("1.1.0", OTHER)],
    is: [`1.0.0 npm tool ${LINUX} ${MAC}`, `1.1.0 npm tool ${LINUX} ${MAC}`],
    warnings: [
      /^the configuration at tool-v1\.1\.0 does not tell how tool was released \(it declares no such package\), nor at 1 earlier tag of it: its past is made up from today's$/,
    ],
  },
  {
    name:
      "a release from before there was a configuration is made like the next one, not like today's",
    tags: [at("0.1.0", NONE), at("0.2.0", NONE), at("1.0.0", OLD)],
    is: [`0.1.0 npm tool ${LINUX}`, `0.2.0 npm tool ${LINUX}`, `1.0.0 npm tool ${LINUX}`],
    warnings: [
      /^the configuration at tool-v0\.2\.0 does not tell .* \(Cannot find it\), nor at 1 earlier tag of it: what was released there is made up from its other tags$/,
    ],
  },
  {
    name: "one that nothing after it tells of is made like the last one before it",
    tags: [at("1.0.0", OLD), at("1.1.0", NONE)],
    is: [`1.0.0 npm tool ${LINUX}`, `1.1.0 npm tool ${LINUX}`],
    warnings: [
      /^the configuration at tool-v1\.1\.0 does not tell how tool was released \(Cannot find it\): /,
    ],
  },
];
for (const { name, tags, is, warnings = [] } of ROWS) {
  test(name, () => {
    const past = packagePast(TODAY, { tags, kinds: KINDS });
    const said = past.releases.map(({ version, kind, registry_name, artifacts }) => {
      const targets = artifacts.map(({ target }) => target);
      const shown = targets.filter((target) => !["main", "noarch"].includes(target));
      return `${version} ${kind} ${registry_name} ${shown.join(" ")}`;
    });
    assert.deepEqual(said, is);
    assert.equal(past.warnings.length, warnings.length, past.warnings.join("\n"));
    for (const [index, pattern] of warnings.entries()) assert.match(past.warnings[index]!, pattern);
  });
}
