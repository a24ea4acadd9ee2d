import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "smol-toml";
import {
  type CargoManifest,
  type CargoVersionsOutput,
  type CrateVersion,
  writeCargoVersions,
} from "../../../src/core/manifest/cargo_versions.ts";
import fc from "../../support/property.ts";

interface World {
  readonly manifests: readonly CargoManifest[];
  readonly planned?: Readonly<Record<string, string>>;
  readonly standing?: Readonly<Record<string, string>>;
  readonly locks?: Readonly<Record<string, string>>;
}

function write({ manifests, planned = {}, standing = {}, locks = {} }: World): CargoVersionsOutput {
  const entries = (
    record: Readonly<Record<string, string>>,
    isPlanned: boolean,
  ): [string, CrateVersion][] =>
    Object.entries(record).map(([folder, version]) => [folder, { version, isPlanned }]);
  return writeCargoVersions({
    manifests,
    versions: new Map([...entries(planned, true), ...entries(standing, false)]),
    locks: new Map(Object.entries(locks)),
    label: (folder) => folder.replace("/w/", ""),
  });
}

function member(
  folder: string,
  text: string,
  { version = "0.1.0", workspace = "/w" }: { version?: string; workspace?: string } = {},
): CargoManifest {
  return { folder, text, workspace, crate: { name: folder.split("/").at(-1)!, version } };
}

/** The lines that differ, as `-old` and `+new`. */
function lines(before: string, after: string): string[] {
  const [old, now] = [before.split("\n"), after.split("\n")];
  assert.equal(now.length, old.length, after);
  return now.flatMap((line, index) =>
    line === old[index] ? [] : [`-${old[index]!.trim()}`, `+${line.trim()}`]
  );
}

const NASTY = `# A manifest with everything in it.
[package]
name    =    "app"    # its name
authors = ["version = '9.9.9'"]
description = """
version = "8.8.8"
"""
version = '0.1.0' # the version

[badges]
version = "0.1.0"

[dependencies] # all of them
serde = { version = "1.0", features = ["derive"] }
core = { path = "../core", version = "0.1.0" } # ours
renamed = { package = "core", version = "=0.1.0", path = "../core" }
"quoted" = { path = '../core', version = '~0.1' }
dotted.version = "0.1"
dotted.path = "../core"
loose = { path = "../core", version = ">=0.1, <1" }
bare = { path = "../core" }

[target.'cfg(unix)'.dependencies.unix]
path = "../core"
version = "^0.1.0"
default-features = false

[dev-dependencies]
dev = { path = "../core/", version = "0.1.*" }

[[bin]]
name = "app"
path = "src/main.rs"`;

type Shape = (text: string) => string;
const same: Shape = (text) => text;
const tabs: Shape = (text) => text.replaceAll(" = ", "\t=\t");

const SHAPES: { name: string; shape: Shape; inner?: Shape }[] = [
  { name: "LF", shape: same },
  { name: "CRLF", shape: (text) => text.replaceAll("\n", "\r\n") },
  { name: "a byte order mark", shape: (text) => `\uFEFF${text}` },
  { name: "no newline at the end", shape: (text) => text.trimEnd() },
  { name: "newlines at the end", shape: (text) => `${text}\n\n\n` },
  { name: "tabs", shape: tabs, inner: tabs },
];

for (const { name, shape, inner = same } of SHAPES) {
  test(`a manifest with ${name} changes in the expected lines and no other byte`, () => {
    const text = shape(NASTY);
    const core = member("/w/core", shape('[package]\nname = "core"\nversion = "0.1.0"\n'));
    const { manifests, problems } = write({
      manifests: [member("/w/app", text), core],
      planned: { "/w/app": "0.2.0", "/w/core": "0.3.4" },
    });
    assert.deepEqual(problems, []);
    const expected: [string, string][] = [
      ["version = '0.1.0' # the", "version = '0.2.0' # the"],
      ['version = "0.1.0" } # ours', 'version = "0.3.4" } # ours'],
      ['version = "=0.1.0"', 'version = "=0.3.4"'],
      ["version = '~0.1'", "version = '~0.3'"],
      ['dotted.version = "0.1"', 'dotted.version = "0.3"'],
      ['version = "^0.1.0"', 'version = "^0.3.4"'],
      ['version = "0.1.*"', 'version = "0.3.*"'],
    ];
    const wanted = expected.reduce((held, [from, to]) => {
      assert.equal(held.split(inner(from)).length, 2, from);
      return held.replace(inner(from), () => inner(to));
    }, text);
    assert.equal(manifests.get("/w/app"), wanted);
  });
}

