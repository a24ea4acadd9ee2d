// A nightly look: do tags and registries agree? Prints what does not, and ends with 1 then.
// On npm the package is called `putitoutthere`.
import process from "node:process";
import { createHost, status } from "@piot/cli";

const { drift, packages, notes } = await status(createHost());
for (const { name, state, last, newest, notes } of packages) {
  if (state === "in-sync" || state === "changes-waiting" || state === "never-released") continue;
  console.log(`${name}: ${state}`);
  console.log(
    `  tagged ${last?.version ?? "never"}, its registry has ${newest?.version ?? "none"}`,
  );
  for (const note of notes) console.log(`  ${note}`);
}
for (const note of notes) console.log(note);
if (drift) process.exitCode = 1;
