/**
 * Many small packages to Verdaccio: one run of `publish`, against npm's own client called once for each package.
 *
 * @module
 */

import { join } from "node:path";
import { installVerdaccio, serveVerdaccio, type Verdaccio } from "../../tests/support/verdaccio.ts";
import { realNpm } from "../../tests/support/real_npm.ts";
import { tempFolder } from "../../tests/support/temp.ts";
import { builtPackage } from "./built_package.ts";
import { atLeast, type Bench, measured } from "./figure.ts";
import { runProcess } from "./measure.ts";

const COUNT = 100;

/** The bench. */
export const npmManyBench: Bench = {
  name: "npm-many",
  run: async (say) => {
    const { folder, skip } = await installVerdaccio();
    if (skip !== false) {
      say(`skipped: ${skip}`);
      return [];
    }
    const command = await builtPackage();
    say(`publishing ${COUNT} packages in one run`);
    const ours = await timed(folder, (place) => publishAll(command, place));
    say(`calling npm publish ${COUNT} times`);
    const theirs = await timed(folder, npmEach);
    return [
      measured(`npm-many: ${COUNT} packages, one run on Node`, ours / 1000, "s"),
      measured(`npm-many: ${COUNT} packages, npm publish each`, theirs / 1000, "s"),
      atLeast("npm-many: npm publish / one run", theirs / ours, [5, "×"]),
    ];
  },
};

interface Place {
  readonly registry: Verdaccio;
  /** Holds the packages at version 1.0.0, and the configuration. */
  readonly root: string;
  /** An empty folder. */
  readonly home: string;
}

const NAMES = Array.from({ length: COUNT }, (_, index) => `many-${index}`);

/** Times an act with a registry of its own; checks that the registry holds every package after it. */
async function timed(folder: string, act: (place: Place) => Promise<unknown>): Promise<number> {
  await using registry = await serveVerdaccio(folder);
  await using checkout = await tempFolder(packages());
  await using home = await tempFolder();
  const start = performance.now();
  await act({ registry, root: checkout.path, home: home.path });
  const milliseconds = performance.now() - start;
  for (const name of NAMES) {
    const { status } = await fetch(`${registry.url}/${name}/1.0.0`);
    if (status !== 200) throw new Error(`${name} was not published: ${status}`);
  }
  return milliseconds;
}

function packages(): Record<string, string> {
  const tables = NAMES.map((name) =>
    `[[package]]\nname = "${name}"\nkind = "npm"\npath = "${name}"\npaths = ["${name}/**"]\n`
  );
  const files: Record<string, string> = {
    "putitoutthere.toml": `[putitoutthere]\nversion = 1\n\n${tables.join("\n")}`,
  };
  for (const name of NAMES) {
    files[`${name}/package.json`] = JSON.stringify({ name, version: "1.0.0", main: "index.js" });
    files[`${name}/index.js`] = `module.exports = "${name}";\n`;
    files[`${name}/README.md`] = `# ${name}\n`;
  }
  return files;
}

async function publishAll(command: string, { registry, root }: Place): Promise<void> {
  const wanted = NAMES.map((name) => `${name}@1.0.0`).join(",");
  await runProcess(["node", command, "publish", "--release", wanted], {
    cwd: root,
    env: { PIOT_NPM_URL: registry.url, NODE_AUTH_TOKEN: registry.token },
  });
}

async function npmEach({ registry, root, home }: Place): Promise<void> {
  const { url, token } = registry;
  for (const name of NAMES) {
    await realNpm(["publish"], { cwd: join(root, name), home, registry: url, token });
  }
}