test("writing twice gives what writing once gives", () => {
  const planned = { "/w/app": "0.2.0", "/w/core": "0.3.4" };
  const texts = [NASTY, '[package]\nname = "core"\nversion = "0.1.0"\n'];
  const once = write({
    manifests: [member("/w/app", texts[0]!), member("/w/core", texts[1]!)],
    planned,
  });
  const again = write({
    manifests: [
      member("/w/app", once.manifests.get("/w/app")!, { version: "0.2.0" }),
      member("/w/core", once.manifests.get("/w/core")!, { version: "0.3.4" }),
    ],
    planned,
  });
  assert.deepEqual([...again.manifests], []);
});

const ROOT =
  '[workspace]\nmembers = ["*"]\n\n[workspace.package]\nversion = "0.1.0"\n\n[workspace.dependencies]\ncore = { path = "core", version = "0.1.0" }\n';

const HEIR =
  '[package]\nname = "x"\nversion.workspace = true # inherited\n\n[dependencies]\ncore.workspace = true\n';

const root: CargoManifest = { folder: "/w", text: ROOT, workspace: "/w", crate: undefined };

test("an inherited version is written at its source, and so is an inherited requirement", () => {
  const { manifests } = write({
    manifests: [root, member("/w/app", HEIR), member("/w/core", HEIR)],
    planned: { "/w/app": "0.2.0", "/w/core": "0.2.0" },
  });
  assert.deepEqual([...manifests.keys()], ["/w"]);
  assert.deepEqual(lines(ROOT, manifests.get("/w")!), [
    '-version = "0.1.0"',
    '+version = "0.2.0"',
    '-core = { path = "core", version = "0.1.0" }',
    '+core = { path = "core", version = "0.2.0" }',
  ]);
});

for (
  const { name, standing, version } of [
    { name: "its last release", standing: { "/w/core": "0.1.7" }, version: "0.1.7" },
    { name: "what it had, when it was never released", standing: {}, version: "0.1.0" },
  ]
) {
  test(`an heir that does not ship keeps ${name}`, () => {
    const { manifests } = write({
      manifests: [root, member("/w/app", HEIR), member("/w/core", HEIR)],
      planned: { "/w/app": "0.2.0" },
      standing,
    });
    assert.deepEqual(lines(HEIR, manifests.get("/w/core")!), [
      "-version.workspace = true # inherited",
      `+version = "${version}" # inherited`,
    ]);
    assert.match(manifests.get("/w")!, new RegExp(`core = .*version = "${version}"`));
    assert.equal(manifests.get("/w/app"), undefined);
  });
}

test("heirs that are planned at two versions are a problem that names them", () => {
  const { problems } = write({
    manifests: [root, member("/w/app", HEIR), member("/w/core", HEIR)],
    planned: { "/w/app": "0.2.0", "/w/core": "0.3.0" },
  });
  assert.deepEqual(problems.map(({ code }) => code), ["PIOT_CRATES_SHARED_VERSION"]);
  assert.match(problems[0]!.message, /\(app 0\.2\.0, core 0\.3\.0\)$/);
});

test("an heir of two workspaces of one name is not confused with the other's", () => {
  const other: CargoManifest = { ...root, folder: "/v", workspace: "/v" };
  const { manifests } = write({
    manifests: [root, member("/w/app", HEIR), other, member("/v/app", HEIR, { workspace: "/v" })],
    planned: { "/w/app": "0.2.0", "/v/app": "0.3.0" },
  });
  assert.match(manifests.get("/w")!, /version = "0\.2\.0"/);
  assert.match(manifests.get("/v")!, /version = "0\.3\.0"/);
});

for (
  const { name, text, message } of [
    {
      name: "a planned crate without a version",
      text: '[package]\nname = "app"\n',
      message: "Cannot write the version of app: [package] has no `version`",
    },
    {
      name: "a comparison that the new version does not satisfy",
      text:
        '[package]\nversion = "0.1.0"\n[dependencies]\ncore = { path = "../core", version = ">=0.1, <0.2" }\n',
      message:
        'Cannot let app/Cargo.toml follow core 0.3.0: its requirement ">=0.1, <0.2" does not allow that version',
    },
  ]
) {
  test(`${name} is a problem`, () => {
    const { problems } = write({
      manifests: [member("/w/app", text), member("/w/core", '[package]\nversion = "0.1.0"\n')],
      planned: { "/w/app": "0.2.0", "/w/core": "0.3.0" },
    });
    assert.deepEqual(problems.map((problem) => problem.message), [message]);
  });
}

