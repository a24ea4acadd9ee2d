import { deepEqual, equal, ok } from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import process from "node:process";
import { test } from "node:test";
import { promisify } from "node:util";
import { planWithFacts } from "../../src/command/plan.ts";
import { openWorkspace } from "../../src/command/workspace.ts";
import { explainPackage, explanationText } from "../../src/core/explain/explain.ts";
import { judgeHead } from "../../src/core/request/head_trailer.ts";
import { drawPlan } from "../../src/core/explain/plan_graph.ts";
import { GIT_ENV } from "../support/git_repo.ts";
import { tempFolder } from "../support/temp.ts";

const run = promisify(execFile);

/** Every fenced block of a page, with the paragraph below it. */
async function blocksOf(
  page: string,
): Promise<readonly { info: string; text: string; below: string }[]> {
  const found = (await readFile(page, "utf8")).matchAll(
    /^(`{3,})(.+)\n([\s\S]*?)^\1\n+(.*(?:\n.+)*)/gm,
  );
  return [...found].map(([, , info = "", text = "", below = ""]) => ({ info, text, below }));
}

const skip = process.platform === "win32" ? "no sh on PATH" : false;

test(
  "docs/plan.md shows the plan, the explanation and the drawing that its example comes to",
  { skip },
  async () => {
    const blocks = await blocksOf("docs/plan.md");
    const text = (info: string): string => blocks.find((block) => block.info === info)!.text;
    equal(blocks.length, 4);
    await using folder = await tempFolder();
    await run("sh", ["-e", "-c", text("sh history")], { cwd: folder.path, env: GIT_ENV });
    const planned = await planWithFacts(openWorkspace({ cwd: folder.path, env: GIT_ENV }));
    const { plan } = planned;
    deepEqual({ ...plan, head: "…" }, JSON.parse(text("json plan")));
    equal(drawPlan(plan, "mermaid"), text("text graph"));
    const explained = explanationText(explainPackage("my-py", planned));
    equal(explained.replace(/commit [0-9a-f]{12}/, "commit …"), text("text explain my-py"));
  },
);

const NAMES = ["demo", "@demo/addon", "crates/core"];

test("docs/trailer.md says how each of its examples reads", async () => {
  const blocks = await blocksOf("docs/trailer.md");
  equal(blocks.length, 8);
  for (const { text, below } of blocks) {
    const { trailer, failures } = judgeHead({ message: text, tips: [] }, NAMES);
    const [, verdict, quoted] =
      /^(Reads as no trailer|Reads as|Is refused:)(?:\s`(.+)`)?\.$/.exec(below) ?? [];
    ok(verdict !== undefined, below);
    const refusals = failures.map(({ message }) => message);
    deepEqual(refusals, verdict === "Is refused:" ? [quoted] : []);
    equal(trailer?.line, verdict === "Reads as" ? quoted : undefined);
  }
});
