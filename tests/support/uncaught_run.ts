/** A process that runs the command line and meets what nobody catches, with a secret in it. */

import process from "node:process";
import { runCli } from "../../src/cli/run_cli.ts";

const secret = process.env.SECRET_SPELLED ?? "";

const TROUBLE: Readonly<Record<string, () => Promise<never>>> = {
  load: () => Promise.reject(new Error(`cannot load ${secret}`)),
  main: () => Promise.reject(new TypeError("failed", { cause: new Error(secret) })),
  rejection: () => {
    void Promise.reject(new Error(`nobody awaits ${secret}`));
    return new Promise(() => setInterval(() => {}, 1_000));
  },
  timer: () => {
    setTimeout(() => {
      throw new Error(`nobody catches ${secret}`);
    });
    return new Promise(() => setInterval(() => {}, 1_000));
  },
  word: () => {
    setTimeout(() => {
      throw secret;
    });
    return new Promise(() => setInterval(() => {}, 1_000));
  },
};

const trouble = TROUBLE[process.env.TROUBLE ?? ""]!;
const running = runCli(async () => {
  if (process.env.TROUBLE === "load") await trouble();
  return await Promise.resolve(() => trouble());
});
if (process.env.AWAITED === "yes") await running;
