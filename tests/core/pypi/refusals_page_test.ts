/** docs/pypi.md held against what it tells: for each of PyPI's refusals what piot makes of it. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { readSdist } from "../../../src/artifact/sdist.ts";
import { readWheel } from "../../../src/artifact/wheel.ts";
import { parseMetadata } from "../../../src/core/pypi/core_metadata.ts";
import { parseSdistName, parseWheelName } from "../../../src/core/pypi/file_name.ts";
import { metadataProblems } from "../../../src/core/pypi/metadata_rules.ts";
import { judgePlatformTag } from "../../../src/core/pypi/platform_tag.ts";
import { judgeUploadAnswer } from "../../../src/core/pypi/upload_answer.ts";
import {
  sdistMembers,
  tarGzMembers,
  toBytes,
  wheelMembers,
  zipMembers,
} from "../../../src/rehearsal/synthesise/python_distribution.ts";
import { rawZip } from "../../support/raw_zip.ts";
import { tempFolder } from "../../support/temp.ts";

const PAGE = readFileSync("docs/pypi.md", "utf8");

/** The rows of a table below a heading, as their cells. */
function tableBelow(heading: string): string[][] {
  const section = PAGE.slice(PAGE.indexOf(`\n${heading}\n`));
  const lines = section.slice(section.indexOf("\n| ")).slice(1).split("\n");
  const table = lines.slice(0, lines.findIndex((line) => !line.startsWith("|")));
  return table.slice(2).map((line) => line.split("|").slice(1, -1).map((cell) => cell.trim()));
}

const HEAD = "Metadata-Version: 2.5\nName: demo\nVersion: 1.0\n";
type Probe = () => Promise<readonly string[]> | readonly string[];
const metadata = (line: string, head = HEAD): Probe => () =>
  metadataProblems(parseMetadata(`${head}${line}\n`));

const DEMO = { name: "demo", version: "1.0.0" };
const WHEEL = "demo-1.0.0-py3-none-any.whl";

function file(name: string, bytes: () => Uint8Array | Promise<Uint8Array>): Probe {
  return async () => {
    await using folder = await tempFolder({ [name]: await bytes() });
    const path = join(folder.path, name);
    const read = name.endsWith(".whl") ? await readWheel(path) : await readSdist(path);
    return typeof read === "string" ? [read] : read.problems;
  };
}

function wheelWith(change: (members: Map<string, Uint8Array>) => void): Probe {
  return file(WHEEL, () => {
    const members = new Map(wheelMembers(DEMO));
    change(members);
    return zipMembers(members);
  });
}

