/**
 * What crates.io asks of a packaged Cargo.toml's features and dependencies, in its order and words (rust-lang/crates.io,
 * `src/controllers/krate/publish.rs`).
 *
 * @module
 */

import { Refusal } from "../server/messages.ts";
import type { DeclaredDependency } from "./index_line.ts";
import { strings } from "./metadata_checks.ts";
import { checkFeature, checkFeatureName, checkName } from "./name_checks.ts";
import { isRequirement } from "./requirement.ts";
import type { Table } from "./upload_body.ts";

const MOST_FEATURES = 300;
const MOST_DEPENDENCIES = 500;

const WHY_LIMITED =
  "Take a look at https://blog.rust-lang.org/2023/10/26/broken-badges-and-23k-keywords.html to understand why this restriction was introduced.\n\nIf you have a use case that requires an increase of this limit, please send us an email to help@crates.io to discuss the details.";

/** Throws status 400 for too many features, and for names that are none. */
export function checkFeatures(features: Table): void {
  const count = Object.keys(features).length;
  if (count > MOST_FEATURES) {
    throw new Refusal(
      400,
      `crates.io only allows a maximum number of ${MOST_FEATURES} features, but your crate is declaring ${count} features.\n\n${WHY_LIMITED}`,
    );
  }
  for (const [name, value] of Object.entries(features)) {
    checkFeatureName(name);
    const items = strings(value);
    if (items.length > MOST_FEATURES) {
      throw new Refusal(
        400,
        `crates.io only allows a maximum number of ${MOST_FEATURES} features or dependencies that another feature can enable, but the "${name}" feature of your crate is enabling ${items.length} features or dependencies.\n\n${WHY_LIMITED}`,
      );
    }
    for (const item of items) checkFeature(item);
  }
}

/** Throws status 400 for too many dependencies, and for one that no crate may have. */
export function checkDeclared(dependencies: readonly DeclaredDependency[]): void {
  if (dependencies.length > MOST_DEPENDENCIES) {
    throw new Refusal(
      400,
      `crates.io only allows a maximum number of ${MOST_DEPENDENCIES} dependencies.\n\nIf you have a use case that requires an increase of this limit, please send us an email to help@crates.io to discuss the details.`,
    );
  }
  for (const dependency of dependencies) checkDependency(dependency);
}

function checkDependency({ line, isElsewhere }: DeclaredDependency): void {
  const name = line.package ?? line.name;
  checkName(name, "dependency");
  for (const feature of line.features) checkFeature(feature);
  if (isElsewhere) {
    throw new Refusal(
      400,
      `Dependency \`${name}\` is hosted on another registry. Cross-registry dependencies are not permitted on crates.io.`,
    );
  }
  if (!isRequirement(line.req)) {
    throw new Refusal(400, `"${line.req}" is an invalid version requirement`);
  }
  if (/^[*xX]$/.test(line.req)) {
    throw new Refusal(
      400,
      `wildcard (\`*\`) dependency constraints are not allowed on crates.io. Crate with this problem: \`${name}\` See https://doc.rust-lang.org/cargo/faq.html#can-libraries-use--as-a-version-for-their-dependencies for more information`,
    );
  }
  if (line.package !== undefined) checkName(line.name, "alias");
}
