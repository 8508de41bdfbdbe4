import request from 'supertest';
import { createServer } from '../../src/http/platform/server.js';
import { Engine } from '../../src/recording/engine.js';
import { sha256 } from '../../src/shared/sha256.js';
import { MemoryStore } from '../../src/store/memory.store.js';
import { leafHash } from '../../src/tlog/merkle.js';
import { Client, ok } from '../support/people.js';
import { GoldenLedger } from '../golden/golden-ledger.js';

const BATCH = 200;

/** A golden ledger, served; `cut` leaves it with the first records of one study. */
export async function servingGolden(
  name: 'demo' | 'every-kind' | 'governed',
  cut?: { readonly code: string; readonly size: number },
  clock: () => number = Date.now,
) {
  const store = new MemoryStore();
  for (const [log, texts] of new GoldenLedger(
    name === 'governed' ? 'ledger-0.7/governed' : `ledger-0.1/${name}`,
  ).records) {
    const kept = cut ? texts.filter((text, number) => isKept(log, text, number, cut)) : texts;
    for (let from = 0; from < kept.length; from += BATCH)
      await store.append(
        log,
        from,
        kept.slice(from, from + BATCH).map((text) => ({ text, leaf: leafHash(sha256, text) })),
      );
  }
  const server = await createServer(new Engine(store, clock), { port: 0, logger: false });
  return { ...server, get: (path: string) => request(server.url).get(path).set('Accept', 'text/html') };
}

/** Somebody of the governed ledger, whose people are simulated. */
export async function signedIn(url: string, person: string): Promise<Client> {
  const client = new Client(url, person, 'http://localhost:3000');
  ok(await client.post('/api/v1/sign-in/simulated', { person }));
  return client;
}

/** The lab of that time holds no anchor of what came later. */
function isKept(log: string, text: string, number: number, cut: { code: string; size: number }): boolean {
  if (log === `study-${cut.code}`) return number < cut.size;
  const { type, data } = JSON.parse(text) as { type: string; data: { code?: string; size: number } };
  return type !== 'StudyCheckpointed' || data.code !== cut.code || data.size <= cut.size;
}

export type Served = Awaited<ReturnType<typeof servingGolden>>;

export function mainOf(html: string): string {
  const main = /<main[\s>].*<\/main>/s.exec(html)?.[0];
  if (main === undefined) throw new Error('no main in the page');
  return main;
}

/** Every address that a page leads to within the server, without the place in the page. */
export function linksIn(html: string): string[] {
  const hrefs = [...html.matchAll(/\shref="([^"]+)"/g)].map(([, href]) => href!.replaceAll('&amp;', '&'));
  return [...new Set(hrefs.map((href) => href.replace(/#.*/, '')).filter((href) => href !== ''))];
}
