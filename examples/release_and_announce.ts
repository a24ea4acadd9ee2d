// Publishes exactly what was planned, within an hour, and tells a chat of it. Running it again ends in the same state.
// On npm the package is called `putitoutthere`.
import process from "node:process";
import { createHost, type Event, plan, publish } from "@piot/cli";

const [, , artifacts = "artifacts"] = process.argv;
// When the hour is over nothing new starts, and what is in flight is finished.
const host = createHost({ signal: AbortSignal.timeout(3_600_000) });
const planned = await plan(host);

function onEvent(event: Event): void {
  if (event.type === "upload-finished") console.log(`sent ${event.file}`);
  if (event.type === "waiting") console.log(`waiting ${event.reason}`);
}

const { outcomes } = await publish(host, { plan: planned, artifacts, onEvent });
const done = outcomes.filter(({ status }) => status === "published" || status === "healed");
for (const outcome of outcomes) {
  if (outcome.status === "failed") console.log(`${outcome.name}: ${outcome.failure.code}`);
}
if (done.length > 0 && process.env.ANNOUNCE_URL !== undefined) {
  const lines = done.map(({ name, version, registryUrl }) => `${name} ${version}: ${registryUrl}`);
  const body = JSON.stringify({ text: lines.join("\n") });
  await fetch(process.env.ANNOUNCE_URL, { method: "POST", body });
}
const isGood = outcomes.every(({ status }) => ["published", "skipped", "healed"].includes(status));
process.exitCode = isGood ? 0 : 1;
