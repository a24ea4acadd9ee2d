/**
 * A process that runs the command line and is left without anything to wait for: by a network that never answers, by a
 * standard input that never ends, before any command is there, or beside a local server that listens.
 */

import process from "node:process";
import { runCli } from "../../src/cli/run_cli.ts";
import type { Host } from "../../src/host/host.ts";
import { serve } from "../../src/rehearsal/server/serve.ts";

const never = (): Promise<never> => new Promise(() => {});

const STALLS: Readonly<Record<string, Partial<Host>>> = {
  network: { http: never },
  input: { stdin: never },
};

const stall = process.env.STALL ?? "";
const running = runCli(async () => {
  if (stall === "load") return await never();
  if (stall === "server") {
    await serve(() => () => undefined);
    return await never();
  }
  const { main } = await import("../../src/cli/main.ts");
  return (invocation) =>
    main({
      ...invocation,
      makeHost: (options) => ({ ...invocation.makeHost(options), ...STALLS[stall] }),
    });
});
if (process.env.AWAITED === "yes") await running;
