/**
 * Writes `docs/doctor.md`.
 *
 * @module
 */

import { writeFile } from "node:fs/promises";
import { doctorPage } from "./doctor_page.ts";

await writeFile("docs/doctor.md", doctorPage());
