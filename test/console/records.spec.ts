import { parse } from 'csv-parse/sync';
import { serving, withAnimal } from '../http/test-server.js';
import { mainOf, servingGolden, type Served } from './console-server.js';

/** What a person reads: the text of a page, white space as one space. */
function textOf(html: string): string {
  return mainOf(html)
    .replaceAll(/<[^>]+>/g, ' ')
    .replaceAll('&quot;', '"')
    .replaceAll(/\s+/g, ' ');
}

describe('the records of a study', () => {
  let served: Served;
  const page = async (query: string) => (await served.get(`/studies/KET-01/records${query}`)).text;
  const csv = async (query: string): Promise<string[][]> =>
    parse((await served.get(`/studies/KET-01/records.csv${query}`)).text);
  beforeAll(async () => {
    served = await servingGolden('demo');
  });
  afterAll(() => served.close());

  it('begin with the questions, each with the records that it concerns [R7]', async () => {
    const text = textOf(await page(''));
    expect(text).toContain('What was corrected or withdrawn, and why? 3 records #435 #498 #834');
    expect(text).toContain('What was written late? 1 record #285');
    expect(text).toContain('Which deviations from the protocol were there? 1 record #1347');
    expect(text).toContain('Which values were implausible? none');
    expect(text).toContain('Which attempts were refused? access log');
    expect(text.indexOf('What was corrected')).toBeLessThan(text.indexOf('Person'));
  });

  it('say what a correction changed, who made it, and why [R3 R7]', async () => {
    const text = textOf(await page('?question=corrected'));
    expect(text).toContain(
      '#435 #428 was withdrawn. Why: “Entered for the wrong animal: the run was taken from R09”',
    );
    expect(text).toContain(
      'weight: 269.5 g → 296.5 g Why: “Digits swapped when copying from the balance” tech-2, technician, Fri 13 Mar 2026, 08:40 (UTC)',
    );
    expect(text).toContain('touches: 2O 4O 6O 8X 6O 8X 6O 8X → 2O 4O 6O 8X 6O 8X 6O 8O');
  });

  it('lead the study director to the assessment of a deviation, until it is assessed', async () => {
    const link = 'bench/enter/acknowledge-deviation?data.target.number=1347';
    const of = async (query: string) => (await served.get(`/studies/KET-01/records/1347${query}`)).text;
    expect(await of('?at=1348')).toContain(link);
    expect(await of('')).not.toContain(link);
    const form = (await served.get(`/studies/KET-01/${link}`)).text;
    expect(textOf(form)).toMatch(/Acknowledge a deviation #1347 : R\d+ .*“/);
  });

  it('know of nothing that was recorded later', async () => {
    const text = textOf(await page('?at=834'));
    expect(text).toContain('What was corrected or withdrawn, and why? 2 records #435 #498');
    expect(text).not.toContain('#834');
  });

  it('refuse days in the wrong order, and say which value no record has', async () => {
    const { status } = await served.get('/studies/KET-01/records?from=2026-04-01&to=2026-03-01');
    expect(status).toBe(400);
    expect(textOf(await page('?from=2026-04-01&to=2026-03-01'))).toContain(
      'from (2026-04-01) is after to (2026-03-01)',
    );
    expect(textOf(await page('?type=Foo&actor=sd-01'))).toContain('No record here is of the kind “Foo”.');
    expect(textOf(await page('?type=StudyOpened&flag=late'))).toContain('No record matches.');
  });

  it('take filters from the address, and keep where the reader is [R7]', async () => {
    const html = await page('?at=1000&animal=R15&type=ThresholdRecorded&from=2026-03-23&to=2026-03-23');
    expect(textOf(html)).toContain('Superseded by #834 .');
    expect(html).toContain('<input type="hidden" name="at" value="1000"/>');
    expect(html).toContain('<option value="R15" selected>R15</option>');
    const numbers = (
      await csv('?at=1000&animal=R15&type=ThresholdRecorded&from=2026-03-23&to=2026-03-23')
    ).slice(1);
    expect(numbers.map(([number]) => number)).toContain('822');
    for (const [, happened, , animal, kind] of numbers)
      expect([happened?.slice(0, 10), animal, kind]).toEqual(['2026-03-23', 'R15', 'threshold recorded']);
    // A correction is told with the animal that it is about.
    expect((await csv('?animal=R15&question=corrected')).slice(1).map(([number]) => number)).toEqual(['834']);
    expect(textOf(await page('?animal=R99'))).toContain('No record here is about animal “R99”.');
  });

  it('have 200 rows a page, each with its address', async () => {
    const [first, last] = [await page('?actor=tech-1'), await page('?actor=tech-1&page=4')];
    expect(textOf(first)).toContain('1 to 200 of 735');
    expect(first).toContain('href="/studies/KET-01/records?actor=tech-1&amp;page=2"');
    expect(textOf(last)).toContain('601 to 735 of 735');
    expect((await served.get('/studies/KET-01/records?actor=tech-1&page=5')).status).toBe(400);
    for (const address of [first, await page('')]) expect(Buffer.byteLength(address)).toBeLessThan(150_000);
  });

  it('are a CSV file of all that is asked for, a line a record [R7]', async () => {
    const reply = await served.get('/studies/KET-01/records.csv?question=corrected');
    expect(reply.headers['content-disposition']).toBe('attachment; filename="KET-01-1602-records.csv"');
    const [head, ...lines] = parse(reply.text) as string[][];
    expect(head?.slice(0, 3)).toEqual(['record', 'happened', 'recorded']);
    expect(lines.map((line) => [line[0], line[6], line[9]])).toEqual([
      ['435', '', 'tech-1'],
      ['498', 'data.weight: 269.5 g → 296.5 g', 'tech-2'],
      ['834', 'data.touches: 2O 4O 6O 8X 6O 8X 6O 8X → 2O 4O 6O 8X 6O 8X 6O 8O', 'tech-2'],
    ]);
    expect((await csv('')).length).toBe(1603);
    expect((await csv('?at=834')).length).toBe(835);
  });

  it.each(['?question=who', '?from=yesterday', '?page=0', '?page=x', '?colour=red'])(
    'refuse %s',
    async (query) => {
      expect((await served.get(`/studies/KET-01/records${query}`)).status).toBeGreaterThanOrEqual(400);
    },
  );
});

it('what people wrote is text in the list, and no formula in the file', async () => {
  const server = await serving();
  await withAnimal(server);
  const hostile = '=HYPERLINK("http://evil.example")<img src=x>';
  const sent = await server.send('ReportAdverseEvent', {
    subject: 'R01',
    reason: hostile,
    data: { description: hostile, expected: true, severity: 'mild', action: hostile },
  });
  expect(sent.status).toBe(201);
  const { text } = await server.get('/studies/KET-01/records').set('Accept', 'text/html');
  expect(text).not.toContain('<img');
  const file = parse((await server.get('/studies/KET-01/records.csv')).text) as string[][];
  expect(file.at(-1)?.[7]).toBe(`'${hostile}`);
  await server.close();
});