/** What stands in the first column, and something that PyPI would say it of. */
const BEFORE: readonly (readonly [says: string, probe: Probe])[] = [
  ["is not a valid metadata version", metadata("", HEAD.replace("2.5", "2.6"))],
  ["is invalid for 'name'", metadata("", HEAD.replace("demo", "-demo"))],
  ["The use of local versions", metadata("", HEAD.replace("1.0", "1.0+x"))],
  ["introduced in metadata version", metadata("Import-Name: a", HEAD.replace("2.5", "2.4"))],
  ["has invalid data", metadata("Summary: a\nSummary: b")],
  ["field must be 512 characters or less", metadata(`Summary: ${"a".repeat(513)}`)],
  ["must be one of", metadata("Description-Content-Type: text/html")],
  ["The description failed to render", metadata("\n*a")],
  ["is invalid for 'license-expression'", metadata("License-Expression: Apache 2.0")],
  ["License is deprecated", metadata("License: a\nLicense-Expression: MIT")],
  ["is invalid for 'license-file'", metadata("License-File: ./LICENSE")],
  [
    "License-File … does not exist",
    wheelWith((members) =>
      void members.set(
        "demo-1.0.0.dist-info/METADATA",
        toBytes(`${HEAD.replace("1.0\n", "1.0.0\n")}License-File: L\n`),
      )
    ),
  ],
  ["is not a valid email address", metadata("Author-email: ada at example.com")],
  ["is not a valid url", metadata("Home-page: example.com")],
  ["Must have a label", metadata("Project-URL: https://example.com")],
  ["is not a valid classifier", metadata("Classifier: Private :: Do Not Upload")],
  ["has been deprecated", metadata("Classifier: Natural Language :: Ukranian")],
  ["is invalid for 'requires-dist'", metadata("Requires-Dist: a >= b")],
  ["Can't have direct dependency", metadata("Requires-Dist: a @ https://example.com/a.whl")],
  ["is invalid for 'provides-extra'", metadata("Provides-Extra: a b")],
  ["is invalid for 'requires-python'", metadata("Requires-Python: ^3.9")],
  ["is not a valid dynamic field", metadata("Dynamic: Mood")],
  ["is invalid for 'import-name'", metadata("Import-Name: class")],
  [
    "Filename … is invalid",
    () => [parseSdistName("demo-1.0.zip")].filter((name) => typeof name === "string"),
  ],
  [
    "Invalid wheel filename",
    () => [parseWheelName("demo-1.0.whl")].filter((name) => typeof name === "string"),
  ],
  [
    "has an unsupported platform tag",
    () => judgePlatformTag("linux_x86_64") === "taken" ? [] : ["refused"],
  ],
  [
    "ZIP archive not accepted",
    file(WHEEL, () => rawZip([{ name: "a", content: "b", comment: "c" }])),
  ],
  [
    "File exceeds compression ratio",
    wheelWith((members) => void members.set("demo/zeros", new Uint8Array(65 * 2 ** 20))),
  ],
  ["WHEEL not found", wheelWith((members) => void members.delete("demo-1.0.0.dist-info/WHEEL"))],
  [
    "PKG-INFO not found",
    file(
      "demo-1.0.0.tar.gz",
      () => tarGzMembers(new Map([...sdistMembers(DEMO), ["./demo-1.0.0/a", toBytes("")]])),
    ),
  ],
  [
    "invalid entry points",
    wheelWith((members) =>
      void members.set(
        "demo-1.0.0.dist-info/entry_points.txt",
        toBytes("[console_scripts]\na b = c:d\n"),
      )
    ),
  ],
];

const ROWS = tableBelow("### What PyPI refuses, and how piot knows it first");

test("every refusal of PyPI that is known before has its row in docs/pypi.md, and every row its proof", () => {
  const proven = ROWS.map(([says = ""]) => BEFORE.filter(([words]) => says.includes(words)).length);
  assert.deepEqual(proven, ROWS.map(() => 1));
  assert.equal(BEFORE.length, ROWS.length);
});

for (const [says, probe] of BEFORE) {
  test(`what PyPI would call "${says}" is refused before`, async () => {
    assert.notDeepEqual(await probe(), []);
  });
}

test("every answer of PyPI to an upload means what docs/pypi.md tells", () => {
  const rows = tableBelow("## The upload");
  const wrong = rows.flatMap(([answers = "", means = ""]) => {
    const [, code] = /^`(PIOT_\w+)`$/.exec(means) ?? [];
    if (code === undefined) return [];
    return answers.split(";").flatMap((answer) => {
      const statuses = answer.match(/\b[345](?:\d\d|xx)\b/g) ?? [];
      const words = [...answer.matchAll(/`([^`]*)`/g)].map(([, text = ""]) =>
        text.replace("…", "x")
      );
      return statuses.flatMap((status) =>
        (words.length === 0 ? [""] : words).flatMap((text) => {
          const said = judgeUploadAnswer(Number(status.replace("xx", "03")), text).code;
          return said === code ? [] : [`${status} ${text}: ${said}, not ${code}`];
        })
      );
    });
  });
  assert.deepEqual(wrong, []);
  assert.ok(rows.length > 10);
});
