/**
 * The lint rules that hold the walls of `scripts/walls.ts` up.
 *
 * @module
 */

/// <reference lib="deno.ns" />
/// <reference lib="deno.unstable" />
import { judgeCircle, readSources, type SourceFile } from "./source_graph.ts";
import { judgeImport, judgeSink, placeOf } from "./walls.ts";

interface SourceNode {
  readonly source?: { readonly value?: unknown } | null;
}

function imports(context: Deno.lint.RuleContext): Deno.lint.LintVisitor {
  const judge = (node: Deno.lint.Node): void => {
    const value = (node as SourceNode).source?.value;
    if (typeof value !== "string") return;
    const verdict = judgeImport(context.filename, value);
    if (verdict !== undefined) context.report({ node, message: verdict });
  };
  return importsBy(judge);
}

/** The source as it was when the linter started, read once for all files. */
let sources: readonly SourceFile[] | undefined;

/** Refuses an import, of a type too, that leads back to where it stands. */
function circles(context: Deno.lint.RuleContext): Deno.lint.LintVisitor {
  const { inner } = placeOf(context.filename);
  if (inner === undefined) return {};
  return importsBy((node) => {
    const specifier = (node as SourceNode).source?.value;
    if (typeof specifier !== "string") return;
    sources ??= readSources();
    const verdict = judgeCircle(sources, { path: `src/${inner}`, specifier });
    if (verdict !== undefined) context.report({ node, message: verdict });
  });
}

function importsBy(judge: (node: Deno.lint.Node) => void): Deno.lint.LintVisitor {
  return {
    ImportDeclaration: judge,
    ExportNamedDeclaration: judge,
    ExportAllDeclaration: judge,
    ImportExpression: judge,
  };
}

function noDeno(context: Deno.lint.RuleContext): Deno.lint.LintVisitor {
  return {
    Identifier: (node): void => {
      if (node.name !== "Deno" || placeOf(context.filename).inner === undefined) return;
      context.report({ node, message: "src/ runs on Node too: no Deno.*" });
    },
  };
}

/** Refuses to write past the host. */
function sinks(context: Deno.lint.RuleContext): Deno.lint.LintVisitor {
  return {
    MemberExpression: ({ object, property }): void => {
      if (object.type !== "Identifier" || property.type !== "Identifier") return;
      const place = { object: object.name, property: property.name };
      const verdict = judgeSink(context.filename, place);
      if (verdict !== undefined) context.report({ node: property, message: verdict });
    },
  };
}

const plugin: Deno.lint.Plugin = {
  name: "walls",
  rules: {
    imports: { create: imports },
    circles: { create: circles },
    "no-deno": { create: noDeno },
    sinks: { create: sinks },
  },
};

export default plugin;
