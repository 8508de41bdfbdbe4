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
      expect(textOf(html)).toContain('The 24 h after dose #6 end in 3 h 10 min.');
      expect(textOf(html)).toContain('No step is proposed: the effect of #6 is not known yet.');
      expect([valueOf(html, 'data.lot'), valueOf(html, 'data.expiry')]).toEqual(['K-2207', '2027-01-31']);
      const second = { ...fields, 'data.dose.value': '20' };
      const refused = await post(dose, second);
      expect([refused.status, refused.text.includes('washout-short')]).toEqual([422, false]);
      // In the list of what is wrong, and at the reason; nowhere else.
      expect(refused.text.split('sooner after the one before than the protocol allows').length - 1).toBe(2);
      expect(mainOf(refused.text)).toMatch(
        /data-field="reason"(?:(?!data-field).)*sooner after the one before than the protocol allows\. Say why\./s,
      );
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

    it('goes by the catheter of the animal where nothing else says the route', async () => {
      const html = await page(dose);
      expect(html).toContain('value="intrathecal" selected');
      expect(textOf(html)).toContain('the animal has an intrathecal catheter (#4)');
      await made('EnrolSubject', { ...exampleOf('EnrolSubject'), subject: 'R02' });
      const without = await page('/dose?animal=R02');
      expect(without).not.toContain('value="intrathecal" selected');
      expect(textOf(without)).toContain('R02 has none on record. Record its implantation');
      expect(without).toContain('/bench/enter/implant-catheter?animal=R02&amp;next=');
    });

    it('says of a dead animal what can be done, as a stimulation does', async () => {
      await made('EuthaniseSubject', { ...exampleOf('EuthaniseSubject'), subject: 'R01' });
      for (const [path, late] of [
        ['/dose', 'administer-ketamine'],
        ['/stimulation', 'apply-scs'],
      ]) {
        const html = await page(`${path}?animal=R01`);
        expect(textOf(html)).toContain('R01 is dead (record 5).');
        expect(html).toContain(`href="${bench}${path}"`);
        expect(html).toContain(`href="${bench}/enter/${late}?animal=R01&amp;before=yes"`);
      }
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
      expect(textOf(refused.text)).toContain('301.5 g, today');
      expect(textOf(refused.text)).toContain('299.8 g, today');
      const fixed = await post('/weights', { ...fields, 'R02.weight': '310.0' });
      expect([fixed.status, fixed.headers['location']]).toEqual([303, '/studies/KET-01/bench/weights']);
      const { body } = await server.get('/api/v1/studies/KET-01/records?limit=200');
      const weights = (body as { records: { record: { type: string; subject: string } }[] }).records
        .map(({ record }) => record)
        .filter(({ type }) => type === 'BodyWeightRecorded');
      expect(weights.map(({ subject }) => subject)).toEqual(['R01', 'R03', 'R02']);
    });

    it('records nothing with a number for a reason, and keeps what was typed', async () => {
      await enrol('R02');
      const ids = { 'R01.id': v7(), 'R02.id': v7() };
      const fields = { ...ids, 'R01.weight': '2550', 'R01.reason': '251,5', 'R02.weight': '299' };
      const before = await latest();
      const refused = await post('/weights', fields);
      expect(refused.status).toBe(422);
      expect(textOf(refused.text)).toContain(
        'The reason of R01 is “251,5”: that is a number: say why in words',
      );
      expect(['R01.weight', 'R01.reason', 'R02.weight'].map((name) => valueOf(refused.text, name))).toEqual([
        '2550',
        '251,5',
        '299',
      ]);
      expect(await latest()).toEqual(before);
    });

    it('refuses by name what was typed for an animal that died meanwhile, and records the others', async () => {
      await enrol('R02');
      const fields = { 'R01.id': v7(), 'R02.id': v7(), 'R01.weight': '301.5', 'R02.weight': '299.0' };
      await made('EuthaniseSubject', { ...exampleOf('EuthaniseSubject'), subject: 'R01' });
      const refused = await post('/weights', fields);
      expect(refused.status).toBe(409);
      expect(textOf(refused.text)).toContain(
        'R01 was dead by then (record 6): check the animal and the time.',
      );
      expect(valueOf(refused.text, 'R01.weight')).toBe('301.5');
      expect(textOf(refused.text)).toContain('299.0 g, today');
      // Nor does it vanish where it is the only one, or is in no study.
      for (const animal of ['R01', 'R99']) {
        const { status, text } = await post('/weights', {
          [`${animal}.id`]: v7(),
          [`${animal}.weight`]: '300',
        });
        expect([status, textOf(text).includes(animal), valueOf(text, `${animal}.weight`)]).toEqual([
          expect.any(Number),
          true,
          '300',
        ]);
        expect(status).toBeGreaterThanOrEqual(400);
      }
    });

    it('shows the page again where nothing is filled in', async () => {
      expect((await post('/weights', { 'R01.id': v7(), 'R01.weight': ' ' })).status).toBe(200);
    });
  });

  describe('a form that says more than its fields', () => {
    const enter = (command: string, query = '') => page(`/enter/${command}?animal=R01${query}`);

    it('of a weight shows the trend and the grams at which an endpoint is reached', async () => {
      await weigh('300.0');
      server.time.ms += 24 * HOUR;
      await weigh('320.0');
      const html = await enter('record-body-weight');
      expect(textOf(html)).toContain('Last weight 320.0 g, today (#6), 100.0 % of the heaviest.');
      expect(textOf(html)).toContain('Endpoint at 256.0 g or less: Body weight a fifth below its maximum.');
      expect(html).toContain('aria-label="Animal R01: body weight in grams"');
    });

    it('asks why a value that is hardly possible is right, and records it with the reason, once', async () => {
      const animal = {
        'data.species': 'Rattus norvegicus',
        'data.strain': 'Crl:CD(SD)',
        'data.sex': 'female',
      };
      const weight = { 'data.bodyWeight.value': '1198,7', 'data.bodyWeight.unit': 'g' };
      const fields = { id: v7(), subject: 'R09', ...animal, ...weight };
      const refused = await post('/enter/enrol-subject', fields);
      expect(refused.status).toBe(422);
      expect(textOf(refused.text)).toContain(
        'This record states a body weight outside the plausible range of the protocol. Say why.',
      );
      const explained = { ...fields, reason: 'weighed in its cage' };
      for (let time = 0; time < 2; time++)
        expect((await post('/enter/enrol-subject', explained)).status).toBe(303);
      expect((await latest()).data).toMatchObject({ flags: ['body-weight-out-of-range', 'implausible'] });
    });

    it('of a welfare score has a choice for each score of each item, and records them as pairs of the list', async () => {
      const html = await enter('score-welfare');
      expect(html.match(/type="radio"/g)).toHaveLength(12);
      const scores = {
        'data.scores[0].item': 'posture',
        'data.scores[0].score': '0',
        'data.scores[1].item': 'wound',
      };
      const fields = { subject: 'R01', 'data.sheet': 'daily-sheet', ...scores };
      const refused = await post('/enter/score-welfare?animal=R01', fields);
      expect(refused.status).toBe(422);
      expect(refused.text.match(/type="radio"/g)).toHaveLength(12);
      expect(refused.text).toMatch(/name="data\.scores\[0\]\.score" value="0" checked/);
      await post('/enter/score-welfare?animal=R01', { ...fields, 'data.scores[1].score': '2' });
      expect((await latest()).data).toMatchObject({
        scores: [
          { item: 'posture', score: 0 },
          { item: 'wound', score: 2 },
        ],
      });
      expect(textOf(await enter('score-welfare'))).toContain('Last scores: 2 on Mon 2 Mar 2026 (#5).');
    });

    it('of side effects offers the doses and stimulations of the animal', async () => {
      await made('AdministerKetamine', { ...exampleOf('AdministerKetamine'), reason: 'As it was' });
      server.time.ms += 15 * 60_000;
      const html = await enter('score-side-effects');
      expect(textOf(html)).toContain('ketamine, 15 min ago (#5)');
      expect(valueOf(html, 'data.minute')).toBe('15');
    });

    it('of euthanasia says what is open and that it stays', async () => {
      await weigh('400.0');
      server.time.ms += 24 * HOUR;
      const low = await weigh('300.0');
      const html = textOf(await enter('euthanise-subject'));
      expect(html).toContain('The record cannot be deleted');
      expect(html).toContain(
        `Endpoint not decided: Body weight a fifth below its maximum, reached by #${low}.`,
      );
      expect(html).toContain('Its severity is not assessed yet');
      const decide = await enter('decide-endpoint');
      expect(valueOf(decide, 'data.reachedBy')).toBe(String(low));
      expect(textOf(decide)).toContain(`reached by #${low}, 25.0 % below the heaviest weight`);
    });

    it('of a measurement has the sites and as many trials as the protocol plans, and records the single trials', async () => {
      const assays = [
        {
          id: 'heat-latency',
          title: 'Latency to withdraw from heat',
          unit: 's',
          increase: 'relief',
          cutOff: '20',
          trials: { kind: 'value', count: 3, aggregate: 'mean' },
          sites: ['left-hind-paw', 'right-hind-paw'],
        },
      ];
      await made('AmendProtocol', {
        data: { protocol: { ...exampleProtocol, assays } },
        reason: 'Heat is measured too',
      });
      const html = await enter('record-measurement');
      expect(textOf(html)).toContain('Trials: 3 are planned, in s, stopped at 20');
      const trial = (index: number, value: string) => ({
        [`data.trials[${index}]|`]: '0',
        [`data.trials[${index}]|0.value`]: value,
      });
      await post('/enter/record-measurement?animal=R01', {
        subject: 'R01',
        'data.assay': 'heat-latency',
        'data.site': 'left-hind-paw',
        ...trial(0, '8.4'),
        ...trial(1, '9,1'),
        ...trial(2, '20.0'),
        'data.trials[2]|0.censored': 'true',
      });
      expect((await latest()).data).toMatchObject({
        trials: [{ value: '8.4' }, { value: '9.1' }, { value: '20.0', censored: true }],
      });
    });
  });

  describe('a stimulation', () => {
    const address = '/stimulation?animal=R01';
    const threshold = () =>
      made('DetermineMotorThreshold', {
        subject: 'R01',
        data: { frequency: q('50 Hz'), pulseWidth: q('0.2 ms'), amplitude: q('0.28 mA') },
      });
    const fields = {
      subject: 'R01',
      'data.frequency.value': '50',
      'data.frequency.unit': 'Hz',
      'data.pulseWidth.value': '0.2',
      'data.pulseWidth.unit': 'ms',
      'data.amplitude.value': '0.18',
      'data.amplitude.unit': 'mA',
      'data.duration.value': '30',
      'data.duration.unit': 'min',
      'data.outcome': 'completed',
      reason: 'not judged hypersensitive in this example',
    };

    it('asks for the motor threshold of the day first', async () => {
      const html = await page(address);
      expect(textOf(html)).toContain('none was determined today');
      expect(html).toContain('/bench/enter/determine-motor-threshold?animal=R01&amp;next=');
      expect(html).toContain('data.frequency.value=50');
      await threshold();
      server.time.ms += 24 * HOUR;
      expect(textOf(await page(address))).toContain('none was determined today');
    });

    it('shows the amplitude with its arithmetic, and begins with the parameters of the protocol', async () => {
      await threshold();
      const html = await page(address);
      expect(textOf(html)).toContain('0.60–0.70 × 0.28 mA = 0.168–0.196 mA');
      expect(valueOf(html, 'data.amplitude.value')).toBe('0.18');
      expect(valueOf(html, 'data.pulseWidth.value')).toBe('0.2');
      expect(textOf(html)).toContain('treats an animal that is not judged hypersensitive');
    });

    it('is recorded when it has ended; readings that were made meanwhile are named to it by corrections', async () => {
      await threshold();
      const begun = new Date(server.time.ms).toISOString();
      server.time.ms += 15 * 60_000;
      const reading = await made('RecordThreshold', { ...exampleOf('RecordThreshold') });
      server.time.ms += 16 * 60_000;
      const { headers } = await post(address, { ...fields, occurredAt: begun });
      expect(headers['location']).toBe('/studies/KET-01/bench/stimulation?animal=R01&session=7&recorded=7');
      const html = await page(`${address}&session=7`);
      expect(textOf(html)).toContain(`#${reading} at 09:30 is the reading at 15 min`);
      expect(textOf(html)).toContain('30 min: due now');
      // The address on which it ran leads to it, also where another time was typed; a later one is another one.
      const ranAt = async (ms: number) => (await page(`${address}&begun=${ms}`)).includes('data-over=');
      expect(await ranAt(Date.parse(begun))).toBe(true);
      expect(await ranAt(Date.parse(begun) + 5 * 60_000)).toBe(true);
      expect(await ranAt(server.time.ms + 1)).toBe(false);
      expect((await page(`${address}&begun=x`)).includes('data-over=')).toBe(false);
      const named = {
        session: '7',
        assign: String(reading),
        [`minute.${reading}`]: '15',
        [`id.${reading}`]: v7(),
      };
      expect((await post(address, named)).status).toBe(303);
      const corrected = await latest();
      // Its answer was lost.
      expect((await post(address, { ...named, enteredAt: '2026-03-02T09:15:00Z' })).status).toBe(303);
      expect(await latest()).toEqual(corrected);
      expect(await latest()).toMatchObject({
        type: 'RecordCorrected',
        data: { corrected: { session: 7, minute: 15 }, target: { number: reading } },
      });
      const after = await page(`${address}&session=7`);
      expect(textOf(after)).toContain('✓ 15 min');
      expect(after).not.toContain('name="assign"');
      expect(after).toContain('/bench/threshold?animal=R01&amp;session=7&amp;minute=30');
    });

    it('after a recent dose asks whether it follows that, and records nothing before somebody has chosen', async () => {
      await threshold();
      const dose = await made('AdministerKetamine', {
        ...exampleOf('AdministerKetamine'),
        reason: 'As it was',
      });
      server.time.ms += 12 * 60_000;
      const html = await page(address);
      expect(textOf(html)).toMatch(new RegExp(`after [\\d.]+ µg ketamine \\(#${dose}, 12 min ago\\)`));
      expect(/name="data\.follows"[^>]*checked/.test(html)).toBe(false);
      const before = await latest();
      const refused = await post(address, fields);
      expect(refused.status).toBe(422);
      expect(textOf(refused.text)).toContain('Choose whether it is alone or follows a dose.');
      expect(await latest()).toEqual(before);
      expect((await post(address, { ...fields, 'data.follows': String(dose) })).status).toBe(303);
      expect((await latest()).data).toMatchObject({ follows: dose });
    });

    it('says at its field what is wrong, and keeps what was typed', async () => {
      await threshold();
      const refused = await post(address, {
        ...fields,
        'data.duration.value': 'long',
        'data.interruptions': 'lead loose',
      });
      expect(refused.status).toBe(422);
      expect(valueOf(refused.text, 'data.duration.value')).toBe('long');
      expect(textOf(refused.text)).toContain('lead loose');
    });
  });
});
