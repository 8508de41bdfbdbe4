import { Agent, request } from 'node:http';
import { randomUUID } from 'node:crypto';
import { parentPort, workerData } from 'node:worker_threads';

/** Keeps a number of connections busy from a thread of its own, so that the server's event loop is the server's alone. */
export interface Load {
  readonly port: number;
  readonly path: string;
  readonly bodies: readonly string[];
  readonly connections: number;
  readonly seconds: number;
  readonly headers?: Readonly<Record<string, string>>;
}

const { port, path, bodies, connections, seconds, headers: given } = workerData as Load;
const agent = new Agent({ keepAlive: true, maxSockets: connections });
const end = performance.now() + seconds * 1000;
let answered = 0;

async function connection(index: number): Promise<void> {
  const body = bodies[index % bodies.length] ?? '';
  while (performance.now() < end) {
    const status = await post(body);
    if (status >= 300) throw new Error(`answered with ${status}`);
    answered++;
  }
}

function post(body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = {
      ...given,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'idempotency-key': randomUUID(),
    };
    const sent = request({ agent, host: '127.0.0.1', port, path, method: 'POST', headers }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode ?? 0));
    });
    sent.on('error', reject);
    sent.end(body);
  });
}

const start = performance.now();
await Promise.all(Array.from({ length: connections }, (_, index) => connection(index)));
parentPort?.postMessage((1000 * answered) / (performance.now() - start));
agent.destroy();
