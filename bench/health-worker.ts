import { Agent, get } from 'node:http';
import { parentPort, workerData } from 'node:worker_threads';

/** Asks a server whether it is well, from a thread of its own: alone, and while it answers something long. */
export interface HealthAsked {
  readonly port: number;
  readonly long: string;
  readonly times: number;
}

/** How long each answer took, in ms. */
export interface HealthAnswered {
  readonly idle: readonly number[];
  readonly during: readonly number[];
}

const { port, long, times } = workerData as HealthAsked;
const agent = new Agent({ keepAlive: true });

function ask(path: string): Promise<number> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    get({ agent, host: '127.0.0.1', port, path }, (response) => {
      response.resume();
      response.on('end', () =>
        response.statusCode === 200 ? resolve(performance.now() - began) : reject(new Error(path)),
      );
    }).on('error', reject);
  });
}

async function measure(): Promise<HealthAnswered> {
  // The first opens the study.
  await ask(long);
  const [idle, during]: number[][] = [[], []];
  for (let index = 0; index < 50; index++) await ask('/health');
  while (during!.length < times) {
    for (let index = 0; index < 50; index++) idle!.push(await ask('/health'));
    const read = { isAnswered: false };
    const answer = ask(long).then(() => {
      read.isAnswered = true;
    });
    while (!read.isAnswered) during!.push(await ask('/health'));
    await answer;
  }
  return { idle: idle!, during: during! };
}

parentPort?.postMessage(await measure());
agent.destroy();
