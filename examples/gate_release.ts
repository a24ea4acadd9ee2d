// Before somebody approves a release: is what was built what was planned, and would the registries take it?
// On npm the package is called `putitoutthere`.
import process from "node:process";
import { createHost, Failure, look, verifyArtifacts } from "@piot/cli";

const [, , artifacts = "artifacts"] = process.argv;
const host = createHost();
try {
  for (const { name, version, files } of await verifyArtifacts(host, { artifacts })) {
    const size = files.reduce((sum, file) => sum + file.size, 0);
    console.log(`built: ${name} ${version}, ${files.length} files, ${size} bytes`);
  }
  for (const { name, version, next, files, failure } of await look(host, { artifacts })) {
    console.log(`${next}: ${name} ${version}`);
    for (const { name, state, digest } of files) console.log(`  ${state} ${name} ${digest}`);
    if (failure === undefined) continue;
    console.log(`  ${failure.code}: ${failure.message}`);
    process.exitCode = 1;
  }
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  // Nothing was written. An unknown answer is worth another try, the rest wants a person.
  process.exitCode = error.code === "PIOT_REGISTRY_UNKNOWN" ? 75 : 1;
  console.log(`${error.code}: ${error.message}`);
}
