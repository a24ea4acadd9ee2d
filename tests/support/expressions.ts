/** Expressions of workflows, evaluated by GitHub's own library. */

import { workflowLanguages } from "./workflow_tools.ts";

/** Contexts by their names, as JSON has them. */
export type Contexts = Readonly<Record<string, unknown>>;

/** What a job or step goes by: `success()`, `failure()`, `cancelled()`. */
export interface Standing {
  readonly failed: boolean;
  readonly cancelled: boolean;
}

const GOOD: Standing = { failed: false, cancelled: false };

/** The value of one expression, without its `${{ }}`. A context that there is none of is an error, as in GitHub. */
export async function evaluate(
  expression: string,
  contexts: Contexts,
  { failed, cancelled }: Standing = GOOD,
): Promise<unknown> {
  const { expressions: { data, Evaluator, Lexer, Parser } } = await workflowLanguages();
  const states = { success: !failed && !cancelled, failure: failed, cancelled, always: true };
  const functions = Object.entries(states).map(([name, value]) => ({
    ...{ name, minArgs: 0, maxArgs: 0 },
    call: () => new data.BooleanData(value),
  }));
  const { tokens } = new Lexer(expression).lex();
  const parsed = new Parser(tokens, Object.keys(contexts), functions).parse();
  const context = JSON.parse(JSON.stringify(contexts), data.reviver);
  const named = new Map(functions.map((one) => [one.name, one]));
  const result = new Evaluator(parsed, context, named).evaluate();
  return JSON.parse(JSON.stringify(result, data.replacer) ?? "null");
}

const EXPRESSION = /\$\{\{((?:'(?:[^']|'')*'|[^'}]|\}(?!\}))*)\}\}/g;

/** A text with its expressions replaced by what they come to. */
export async function evaluateText(
  text: string,
  contexts: Contexts,
  standing: Standing = GOOD,
): Promise<string> {
  let result = "";
  let end = 0;
  for (const match of text.matchAll(EXPRESSION)) {
    result += text.slice(end, match.index) +
      textOf(await evaluate(match[1]!.trim(), contexts, standing));
    end = match.index + match[0].length;
  }
  return result + text.slice(end);
}

/** How GitHub makes a text of a value. */
function textOf(value: unknown): string {
  if (value === null || value === undefined) return "";
  if (typeof value === "object") return Array.isArray(value) ? "Array" : "Object";
  return String(value);
}

/** Whether an `if` holds: without a function of states it means `success() && (…)`. */
export async function holds(
  condition: string | boolean | undefined,
  contexts: Contexts,
  standing: Standing,
): Promise<boolean> {
  const text = `${condition ?? "success()"}`.trim().replace(/^\$\{\{(.*)\}\}$/s, "$1").trim();
  const whole = /\b(?:success|failure|cancelled|always)\s*\(/.test(text)
    ? text
    : `success() && (${text})`;
  const value = await evaluate(whole, contexts, standing);
  return value !== null && value !== false && value !== 0 && value !== "";
}
