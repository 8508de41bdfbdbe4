import { dueNow, nextChange } from '../../src/console/bench/due-now.js';
import { addressOfTask } from '../../src/console/bench/task-address.js';
import { whoDecides } from '../../src/console/bench/who-decides.js';
import { dueText } from '../../src/console/words/due.js';
import type { Task } from '../../src/study/due/task.js';
import { instantMs } from '../../src/study/instant.js';
import { exampleOf, serving, withAnimal, type Serving } from '../http/test-server.js';
import { linksIn, mainOf, servingGolden, type Served } from './console-server.js';

const ms = (instant: string): number => instantMs(instant) ?? NaN;

/** Text of a page as a person reads it. */
const words = (html: string): string => html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');

describe('today, in the middle of a titration', () => {
  let served: Served;
  beforeAll(async () => {
    // R02 and R06 were dosed at 08:50 and 08:53; their readings at 15 and 30 min are recorded, those at 60 min are not.
    served = await servingGolden('demo', { code: 'KET-01', size: 1000 }, () =>
      ms('2026-03-27T09:52:10+01:00'),
    );
  });
  afterAll(() => served.close());

  it('shows what is due to the minute with the time that is left, then what is due of many animals', async () => {
    const { status, text } = await served.get('/studies/KET-01/bench');
    expect(status).toBe(200);
    const main = mainOf(text);
    expect([...main.matchAll(/<h2>([^<]*)<\/h2>/g)].map(([, heading]) => heading)).toEqual([
      'Due now',
      'Later today',
      'Next steps, for which the protocol sets no time',
    ]);
    expect(words(main)).toContain('R02 Reading at 60 min 08:50 , 2:10 over');
    expect(words(main)).toContain('R06 Reading at 60 min 08:53 , in 0:50');
    expect(main).toContain('data-live="due"');
    expect(main).toContain(
      'href="/studies/KET-01/bench/threshold?animal=R02&amp;paw=ipsilateral&amp;session=987&amp;minute=60"',
    );
  });

  it('leads from each task to a page on which it is recorded, with what is known filled in', async () => {
    const { text } = await served.get('/studies/KET-01/bench');
    const forms = linksIn(mainOf(text)).filter((link) => /\/bench\/(?!animals)/.test(link));
    expect(forms.length).toBeGreaterThan(5);
    const pages = new Map(forms.map((link) => [link.replace(/\?.*/, ''), link]));
    for (const link of pages.values()) expect([link, (await served.get(link)).status]).toEqual([link, 200]);
    const score = forms.find((link) => link.includes('score-welfare'))!;
    expect(mainOf((await served.get(score)).text)).toMatch(/value="daily-sheet"/);
  });

  it('says of one animal what is due, what can be done, what it weighs and what was recorded last', async () => {
    const { text } = await served.get('/studies/KET-01/bench/animals/R02?recorded=999');
    const main = mainOf(text);
    expect(words(main)).toContain('Recorded as #999');
    expect(words(main)).toMatch(/Last weight \d+\.\d g/);
    expect(words(main)).toContain('an endpoint is reached at 20 %');
    expect(words(main)).toMatch(/Lesion on the (left|right), [^:]+: today is day \d+ after it\./);
    expect(words(main)).not.toContain('needs an electrode');
    expect(words(main)).toContain('Reading at 60 min');
    expect(words(main)).toContain('Next Reading before the dose');
    for (const what of ['Body weight', 'Dose of ketamine', 'Euthanasia', 'Threshold, contralateral paw'])
      expect(main).toContain(`>${what}</a>`);
    for (const link of linksIn(main).filter((one) => !one.includes('/bench/enter')))
      expect([link, (await served.get(link)).status]).toEqual([link, 200]);
    expect((await served.get('/studies/KET-01/bench/animals/R99')).status).toBe(422);
  });

  it('finds an animal by its name, and by the address on its label', async () => {
    const found = async (q: string) => {
      const { status, headers } = await served.get(
        `/studies/KET-01/find?to=bench&q=${encodeURIComponent(q)}`,
      );
      return [status, headers['location']];
    };
    const there = [303, '/studies/KET-01/bench/animals/R14'];
    expect(await found('r14')).toEqual(there);
    expect(await found('https://ledger.example.org/studies/KET-01/bench/animals/R14')).toEqual(there);
    expect(await found('834')).toEqual([404, undefined]);
    expect((await served.get('/studies/KET-01/find?to=moon&q=R14')).status).toBe(400);
  });

  it('is led to from a study at an earlier tree size, and shows the present', async () => {
    const { text } = await served.get('/studies/KET-01?at=60');
    expect(text).toContain('<a href="/studies/KET-01/bench">Bench</a>');
    expect((await served.get('/studies/KET-01/bench?at=60')).status).toBe(400);
  });
});

describe('today, in a study that is over', () => {
  it('says so, and leads to a study to try the bench with, in a simulated ledger', async () => {
    const served = await servingGolden('demo');
    const main = mainOf((await served.get('/studies/KET-01/bench')).text);
    await served.close();
    expect(words(main)).toMatch(/Every animal of this study is dead or has left it|The study is closed/);
    expect(main).toContain('<a href="/studies/new">start a simulated study</a>');
  });
});

