import jsqr from 'jsqr';
import { isBlindedIn } from '../../src/console/parts/label.js';
import { about, begun, day, measured } from '../study/bench.js';
import { exampleOf, serving, withAnimal, type Serving } from '../http/test-server.js';
import { mainOf, servingGolden } from './console-server.js';

/** The package is one function; its types say a module. */
const decode = jsqr as unknown as typeof jsqr.default;

/** Pixels of a module: a camera sees more than one. */
const SCALE = 4;

/** What a reader reads off a code: its path drawn as pixels. */
function readOff(svg: string): string | undefined {
  const size = Number(/viewBox="0 0 (\d+) /.exec(svg)?.[1]);
  const width = size * SCALE;
  const pixels = new Uint8ClampedArray(width * width * 4).fill(255);
  for (const [, x, y, length] of svg.matchAll(/M(\d+) (\d+)h(\d+)v1h-\d+z/g))
    for (let row = Number(y) * SCALE; row < (Number(y) + 1) * SCALE; row++)
      for (let column = Number(x) * SCALE; column < (Number(x) + Number(length)) * SCALE; column++)
        pixels.fill(0, 4 * (row * width + column), 4 * (row * width + column) + 3);
  return decode(pixels, width, width)?.data;
}

function codesIn(html: string): (string | undefined)[] {
  return [...html.matchAll(/<svg class="qr".*?<\/svg>/gs)].map(([svg]) => readOff(svg));
}

describe('a label', () => {
  let server: Serving;
  beforeEach(async () => (server = await serving()));
  afterEach(() => server.close());
  const page = async (path: string): Promise<string> =>
    mainOf((await server.get(`/studies/KET-01${path}`).set('Accept', 'text/html')).text);

  it('has a code that opens the animal at the bench, and its address below', async () => {
    await withAnimal(server);
    const label = await page('/animals/R01/label');
    const address = `${server.url}/studies/KET-01/bench/animals/R01`;
    expect(codesIn(label)).toEqual([address]);
    expect(label).toContain(`<p class="address">${address}</p>`);
    expect(label).not.toMatch(/\sstyle=/);
    // A phone cannot open this address.
    const { host } = new URL(server.url);
    expect(label).toContain(`The code leads to ${host}, which no other device can open.`);
    const opened = await server.get(new URL(address).pathname).set('Accept', 'text/html');
    expect([opened.status, mainOf(opened.text).includes('<h1>R01</h1>')]).toEqual([200, true]);
  });

  it('says what the enrolment and the licence say, and that no animal is behind it', async () => {
    await withAnimal(server);
    const label = await page('/animals/R01/label');
    for (const said of [
      'Rattus norvegicus',
      'Crl:CD(SD)',
      'male',
      'Simulated-licence-1',
      'Simulated: no animal',
    ])
      expect(label).toContain(said);
  });

  it('names the group only where a record says that it is open, and nobody observes blinded [R51]', async () => {
    for (const name of ['RegisterStudy', 'ApproveProtocol']) await server.send(name, exampleOf(name));
    const enrol = async (subject: string, allocation: object): Promise<void> => {
      const { data } = exampleOf('EnrolSubject') as { data: object };
      const { status } = await server.send('EnrolSubject', { subject, data: { ...data, allocation } });
      expect(status).toBe(201);
    };
    await enrol('R01', { group: 'Sham group', concealed: false });
    await enrol('R02', { group: 'Lesion group' });
    expect(await page('/animals/R01/label')).toContain('Group Sham group');
    expect(await page('/animals/R02/label')).not.toContain('Lesion group');
    await enrol('R03', { group: 'Lesion group', concealed: true });
    for (const animal of ['R01', 'R02', 'R03'])
      expect(await page(`/animals/${animal}/label`)).not.toContain(' group<');
  });

  it('is of no animal that is not enrolled', async () => {
    await withAnimal(server);
    const { status } = await server.get('/studies/KET-01/animals/R99/label').set('Accept', 'text/html');
    expect(status).toBe(422);
  });
});

it('a study is blinded once an observation was made blinded', () => {
  expect(isBlindedIn(begun().and(measured('high', day(1))).study)).toBe(false);
  expect(isBlindedIn(begun().and(measured('high', day(1), { blinded: true })).study)).toBe(true);
  const concealed = about('R02', 'EnrolSubject', { allocation: { group: 'A', concealed: true } });
  expect(isBlindedIn(begun().and(concealed).study)).toBe(true);
});

it('labels are printed of those that are in the study, or of all', async () => {
  const served = await servingGolden('demo', { code: 'KET-01', size: 1100 });
  const count = async (query: string): Promise<number> =>
    codesIn((await served.get(`/studies/KET-01/labels${query}`)).text).length;
  expect([await count(''), await count('?show=all'), await count('?show=today')]).toEqual([21, 26, 0]);
  const { text } = await served.get('/studies/KET-01/labels?show=all');
  // The simulated observers are blinded.
  expect(text).not.toContain('<p>Group');
  expect((await served.get('/studies/KET-01/labels?show=some')).status).toBe(400);
  await served.close();
});
