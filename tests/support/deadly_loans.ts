/**
 * A program that borrows files and a folder and gives them back; meant to be killed at any step of it, or while it holds
 * them.
 */

import process from "node:process";
import { borrowFiles, borrowFolder, writeToStay } from "../../src/host/loans/loans.ts";

const [folder = "", mode = ""] = process.argv.slice(2);
const where = { folder, env: {} };
if (mode === "stay") {
  await writeToStay(where, { path: `${folder}/config.toml`, text: "new\n", replaces: true });
  await writeToStay(where, { path: `${folder}/fresh.toml`, text: "fresh\n", replaces: false });
} else if (mode === "many") {
  for (let time = 0; time < 100; time++) await (await borrowFolder(where, "piot-npm")).remove();
} else {
  const temp = await borrowFolder(where, "piot-npm");
  const giveBack = await borrowFiles(where, [
    { path: `${folder}/Cargo.toml`, text: "[package]\nversion = '1.0.0'\n" },
    { path: `${folder}/linked.toml`, text: "linked after\n" },
    { path: `${folder}/Cargo.lock`, text: "made\n" },
  ]);
  if (mode === "hold") {
    process.stdout.write("held");
    for await (const _ of process.stdin);
  }
  await giveBack();
  await temp.remove();
}
process.stdout.write("done");
