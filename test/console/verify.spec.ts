import { readFileSync } from 'node:fs';
import { mainOf, servingGolden, type Served } from './console-server.js';

const HEAD = 1602;
/** A signed state of the golden study, as it was kept beside the records. */
const NOTE = readFileSync(
  new URL(`../golden/ledger-0.1/demo/anchors/study-KET-01-${HEAD}.note`, import.meta.url),
  'utf8',
);

describe('the page of evidence, for a reader without script', () => {
  let served: Served;
  let root: (size: number) => Promise<string>;
  const says = async (note: string, at = ''): Promise<string> => {
    const address = `/studies/KET-01/verify?note=${encodeURIComponent(note)}${at}`;
    const { status, text } = await served.get(address);
    expect([address, status]).toEqual([address, 200]);
    return /<p class="compared">.*?<\/p>/s.exec(text)?.[0].replaceAll(/<[^>]+>/g, '') ?? 'nothing';
  };
  beforeAll(async () => {
    served = await servingGolden('demo');
    root = async (size) => {
      const { body } = await served
        .get(`/api/v1/studies/KET-01?at=${size}`)
        .set('Accept', 'application/json');
      return (body as { root: string }).root;
    };
  });
  afterAll(() => served.close());

  it('answers whether a pasted state is a prefix, and says that it was the server that said it', async () => {
    const origin = 'simulated.invalid/ledger/study/KET-01';
    expect(await says(`834 ${await root(834)}`)).toBe(
      'This server says: It is the state of the first 834 records of this log. No signature was pasted. Your browser computed nothing of it.',
    );
    expect(await says(`${origin}\r\n834\r\n${await root(834)}\r\n`)).toContain(
      'It is the state of the first 834',
    );
    expect(await says(`835 ${await root(834)}`)).toContain('It is not the state of the first 835 records');
    expect(await says(`1603 ${await root(834)}`)).toContain(
      'It is of 1,603 records, and this page is made from 1,602.',
    );
    expect(await says(`834 ${await root(834)}`, '&at=800')).toContain('this page is made from 800');
    expect(await says(`other.example/ledger/study/KET-01\n834\n${await root(834)}\n`)).toContain(
      'another log',
    );
    expect(await says('I was told that it is fine')).toContain('This is no state of a log.');
  });

  it('checks the signature of a pasted note with the keys that the lab published', async () => {
    expect(await says(NOTE)).toContain('It is signed by a key of this log.');
    const forged = NOTE.replace(
      /(— \S+ .{20})(.)/,
      (_, before: string, one: string) => before + (one === 'A' ? 'B' : 'A'),
    );
    expect(await says(forged)).toContain('Its signature does not hold');
  });

  it('shows the anchors of the tree size that it shows, and the keys of that time', async () => {
    const [now, then] = await Promise.all(
      ['', '?at=834'].map(async (query) => mainOf((await served.get(`/studies/KET-01/verify${query}`)).text)),
    );
    expect(now).toContain(await root(HEAD));
    expect(then).toContain('Up to this tree size, no state is recorded in the log of the laboratory.');
    expect(now).toContain(
      'simulated.invalid/ledger/lab+6faf5c69+Ad9T9YLWpDi5nFDctPySXhwsmtCdGPfVG8sCXoemXM7X',
    );
    // Whether anything verifies is never the server's to say.
    expect(now!.replaceAll(/\bverif(y|ies)\b/gi, '')).not.toMatch(/verified/i);
  });
});
