import request from 'supertest';
import { v7 } from 'uuid';
import { exampleProtocol } from '../../src/study/commands/common/example-protocol.js';
import { exampleOf, serving, START, type Serving } from '../http/test-server.js';
import { mainOf } from './console-server.js';

const HOUR = 3_600_000;
const q = (text: string) => {
  const [value, unit] = text.split(' ');
  return { value, unit };
};

/** Treatments and welfare at the bench, as pages without a script: what they show, and what their forms record. */
describe('treatment at the bench', () => {
  let server: Serving;
  const bench = '/studies/KET-01/bench';

  beforeEach(async () => {
    server = await serving({ clock: { ms: START } });
    for (const [name, more] of [
      ['RegisterStudy', {}],
      ['ApproveProtocol', { data: { protocol: exampleProtocol } }],
      ['EnrolSubject', { subject: 'R01' }],
      ['ImplantElectrode', { subject: 'R01' }],
      ['ImplantCatheter', { subject: 'R01' }],
    ] as const)
      await made(name, { ...exampleOf(name), ...more });
  });
  afterEach(() => server.close());

  /** Sends a command as a program does, and says the number of its record. */
  async function made(name: string, body: object): Promise<number> {
    const { status, text, body: answer } = await server.send(name, body);
    if (status !== 201) throw new Error(`${name}: ${text}`);
    return (answer as { records: { number: number }[] }).records[0]!.number;
  }
  const weigh = (grams: string, subject = 'R01') =>
    made('RecordBodyWeight', { subject, data: { weight: q(`${grams} g`) }, reason: 'As it was' });
  const page = async (path: string): Promise<string> => {
    const { status, text } = await server.get(`${bench}${path}`).set('Accept', 'text/html');
    expect([path, status]).toEqual([path, 200]);
    return mainOf(text);
  };
  const post = (path: string, fields: Record<string, string>) =>
    request(server.url)
      .post(`${bench}${path}`)
      .set('Accept', 'text/html')
      .type('form')
      .send(new URLSearchParams({ id: v7(), ...fields }).toString());
  const latest = async () => {
    const { body } = await server.get('/api/v1/studies/KET-01/records?limit=200');
    return (body as { records: { record: { type: string; data: object; reason?: string } }[] }).records.at(
      -1,
    )!.record;
  };
  const valueOf = (html: string, name: string): string | undefined => {
    const tag = new RegExp(`<input[^>]*name="${name.replaceAll('.', '\\.')}"[^>]*>`).exec(html)?.[0];
    return tag && (/value="([^"]*)"/.exec(tag)?.[1] ?? '');
  };
  const textOf = (html: string) => html.replace(/<[^>]+>/g, '').replaceAll('&#39;', '’');

  describe('a dose', () => {
    const dose = '/dose?animal=R01&substance=ketamine';

    it('begins with the step of the titration, the weight of today and the volume of the protocol', async () => {
      await weigh('312.5');
      const html = await page('/dose?animal=R01');
      expect(textOf(html)).toContain('10 µg is the first step of the titration.');
      expect(textOf(html)).toContain('Last weight: 312.5 g, today (#5).');
      expect(
        ['data.dose.value', 'data.volume.value', 'data.bodyWeight.value'].map((name) => valueOf(html, name)),
      ).toEqual(['10', '10', '312.5']);
      expect(textOf(html)).toContain('32 µg/kg = 10 µg ÷ 312.5 g');
      expect(textOf(html)).toContain('1 mg/mL = 10 µg ÷ 10 µL');
    });

    it('does not take over a weight of another day, and leads to the scales', async () => {
      await weigh('312.5');
      server.time.ms += 26 * HOUR;
      const html = await page('/dose?animal=R01');
      expect(valueOf(html, 'data.bodyWeight.value')).toBe('');
      expect(textOf(html)).toContain('Last weight: 312.5 g, yesterday (#5).');
      expect(html).toContain('href="/studies/KET-01/bench/enter/record-body-weight?animal=R01&amp;next=');
    });

    it('counts the wash-out, says what departs from it before it is recorded, and takes it with a reason', async () => {
      await weigh('312.5');
      const fields = {
        subject: 'R01',
        'data.dose.value': '10',
        'data.dose.unit': 'ug',
        'data.bodyWeight.value': '312.5',
        'data.bodyWeight.unit': 'g',
        'data.volume.value': '10',
        'data.volume.unit': 'uL',
        'data.purpose': 'titration',
        'data.route': 'intrathecal',
        'data.lot': 'K-2207',
        'data.expiry': '2027-01-31',
      };
      const first = await post(dose, fields);
      expect(first.headers['location']).toBe('/studies/KET-01/bench/animals/R01?recorded=6');
      server.time.ms += 20 * HOUR + 50 * 60_000;
      const html = await page('/dose?animal=R01');
      expect(textOf(html)).toContain('24 h since dose #6 are over in 3 h 10 min.');
      expect(textOf(html)).toContain('No step is proposed: the effect of #6 is not known yet.');
      expect([valueOf(html, 'data.lot'), valueOf(html, 'data.expiry')]).toEqual(['K-2207', '2027-01-31']);
      const second = { ...fields, 'data.dose.value': '20' };
      const refused = await post(dose, second);
      expect([refused.status, refused.text.includes('washout-short')]).toEqual([422, true]);
      expect(textOf(refused.text)).toContain('sooner after the one before than the protocol allows');
      expect(valueOf(refused.text, 'data.dose.value')).toBe('20');
      const taken = await post(dose, { ...second, reason: 'the animal leaves tomorrow' });
      expect(taken.status).toBe(303);
      expect(await latest()).toMatchObject({
        type: 'KetamineAdministered',
        reason: 'the animal leaves tomorrow',
        data: { dose: q('20 ug'), flags: ['deviation', 'washout-short'] },
      });
    });

    it('is worked out by the server, stated per body weight, and records what was typed to the letter', async () => {
      const fields = {
        subject: 'R01',
        'data.dose.value': '',
        'data.dose.unit': 'ug',
        'other.value': '96.0',
        'other.unit': 'ug/kg',
        'data.bodyWeight.value': '312.50',
        'data.bodyWeight.unit': 'g',
        'data.concentration.value': '3',
        'data.concentration.unit': 'mg/mL',
        'data.purpose': 'titration',
        'data.route': 'intrathecal',
      };
      const shown = await post(dose, { ...fields, 'work-out': 'yes' });
      expect(shown.status).toBe(200);
      expect(valueOf(shown.text, 'data.volume.value')).toBe('10');
      expect(textOf(shown.text)).toContain('30 µg = 96.0 µg/kg × 312.50 g');
      await post(dose, { ...fields, 'data.volume.value': '10', 'data.volume.unit': 'uL' });
      expect((await latest()).data).toMatchObject({
        dose: q('96.0 ug/kg'),
        bodyWeight: q('312.50 g'),
        concentration: q('3 mg/mL'),
      });
    });

    it('says that dose, volume and concentration do not fit together', async () => {
      const shown = await post(dose, {
        subject: 'R01',
        'data.dose.value': '30',
        'data.dose.unit': 'ug',
        'data.volume.value': '15',
        'data.volume.unit': 'uL',
        'data.concentration.value': '3',
        'data.concentration.unit': 'mg/mL',
        'work-out': 'yes',
      });
      expect(textOf(shown.text)).toContain('30 µg is stated, and 3 mg/mL × 15 µL is 45 µg.');
    });

    it('asks for the animal where its address names none', async () => {
      expect(await page('/dose')).toContain('href="/studies/KET-01/bench/dose?animal=R01"');
    });
  });

  describe('a round of weights', () => {
    const enrol = (subject: string) =>
      made('EnrolSubject', { ...exampleOf('EnrolSubject'), subject, reason: 'As it was' });

    it('has a row for each animal that is alive', async () => {
      await enrol('R02');
      await enrol('R03');
      await made('EuthaniseSubject', { ...exampleOf('EuthaniseSubject'), subject: 'R03' });
      const html = await page('/weights');
      expect([...html.matchAll(/data-animal="([^"]+)"/g)].map(([, id]) => id)).toEqual(['R01', 'R02']);
    });

    it('records row by row, says at its row what is wrong, and records nothing twice', async () => {
      await enrol('R02');
      await enrol('R03');
      const ids = { 'R01.id': v7(), 'R02.id': v7(), 'R03.id': v7() };
      const fields = { ...ids, 'R01.weight': '301.5', 'R02.weight': 'heavy', 'R03.weight': '299,8' };
      const refused = await post('/weights', fields);
      expect(refused.status).toBe(422);
      expect(valueOf(refused.text, 'R02.weight')).toBe('heavy');
      expect(valueOf(refused.text, 'R02.id')).toBe(ids['R02.id']);
      expect(textOf(refused.text)).toContain('301.5 g today');
      expect(textOf(refused.text)).toContain('299.8 g today');
      const fixed = await post('/weights', { ...fields, 'R02.weight': '310.0' });
      expect([fixed.status, fixed.headers['location']]).toEqual([303, '/studies/KET-01/bench/weights']);
      const { body } = await server.get('/api/v1/studies/KET-01/records?limit=200');
      const weights = (body as { records: { record: { type: string; subject: string } }[] }).records
        .map(({ record }) => record)
        .filter(({ type }) => type === 'BodyWeightRecorded');
      expect(weights.map(({ subject }) => subject)).toEqual(['R01', 'R03', 'R02']);
    });

    it('shows the page again where nothing is filled in', async () => {
      expect((await post('/weights', { 'R01.id': v7(), 'R01.weight': ' ' })).status).toBe(200);
    });
  });
});