test("a version in a table of its own cannot be written out, and is a problem", () => {
  const heir = '[package]\nname = "core"\n[package.version]\nworkspace = true\n';
  const { problems } = write({
    manifests: [root, member("/w/app", HEIR), member("/w/core", heir)],
    planned: { "/w/app": "0.2.0" },
  });
  assert.deepEqual(problems.map((problem) => problem.message), [
    "Cannot write the version of core: it is not a line below [package]",
  ]);
});

test("a requirement that its author keeps up to date is left as it is", () => {
  const text =
    '[package]\nversion = "0.1.0"\n[dependencies]\ncore = { path = "../core", version = "0.3" }\n';
  const { manifests } = write({
    manifests: [
      member("/w/app", text),
      member("/w/core", '[package]\nversion = "0.3.9"\n', { version: "0.3.9" }),
    ],
    planned: { "/w/app": "0.1.0", "/w/core": "0.3.9" },
  });
  assert.deepEqual([...manifests], []);
});

test("the lock of a workspace follows its own members only", () => {
  const lock =
    '[[package]]\nname = "app"\nversion = "0.1.0"\n\n[[package]]\nname = "core"\nversion = "0.1.0"\n';
  const { locks } = write({
    manifests: [
      member("/w/app", '[package]\nversion = "0.1.0"\n'),
      member("/v/core", '[package]\nversion = "0.1.0"\n', { workspace: "/v" }),
    ],
    planned: { "/w/app": "0.2.0", "/v/core": "0.3.0" },
    locks: { "/w": lock },
  });
  assert.equal(locks.get("/w"), lock.replace("0.1.0", "0.2.0"));
});

test("what is written means what was meant: the new text parses to the old one with new versions", () => {
  const key = fc.stringMatching(/^[a-z][a-z0-9-]{0,6}$/);
  const version = fc.tuple(fc.nat(20), fc.nat(20), fc.nat(20)).map((numbers) => numbers.join("."));
  const noise = fc.dictionary(key, fc.oneof(fc.string(), fc.integer(), fc.boolean()));
  const style = fc.record({
    newline: fc.constantFrom("\n", "\r\n"),
    mark: fc.constantFrom("", "\uFEFF"),
    comment: fc.constantFrom("", ' # version = "3"'),
    notation: fc.constantFrom("inline", "dotted", "table"),
    end: fc.boolean(),
  });
  fc.assert(fc.property(noise, version, version, style, (metadata, app, core, look) => {
    const { newline, mark, comment, notation, end } = look;
    const dependency = {
      inline: ["[dependencies]", `core = { path = "../core", version = "0.1.0" }${comment}`],
      dotted: ["[dependencies]", 'core.path = "../core"', `core.version = "0.1.0"${comment}`],
      table: ["[dependencies.core]", `version = "0.1.0"${comment}`, 'path = "../core"'],
    }[notation];
    const extra = Object.entries(metadata).map(([name, value]) => `${name} = ${toml(value)}`);
    const head = [
      "[package]",
      'name = "app"',
      `version = "0.1.0"${comment}`,
      "[package.metadata.x]",
    ];
    const text = mark + [...head, ...extra, ...dependency].join(newline) + (end ? newline : "");
    const { manifests } = write({
      manifests: [member("/w/app", text), member("/w/core", '[package]\nversion = "0.1.0"\n')],
      planned: { "/w/app": app, "/w/core": core },
    });
    const meant = parse(text.slice(mark.length)) as Record<string, Record<string, unknown>>;
    meant.package!.version = app;
    // Nothing moved, nothing followed: an unchanged version leaves its requirement alone.
    (meant.dependencies!.core as Record<string, unknown>).version = core;
    const written = manifests.get("/w/app") ?? text;
    assert.ok(written.startsWith(mark));
    assert.deepEqual(parse(written.slice(mark.length)), meant);
    assert.equal(written.split(newline).length, text.split(newline).length);
  }));
});

function toml(value: string | number | boolean): string {
  if (typeof value !== "string") return String(value);
  const escaped = [...value].map((letter) =>
    /[\p{L}\p{N} .,;:!?+-]/u.test(letter) && letter !== '"' && letter !== "\\"
      ? letter
      : `\\U${letter.codePointAt(0)!.toString(16).padStart(8, "0")}`
  );
  return `"${escaped.join("")}"`;
}
