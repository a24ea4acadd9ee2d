/**
 * The Simple API for projects that are not the local index's own: they are read from outside, with addresses that lead
 * here, so that a client needs no other index.
 *
 * @module
 */

import type { Answer } from "../../server/outside.ts";
import type { LocalReply, LocalRequest } from "../../server/messages.ts";
import { canonicalName } from "../packaging.ts";
import { escapeHtml } from "../refusal.ts";
import { filesOf, type PypiState } from "../state.ts";
import type { OutsideFile } from "./project_page.ts";

/** Below `/packages/`, where no digest of a file can be. */
const FOLDER = "through";

/** `/simple/<name>/` and `/packages/through/<name>/<file>` of a project that is read from outside. */
export async function throughApi(
  state: PypiState,
  { path }: Pick<LocalRequest, "path">,
): Promise<LocalReply | undefined> {
  const { through, projects } = state;
  const [, page, project, file] =
    new RegExp(`^/(?:simple/([^/]+)/|packages/${FOLDER}/([^/]+)/([^/]+))$`).exec(path) ?? [];
  const asked = page ?? project;
  if (through === undefined || asked === undefined) return undefined;
  const name = canonicalName(decodeURIComponent(asked));
  // Another spelling is led to the right one by the index itself.
  if (name !== asked || through.closed.has(name)) return undefined;
  const files = filesOf(state, name);
  const isMadeUp = files.length > 0 && files.every((one) => one.isMadeUp === true);
  if (projects.has(name) && !isMadeUp) return undefined;
  const answer = await through.outside.files(name);
  if (answer.state === "absent" && isMadeUp) {
    return replyTo({ state: "unanswered", why: `${answer.from} has none` }, name);
  }
  if (answer.state !== "found") return replyTo(answer, name);
  if (file === undefined) {
    return {
      status: 200,
      headers: { "content-type": "text/html; charset=UTF-8" },
      body: pageOf(name, answer.value),
      from: answer.from,
    };
  }
  const wanted = answer.value.find((one) => one.name === decodeURIComponent(file));
  if (wanted === undefined) return { status: 404, body: "404 Not Found" };
  const found = await through.outside.file(wanted);
  if (found.state !== "found") return replyTo(found, wanted.name);
  return {
    status: 200,
    headers: { "content-type": "binary/octet-stream" },
    body: found.value,
    from: found.from,
  };
}

/** What there is none of is the index's own to say; what nobody could give is neither there nor absent. */
function replyTo(
  answer: Exclude<Answer<unknown>, { readonly state: "found" }>,
  what: string,
): LocalReply | undefined {
  if (answer.state === "absent") return undefined;
  const body = `the rehearsal cannot read ${what}: ${answer.why}\n`;
  return { status: 424, body, missing: answer.why };
}

function pageOf(project: string, files: readonly OutsideFile[]): string {
  const links = files.map(({ name, digest, requiresPython, yanked }) => {
    const address = `/packages/${FOLDER}/${project}/${encodeURIComponent(name)}`;
    const attributes = [
      ...[`href="${address}${digest === "" ? "" : `#${escapeHtml(digest)}`}"`],
      ...(requiresPython === undefined
        ? []
        : [`data-requires-python="${escapeHtml(requiresPython)}"`]),
      ...(yanked === undefined ? [] : [`data-yanked="${escapeHtml(yanked)}"`]),
    ];
    return `<a ${attributes.join(" ")}>${escapeHtml(name)}</a><br />`;
  });
  return `<!DOCTYPE html>\n<html><body>\n${links.join("\n")}\n</body></html>\n`;
}
