/**
 * `WHEEL`, what a wheel says of itself (binary distribution format).
 *
 * @module
 */

import type { WheelName } from "./wheel_name.ts";

/** Where WHEEL and the file's name do not agree, as clauses. */
export function wheelFileProblems(text: string, name: WheelName): readonly string[] {
  const headers = text.split(/\r?\n/).map((line) => /^([\w-]+):\s*(.*?)\s*$/.exec(line)).filter(
    (match) => match !== null,
  );
  const of = (header: string): string[] =>
    headers.filter(([, key = ""]) => key.toLowerCase() === header).map(([, , value = ""]) => value);
  const [version] = of("wheel-version");
  const [build] = of("build");
  return [
    ...(version === undefined ? ["WHEEL has no Wheel-Version"] : []),
    ...(version !== undefined && !/^1\.\d+$/.test(version)
      ? [`WHEEL has Wheel-Version "${version}", installers know 1.x`]
      : []),
    ...(build !== undefined && build !== name.build
      ? [
        `WHEEL has build "${build}", the file name ${
          name.build === undefined ? "none" : `"${name.build}"`
        }`,
      ]
      : []),
    ...tagProblems(of("tag"), name),
  ];
}

function tagProblems(declared: readonly string[], name: WheelName): string[] {
  const spread = declared.flatMap(expandTag);
  const named = name.pythons.flatMap((python) =>
    name.abis.flatMap((abi) => name.platforms.map((platform) => `${python}-${abi}-${platform}`))
  );
  const missing = named.filter((tag) => !spread.includes(tag));
  const extra = spread.filter((tag) => !named.includes(tag));
  return [
    ...(missing.length === 0 ? [] : [`WHEEL lacks the tag ${quoted(missing)} of the file name`]),
    ...(extra.length === 0 ? [] : [`WHEEL has the tag ${quoted(extra)}, the file name has not`]),
  ];
}

/** Some writers leave a tag compressed, as `py2.py3-none-any`. */
function expandTag(tag: string): string[] {
  const [pythons = "", abis = "", platforms = ""] = tag.split("-");
  return pythons.split(".").flatMap((python) =>
    abis.split(".").flatMap((abi) =>
      platforms.split(".").map((platform) => `${python}-${abi}-${platform}`)
    )
  );
}

function quoted(tags: readonly string[]): string {
  return tags.map((tag) => `"${tag}"`).join(", ");
}
