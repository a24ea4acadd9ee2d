/** Runs `doctor` in a folder of files that git knows nothing of. */

import { main } from "../../src/cli/main.ts";
import type { DoctorDocument } from "../../src/core/doctor/doctor_document.ts";
import type { Env } from "../../src/host/host.ts";
import { tempFolder } from "./temp.ts";
import { testHost } from "./test_host.ts";

export interface DoctorRun {
  readonly status: number;
  readonly stderr: string;
  /** Of a run with `--json`. */
  readonly document: DoctorDocument;
}

export async function runDoctor(
  files: Readonly<Record<string, string>>,
  { env = {}, flags = [] }: { readonly env?: Env; readonly flags?: readonly string[] } = {},
): Promise<DoctorRun> {
  await using folder = await tempFolder(files);
  const host = testHost({ cwd: folder.path, env: { PATH: "", ...env } });
  const argv = ["doctor", "--json", ...flags];
  const status = await main({ argv, makeHost: () => host, isTTY: false });
  const { stdout, stderr } = host.written;
  return { status, stderr, document: JSON.parse(stdout) as DoctorDocument };
}
