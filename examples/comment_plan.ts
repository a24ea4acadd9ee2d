// What merging would release, as a comment for a pull request. On npm the package is called `putitoutthere`.
import process from "node:process";
import { createHost, Failure, plan } from "@piot/cli";

try {
  const { packages, left_out, warnings } = await plan(createHost());
  if (packages.length === 0) console.log("Merging this releases nothing.");
  else {
    console.log("| package | before | next | why |\n| --- | --- | --- | --- |");
    for (const { name, previous, version, reason } of packages) {
      console.log(`| ${name} | ${previous ?? "none"} | ${version} | ${reason} |`);
    }
  }
  const quiet = left_out.filter(({ reason }) => reason !== "unchanged");
  for (const { name, reason } of quiet) console.log(`- ${name} stays: ${reason}`);
  for (const warning of warnings) console.log(`> ${warning}`);
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  for (const { code, message, location } of error.problems) {
    console.log(`> ${code} ${location?.file ?? ""}: ${message}`);
  }
  process.exitCode = 1;
}
