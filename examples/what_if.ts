// What would ship if these files changed? Without git, and without any file but the configuration: for a bot that labels.
// On npm the package is called `putitoutthere`.
import { readFile } from "node:fs/promises";
import process from "node:process";
import { makePlan, parseConfig } from "@piot/cli";

const files = process.argv.slice(2);
const config = parseConfig(await readFile("putitoutthere.toml"));
const [last, head] = ["a".repeat(40), "b".repeat(40)];
const { packages } = makePlan({
  config,
  head: { id: head, message: process.env.MESSAGE ?? "" },
  // As if each package had been released at one commit before.
  tags: config.packages.map(({ name, tagFormat }) => ({
    name: tagFormat.replace("{name}", name).replace("{version}", "1.0.0"),
    commit: last,
    reachable: true,
  })),
  changes: new Map([[last, files]]),
});
for (const { name, bump, reason } of packages) console.log(`${name}: ${bump}, ${reason}`);
