/**
 * A reader that has left: `putitoutthere plan --json | head -1`.
 *
 * @module
 */

/** What of a stream matters here. */
export interface ErrorEmitter {
  on(event: "error", listener: (error: Error & { readonly code?: string }) => void): unknown;
}

/**
 * Lets a stream's reader leave early: what it does not read is nobody's, and is no reason to stop a release halfway. Any
 * other error of the stream is thrown, as it would be without a listener.
 */
export function allowClosedPipe(stream: ErrorEmitter): void {
  stream.on("error", (error) => {
    // EOF is what Windows says.
    if (error.code !== "EPIPE" && error.code !== "EOF") throw error;
  });
}
