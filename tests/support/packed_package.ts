/** The npm package as users get it, made from this tree and published to a registry on 127.0.0.1 by npm itself. */

import { copyFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { emitJavaScript, packageJson, readDenoConfig } from "../../scripts/npm_package.ts";
import { realNpm } from "./real_npm.ts";
import { tempFolder } from "./temp.ts";

/** Packs and publishes it; types and licences, which nothing runs, are left out. */
export async function publishOwnPackage(
  { registry, token }: { readonly registry: string; readonly token: string },
): Promise<void> {
  await using folder = await tempFolder({});
  await using home = await tempFolder({});
  await emitJavaScript(folder.path);
  const { repository: _, ...manifest } = packageJson(await readDenoConfig());
  await writeFile(join(folder.path, "package.json"), JSON.stringify(manifest));
  await copyFile("README.md", join(folder.path, "README.md"));
  const at = { cwd: folder.path, home: home.path, registry, token };
  await realNpm(["publish", "--ignore-scripts", "--loglevel=error"], at);
}
