/**
 * Answers whose body breaks off: a failure that can be mended, where `fetch` has an error of its own making.
 *
 * @module
 */

/** The same answer; reading its body rejects with what `explain` makes of the reason when it breaks off. */
export function guardBody(answer: Response, explain: (reason: unknown) => Error): Response {
  const { body, status, statusText, headers } = answer;
  if (body === null) return answer;
  const reader = body.getReader();
  const guarded = new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      try {
        const { done, value } = await reader.read();
        if (done) controller.close();
        else controller.enqueue(value);
      } catch (reason) {
        controller.error(explain(reason));
      }
    },
    cancel: (reason) => reader.cancel(reason),
  });
  return new Response(guarded, { status, statusText, headers });
}