describe('today, where nothing is due', () => {
  let server: Serving;
  beforeEach(async () => (server = await serving()));
  afterEach(() => server.close());
  const today = async (): Promise<string> =>
    words(mainOf((await server.get('/studies/KET-01/bench').set('Accept', 'text/html')).text));

  it('says what comes next: a protocol, animals, or nothing', async () => {
    await server.send('RegisterStudy', exampleOf('RegisterStudy'));
    expect(await today()).toContain('The study has no protocol yet');
    await server.send('ApproveProtocol', exampleOf('ApproveProtocol'));
    expect(await today()).toContain('No animal is enrolled. Enrol the first one');
    const protocol = await server.get('/studies/KET-01/protocol').set('Accept', 'text/html');
    expect(mainOf(protocol.text)).toContain('/bench/enter/enrol-subject">Enrol the first animal</a>');
  });

  it('shows an animal as soon as it is enrolled', async () => {
    await withAnimal(server);
    expect(await today()).toContain('Baseline 1 of 2');
    expect(await today()).not.toContain('start a simulated study');
    const animal = await server.get('/studies/KET-01/bench/animals/R01').set('Accept', 'text/html');
    expect(words(mainOf(animal.text))).toContain(
      'A stimulation needs an electrode, and R01 has none on record. Record its implantation',
    );
    expect(mainOf(animal.text)).toContain(
      'bench/enter/implant-electrode?animal=R01&amp;data.action=implanted',
    );
    // After an operation two checks ask for a weight on the same day: it is said once.
    await server.send('LigateNerve', { ...exampleOf('LigateNerve'), subject: 'R01', reason: 'As planned' });
    const operated = await server.get('/studies/KET-01/bench/animals/R01').set('Accept', 'text/html');
    expect(words(mainOf(operated.text)).match(/Body weight: /g)).toHaveLength(1);
    const enrol = await server.get('/studies/KET-01/bench/enter/enrol-subject').set('Accept', 'text/html');
    expect(words(mainOf(enrol.text))).toContain('An identifier such as R01: letters, digits');
    await server.send('EuthaniseSubject', { ...exampleOf('EuthaniseSubject'), subject: 'R01' });
    expect(await today()).toContain('Every animal of this study is dead or has left it');
  });
});

describe('what is shown of a day', () => {
  const task = (animal: string, times: Partial<Task>): Task => ({
    animal,
    kind: 'check',
    what: 'Body weight',
    command: 'RecordBodyWeight',
    data: {},
    from: '2026-03-27T00:00:00.000+01:00',
    due: null,
    overdueAfter: null,
    until: null,
    wholeDay: true,
    why: 'Check weight: every day.',
    records: [1],
    ...times,
  });
  const clock = { nowMs: ms('2026-03-27T10:00:00+01:00'), offsetMinutes: 60 };
  const shown = (...tasks: Task[]) =>
    dueNow(tasks, clock).map(({ standing, timed, groups }) => [
      standing,
      timed.map((one) => one.task.animal).join(' '),
      groups.map(({ since, tasks: these }) => [
        since?.slice(0, 10),
        these.map((one) => one.task.animal).join(' '),
      ]),
    ]);

  it('leaves out what comes on another day, and what is past', () => {
    expect(
      shown(
        task('R01', { from: '2026-03-28T00:00:00.000+01:00' }),
        task('R02', { until: '2026-03-27T09:59:59.000+01:00' }),
        task('R03', { from: '2026-03-27T23:59:59.000+01:00' }),
        task('R04', { from: '2026-03-27T23:30:00.000Z' }),
      ),
    ).toEqual([
      ['overdue', '', []],
      ['due', '', []],
      ['later', '', [[undefined, 'R03']]],
      ['open', '', []],
    ]);
  });

  it('says when it changes next', () => {
    const times = { overdueAfter: '2026-03-27T12:00:00+01:00', until: '2026-03-28T00:00:00+01:00' };
    const from = '2026-03-27T11:00:00+01:00';
    expect(nextChange([task('R01', { from, ...times })], clock.nowMs)).toBe(ms(from) + 1);
    expect(nextChange([task('R01', times)], clock.nowMs)).toBe(ms(times.overdueAfter) + 1);
    expect(nextChange([task('R01', {})], clock.nowMs)).toBeUndefined();
  });

  it('puts animals together that wait for the same since the same day', () => {
    const yesterday = '2026-03-26T00:00:00.000+01:00';
    const today = '2026-03-27T00:00:00.000+01:00';
    const over = '2026-03-27T00:00:00.000+01:00';
    expect(
      shown(
        task('R01', { from: today, due: today }),
        task('R02', { from: today, due: today }),
        task('R03', { from: yesterday, due: yesterday }),
        task('R04', { from: yesterday, due: yesterday, overdueAfter: over }),
      ).slice(0, 2),
    ).toEqual([
      ['overdue', '', [['2026-03-26', 'R04']]],
      [
        'due',
        '',
        [
          [undefined, 'R01 R02'],
          ['2026-03-26', 'R03'],
        ],
      ],
    ]);
  });

  it('counts to the minute, and only over some hours', () => {
    const now = 1_000_000_000;
    const at = (seconds: number): string => dueText(now + seconds * 1000, now);
    expect([at(250), at(-20), at(3_725), at(13 * 3600)]).toEqual(['in 4:10', '0:20 over', 'in 1:02:05', '']);
  });

  it('says who decides, where a technician does not', () => {
    expect(['DesignateSubEffectiveDose', 'AssessSeverity', 'RecordThreshold'].map(whoDecides)).toEqual([
      'The study director decides.',
      'A director or a veterinarian decides.',
      undefined,
    ]);
  });

  it('puts what is known into the fields of the form', () => {
    const data = { dose: { value: '10', unit: 'ug' }, evidence: [57, 60] };
    expect(addressOfTask({ animal: 'R14', command: 'DesignateSubEffectiveDose', data })).toEqual({
      to: '/bench/enter/designate-sub-effective-dose',
      query: {
        animal: 'R14',
        'data.dose.value': '10',
        'data.dose.unit': 'ug',
        'data.evidence[0]': '57',
        'data.evidence[1]': '60',
      },
    });
  });
});
