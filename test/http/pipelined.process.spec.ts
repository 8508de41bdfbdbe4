import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import net from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { ServerResponse } from 'node:http';
import { serving } from './test-server.js';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Several requests in one packet; the client leaves before the answers can be sent. */
function pipelineAndLeave(port: number, request: string): Promise<void> {
  return new Promise((resolve) => {
    const socket = net.connect(port, '127.0.0.1', () => {
      socket.write(request.repeat(3));
      setImmediate(() => socket.resetAndDestroy());
    });
    socket.on('error', () => undefined).once('close', () => resolve());
  });
}

describe('pipelined requests that are cut off', () => {
  it.each(['/api/v1/studies', '/api/v1/feed?follow=true', '/api'])(
    'leave no response of %s behind',
    async (path) => {
      const responses: WeakRef<ServerResponse>[] = [];
      const note = (message: unknown): void => {
        responses.push(new WeakRef((message as { response: ServerResponse }).response));
      };
      subscribe('http.server.request.start', note);
      const server = await serving();
      for (let connection = 0; connection < 30; connection++)
        await pipelineAndLeave(server.port, `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`);
      expect(responses.length).toBeGreaterThan(0);
      const alive = (): number => responses.filter((response) => response.deref()).length;
      for (let round = 0; round < 50 && alive() > 0; round++) {
        await new Promise((resolve) => setTimeout(resolve, 20));
        collectGarbage();
      }
      expect(alive()).toBe(0);
      unsubscribe('http.server.request.start', note);
      await server.close();
    },
  );
});
