import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/** After this time without traffic the kernel checks that the client is still there. */
const PROBE_MS = 15_000;

/** A body that is produced while it is sent. The next chunk is produced when the client has taken the last one. */
export class Stream {
  private readonly over = new AbortController();
  private response: ServerResponse | undefined;

  /** `chunks` should stop when its signal is aborted: the client is gone. */
  constructor(private readonly chunks: (signal: AbortSignal) => AsyncIterable<string | Uint8Array>) {}

  /** Aborted when the answer has ended, for whatever reason. */
  get signal(): AbortSignal {
    return this.over.signal;
  }

  /** Ends the answer now. To the client it looks complete. */
  end(): void {
    this.over.abort();
    this.response?.end();
  }

  /** @throws what `chunks` throws. The caller then cuts the connection, so that the answer does not look complete. */
  async sendTo(response: ServerResponse): Promise<void> {
    const { socket } = response.req;
    const { signal } = this.over;
    const abort = (): void => this.over.abort();
    this.response = response;
    response.once('close', abort);
    // A response that waits behind another one on its connection gets no event when the connection ends.
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
