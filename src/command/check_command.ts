/**
 * `putitoutthere check`: the configuration alone. Neither git nor a registry is asked.
 *
 * @module
 */

import type { Package } from "../core/model/package.ts";
import { count } from "../report/amounts.ts";
import { locateConfig, readConfig } from "./read_config.ts";
import type { CommandLineOptions, Session } from "./session.ts";

/** The flags of `check`. */
export type CheckCommandOptions = CommandLineOptions;

/** Reads the configuration and says what it declares. Throws `PIOT_CONFIG_MISSING`, and what `parseConfig()` throws. */
export async function runCheck(
  session: Pick<Session, "host" | "emit" | "printJson">,
  options: CheckCommandOptions,
): Promise<number> {
  const place = {
    cwd: session.host.cwd,
    ...("config" in options ? { config: options.config! } : {}),
  };
  const { config: { cadence, packages } } = await readConfig(place);
  const { file } = locateConfig(place);
  session.printJson({ schema: 1, file, cadence, packages: packages.map(packageDocument) });
  if (options.json === true) return 0;
  session.emit({
    type: "notice",
    message: `${file}: ${count(packages.length, "package")}, all in order`,
  });
  for (const { name, kind, path } of packages) {
    session.emit({ type: "notice", message: `  ${name} (${kind}) in ${path}` });
  }
  return 0;
}

function packageDocument({ name, kind, registryName, path, dependsOn }: Package): unknown {
  return { name, kind, registry_name: registryName, path, depends_on: dependsOn };
}
