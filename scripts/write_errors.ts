/**
 * Writes `docs/errors.md`.
 *
 * @module
 */

import { writeFile } from "node:fs/promises";
import { errorsPage } from "./errors_page.ts";

await writeFile("docs/errors.md", errorsPage());
