import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/** How often the kernel asks whether a client that says nothing is still there. */
const PROBE_MS = 15_000;

/** A body that is produced while it is sent: nothing is produced before the client has taken what came before. */
export class Stream {
  private readonly over = new AbortController();
  private response: ServerResponse | undefined;

  /** `chunks` stops when its signal says that nobody reads any more. */
  constructor(private readonly chunks: (signal: AbortSignal) => AsyncIterable<string>) {}

  /** Aborted once the answer has ended, however it ended. */
  get signal(): AbortSignal {
    return this.over.signal;
  }

  /** Ends the answer now; to the client it looks complete. */
  end(): void {
    this.over.abort();
    this.response?.end();
  }

  /** @throws what `chunks` throws; the caller then breaks the connection, so that the answer does not look complete. */
  async sendTo(response: ServerResponse): Promise<void> {
    const { socket } = response.req;
    const { signal } = this.over;
    const abort = (): void => this.over.abort();
    this.response = response;
    response.once('close', abort);
    // A response that waits behind another one of its connection is not told when the connection ends.
    socket.once('close', abort);
    if (socket.destroyed) abort();
    socket.setKeepAlive(true, PROBE_MS);
    response.flushHeaders();
    try {
      if (response.req.method !== 'HEAD') await this.write(response);
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      socket.removeListener('close', abort);
    }
    this.end();
  }

  private async write(response: ServerResponse): Promise<void> {
    const { signal } = this.over;
    for await (const chunk of this.chunks(signal)) {
      signal.throwIfAborted();
      if (!response.write(chunk)) await once(response, 'drain', { signal });
    }
  }
}
