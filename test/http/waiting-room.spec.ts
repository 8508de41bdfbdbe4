import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { onceStoreAnswers } from '../../src/http/platform/waiting-room.js';
import { StoreError } from '../../src/store/store-error.js';

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

describe('a server that is started before its store', () => {
  it('lives, is not ready, sends everybody away for a while, and opens when the store answers', async () => {
    const port = await freePort();
    const said: string[] = [];
    let isUp = false;
    const open = async (): Promise<string> => {
      if (isUp) return 'open';
      throw new StoreError('unavailable', 'KurrentDB at nowhere does not answer.');
    };
    const opening = onceStoreAnswers(open, { port }, (message) => said.push(message));
    const at = async (path: string): Promise<Response> => {
      for (;;) {
        const answer = await fetch(`http://127.0.0.1:${port}${path}`).catch(() => undefined);
        if (answer) return answer;
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    };
    const health = await at('/health');
    expect([health.status, await health.json()]).toEqual([200, { status: 'starting' }]);
    for (const path of ['/health/ready', '/api/v1/studies']) {
      const { status, headers } = await at(path);
      expect([status, headers.get('retry-after')]).toEqual([503, '2']);
    }
    expect(await (await at('/api/v1/studies')).json()).toMatchObject({
      code: 'store-unavailable',
      status: 503,
    });
    isUp = true;
    expect(await opening).toBe('open');
    expect(said).toEqual(['KurrentDB at nowhere does not answer. Trying again until it does.']);
    await expect(fetch(`http://127.0.0.1:${port}/health`)).rejects.toThrow();
  });

  it('answers while the first attempt is still under way', async () => {
    const port = await freePort();
    let answer: (value: string) => void = () => undefined;
    const opening = onceStoreAnswers(
      () => new Promise<string>((resolve) => (answer = resolve)),
      { port },
      () => {
        throw new Error('nothing to report');
      },
    );
    let response: Response | undefined;
    while (!response)
      response = await fetch(`http://127.0.0.1:${port}/api/v1/studies`).catch(() => undefined);
    expect([response.status, (await response.json()) as object]).toEqual([
      503,
      expect.objectContaining({ code: 'store-unavailable' }),
    ]);
    answer('open');
    expect(await opening).toBe('open');
  });

  it('does not wait for what waiting does not mend', async () => {
    const open = (): Promise<string> => Promise.reject(new StoreError('denied', 'Not this user.'));
    await expect(onceStoreAnswers(open, { port: await freePort() }, () => undefined)).rejects.toThrow(
      'Not this user.',
    );
  });
});
