/** The action's folder as it is in the commit of a release: it has the hash of the package. */

import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { writeIntegrity } from "../../scripts/own_version.ts";
import { type TempFolder, tempFolder } from "./temp.ts";

const FILES = ["package.json", "package-lock.json", "run.mjs"];

/** A copy of it that is held to these bytes. */
export async function actionCheckout(integrity: string): Promise<TempFolder> {
  const files = await Promise.all(
    FILES.map(async (file) => [`action/${file}`, await readFile(join("action", file), "utf8")]),
  );
  const checkout = await tempFolder(Object.fromEntries(files));
  await writeIntegrity(integrity, checkout.path);
  return checkout;
}
