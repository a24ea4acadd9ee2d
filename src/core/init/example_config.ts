/**
 * The configuration of a folder in which no package was found: examples to uncomment.
 *
 * @module
 */

import { SCHEMA_LINE } from "../config/schema_line.ts";
import { PAGE } from "./write_config.ts";

/** Lines of an example start with `# `, what is said about them with `## `. */
export const EXAMPLE_CONFIG: string = `${SCHEMA_LINE}
## No package was found here. Remove the "# " before the lines of an example for each package that you
## publish, and change names and folders. Every key:
## ${PAGE}
[putitoutthere]
version = 1

## A crate.
# [[package]]
# name = "my-crate"
# kind = "crates"
# path = "crates/my-crate"
# paths = ["crates/my-crate/**"]

## A Python project that is made of the crate: a wheel for each platform.
# [[package]]
# name = "my-project"
# kind = "pypi"
# path = "python/my-project"
# paths = ["python/my-project/**"]
# build = "maturin"
# targets = ["x86_64-unknown-linux-gnu", "aarch64-apple-darwin"]
# depends_on = ["my-crate"]

## An npm package.
# [[package]]
# name = "@my-scope/my-package"
# kind = "npm"
# path = "packages/my-package"
# paths = ["packages/my-package/**"]
`;
