/**
 * Platform packages that `init` has no manifest of: a package brings them along by their names, and the repository makes
 * them while it publishes, or does not have them at all.
 *
 * @module
 */

import type { FoundPackage } from "../init/found.ts";
import type { Table } from "../config/toml_document.ts";
import { tableAt } from "../init/manifest_values.ts";
import { someOf } from "../words/phrases.ts";
import { tripleAtEnd } from "./asked_names.ts";
import { baseName } from "./platform_name.ts";

/**
 * What to say of a package that is drafted as a plain one, as @parcel/watcher's repository would have it: which build makes
 * the packages, and of which platforms, no manifest tells.
 */
export function unseenPlatforms(
  { registryName, file, ownKeys }: FoundPackage,
  { table, isFound }: { readonly table: Table; readonly isFound: (name: string) => boolean },
): readonly string[] {
  if (ownKeys.build !== undefined) return [];
  const unseen = Object.keys(tableAt(table, "optionalDependencies")).filter((name) =>
    tripleAtEnd(name) !== undefined && isAkin(name, registryName) && !isFound(name)
  );
  if (unseen.length === 0) return [];
  return [
    `${file} brings along ${
      someOf(unseen, 3)
    }, which look like its platform packages, and no manifest of them is here: it is declared without them; ` +
    "where they are published from here, give it build, targets and platform_name",
  ];
}

/** `demo-linux-x64`, `@demo/linux-x64` and `@acme/cli-linux-x64`, of `demo`, `demo` and `@acme/demo`. */
function isAkin(name: string, main: string): boolean {
  const scope = main.startsWith("@") ? main.split("/")[0]! : `@${baseName(main)}`;
  return name.startsWith(`${main}-`) || name.startsWith(`${scope}/`);
}
