/** An index of Python projects outside of every rehearsal, as plain as PEP 503 has them. */

import { Buffer } from "node:buffer";
import { createHash } from "node:crypto";
import { makeWheel } from "../../src/rehearsal/synthesise/python_distribution.ts";
import { type OutsideServer, outsideServer } from "./outside_server.ts";

/** Starts an index below `/idx`, with version 1.0 of each project, by its normalised name; in the form of PEP 503 or 691. */
export async function outsidePypi(
  projects: Readonly<Record<string, { readonly spelling?: string }>>,
  form: "html" | "json" = "html",
): Promise<OutsideServer> {
  const held = new Map(
    Object.entries(projects).map(([name, { spelling = name }]) =>
      [name, makeWheel({ name: spelling, version: "1.0" })] as const
    ),
  );
  return await outsideServer((path) => {
    const [, name = "", file] = /^\/idx\/([^/]+)\/(.*)$/.exec(path) ?? [];
    const found = held.get(name);
    if (found === undefined) return undefined;
    const { fileName, bytes } = found;
    const body = Buffer.from(bytes);
    if (file === fileName) return { type: "application/octet-stream", body };
    if (file !== "") return undefined;
    const sha256 = createHash("sha256").update(body).digest("hex");
    if (form === "html") {
      const link = `<a href="${fileName}#sha256=${sha256}" data-requires-python="&gt;=3">x</a>`;
      return { type: "text/html", body: `<html><body><a href="../">up</a>${link}</body></html>` };
    }
    const files = [{ filename: fileName, url: fileName, hashes: { sha256 } }];
    return {
      type: "application/vnd.pypi.simple.v1+json",
      body: JSON.stringify({ meta: { "api-version": "1.0" }, name, files }),
    };
  });
}
