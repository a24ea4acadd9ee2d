import { equal } from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { doctorPage } from "../../scripts/doctor_page.ts";

test("docs/doctor.md is what the checks say; `deno task doctor` writes it", async () => {
  equal(await readFile("docs/doctor.md", "utf8"), doctorPage());
});
