/**
 * What the Action adds to a command: from the start of its step to the first byte of the command's own work, with npm's
 * cache warm.
 *
 * @module
 */

import { join } from "node:path";
import { serveNpm } from "../../src/rehearsal/npm/serve_npm.ts";
import { actionCheckout } from "../../tests/support/action_checkout.ts";
import { GIT_ENV, gitRepo } from "../../tests/support/git_repo.ts";
import { publishOwnPackage } from "../../tests/support/packed_package.ts";
import { runAction } from "../../tests/support/run_action.ts";
import { tempFolder } from "../../tests/support/temp.ts";
import { programEnv } from "../../tests/support/tools.ts";
import { builtPackage } from "./built_package.ts";
import { atMost, type Bench, measured } from "./figure.ts";
import { BARE_NODE, runProcess, takeTurns } from "./measure.ts";

const ROUNDS = 7;

const FILES = {
  "putitoutthere.toml": `[putitoutthere]
version = 1
[[package]]
name = "demo"
kind = "npm"
path = "."
paths = ["**"]
`,
  "package.json": '{ "name": "demo", "version": "0.0.0" }',
};

/** The bench. The same plan with and without the action: the difference is the action's own. */
export const actionBench: Bench = {
  name: "action",
  run: async (say) => {
    const command = await builtPackage();
    await using npm = await serveNpm({ tokens: { npm_bench: { user: "ada" } } });
    await using home = await tempFolder();
    await using repository = await gitRepo(FILES);
    const integrity = await publishOwnPackage({ registry: npm.url, token: "npm_bench" });
    await using checkout = await actionCheckout(integrity);
    const env: Record<string, string | undefined> = {
      ...programEnv(),
      ...GIT_ENV,
      ...BARE_NODE,
      HOME: home.path,
      RUNNER_TEMP: home.path,
      npm_config_registry: `${npm.url}/`,
      npm_config_cache: join(home.path, "cache"),
      npm_config_update_notifier: "false",
    };
    const contexts = { github: { token: "ghs_bench" } };
    say("planning by the action and by the command in turns");
    const times = await takeTurns({
      action: async () => {
        const at = { cwd: repository.path, checkout: checkout.path };
        const { status, log } = await runAction({ with: {}, env, contexts, ...at });
        if (status !== 0) throw new Error(log);
      },
      plain: () => runProcess(["node", command, "plan"], { cwd: repository.path, env: GIT_ENV }),
    }, ROUNDS);
    return [
      measured("action: plan by the action", times.action / 1000, "s"),
      measured("action: plan by the command", times.plain / 1000, "s"),
      atMost("action: the action's own share", (times.action - times.plain) / 1000, [3, "s"]),
    ];
  },
};
