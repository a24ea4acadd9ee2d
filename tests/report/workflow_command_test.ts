import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "../support/property.ts";
import { workflowCommand } from "../../src/report/workflow_command.ts";
import { hostileText } from "../support/hostile.ts";
import { readRunnerLog } from "../support/runner.ts";

test("workflowCommand() writes what the runner documents", () => {
  const cases: readonly (readonly [string, string, string])[] = [
    ["no data", workflowCommand("endgroup"), "::endgroup::\n"],
    ["data", workflowCommand("group", { data: "50%\nand: more" }), "::group::50%25%0Aand: more\n"],
    [
      "properties",
      workflowCommand("error", {
        data: "x",
        properties: { file: "a,b:c.toml", line: 3, col: 7, title: "PIOT_USAGE" },
      }),
      "::error file=a%2Cb%3Ac.toml,line=3,col=7,title=PIOT_USAGE::x\n",
    ],
    [
      "empty properties",
      workflowCommand("warning", { data: "x", properties: { file: "", title: "" } }),
      "::warning::x\n",
    ],
  ];
  for (const [name, command, expected] of cases) assert.equal(command, expected, name);
});

test("the runner reads back any text, and sees one command", () => {
  const property = hostileText().filter((text) => text.trim() === text && text !== "");
  fc.assert(fc.property(hostileText(), property, property, fc.nat(), (data, file, title, line) => {
    const log = workflowCommand("error", { data, properties: { file, title, line } });
    assert.equal(log.indexOf("\n"), log.length - 1);
    assert.deepEqual(readRunnerLog(log), [
      { name: "error", properties: { file, title, line: String(line) }, data },
    ]);
  }));
});
