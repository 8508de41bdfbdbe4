import { v4 } from 'uuid';
import { exampleOf, serving, withAnimal, type Serving } from '../http/test-server.js';
import { linksIn, mainOf } from './console-server.js';
import { pairsOf } from './form-pairs.js';

const words = (html: string): string => html.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');

describe('the archive', () => {
  let server: Serving;
  beforeAll(async () => {
    server = await serving();
    await withAnimal(server);
  });
  afterAll(() => server.close());

  const page = async (path: string): Promise<string> => (await server.get(path)).text;

  it('is empty until a study is archived', async () => {
    expect(mainOf(await page('/archive'))).toContain('No study is archived yet.');
    expect(await page('/studies/KET-01')).not.toContain('Archived in #');
  });

  it('begins with a closing, whose form names the animals that are alive and what waits', async () => {
    const form = words(mainOf(await page('/studies/KET-01/bench/enter/close-study')));
    expect(form).toContain('A closed study takes no new measurements');
    expect(form).toContain('1 animal is alive and in the study R01 . How each ended');
    expect(form).not.toContain('The study director assesses');
  });

  it('says of each study where it is kept, until when, and for how long [R41 R42]', async () => {
    await server.send('CloseStudy', exampleOf('CloseStudy'));
    const { status, text } = await server.send('ArchiveStudy', exampleOf('ArchiveStudy'));
    expect([status, text]).toEqual([201, expect.any(String)]);
    const index = mainOf(await page('/archive'));
    expect(index).toContain('1 archived study.');
    expect(index).toContain('Archive room 2, shelf 14');
    expect(index).toContain('2036-12-31');
    const days = Math.ceil((Date.parse('2036-12-31') - server.time.ms) / 86_400_000);
    expect(index).toContain(`>${days.toLocaleString('en')}<`);
    server.time.ms = Date.parse('2037-01-02T00:00:00Z');
    expect(mainOf(await page('/archive'))).toContain('>over<');
  });

  it('is searched by words [R41]', async () => {
    const found = async (words: string) => mainOf(await page(`/archive?find=${words}`));
    for (const words of ['ket-01', 'shelf', 'rat', 'ketamine'])
      expect(await found(words)).toContain('/studies/KET-01"');
    expect(await found('nothing-like-it')).toContain('No archived study matches.');
  });

  it('has every page of the study say so, but none of before', async () => {
    for (const path of ['', '/records', '/files', '/attach'])
      expect([path, await page(`/studies/KET-01${path}`)]).toEqual([
        path,
        expect.stringMatching(/Archived in <a[^>]*>#4<\/a>, kept at least until Wed 31 Dec 2036/),
      ]);
    expect(await page('/studies/KET-01?at=4')).not.toContain('Archived in #');
    const enrolment = words(mainOf(await page('/studies/KET-01/records/2')));
    expect(enrolment).toContain('Not corrected: the study is archived.');
    expect(enrolment).not.toContain('A second person witnesses it');
    expect(mainOf(await page('/studies/KET-01/records/2'))).not.toContain('/records/2/void');
    expect(enrolment).not.toContain('Sign this record');
    const { body } = await server.get('/api/v1/studies');
    expect(body.studies[0]).toMatchObject({
      state: 'archived',
      archive: { record: 4, retainUntil: '2036-12-31' },
    });
  });

  it.each([
    ['/records/2/correct', 'KET-01 is archived: nothing in it is corrected or withdrawn'],
    ['/records/2/void', 'KET-01 is archived: nothing in it is corrected or withdrawn'],
    ['/attach', 'The study is archived ( #4 ) and read only'],
    ['/import', 'The study is archived ( #4 ) and read only'],
  ])('refuses on the page itself: %s', async (path, why) => {
    const html = mainOf(await page(`/studies/KET-01${path}`));
    expect(words(html)).toContain(why);
    expect(html).not.toContain('<form');
  });

  it('takes no signature over another record than its archiving', async () => {
    const { status, body } = await server.get('/studies/KET-01/sign?records=2&meaning=authored');
    expect([status, body.code]).toEqual([409, 'study-archived']);
  });

  it('offers no new inspection', async () => {
    expect(mainOf(await page('/studies/KET-01/quality'))).not.toContain('Record an inspection');
  });
});

describe('the bench of a closed study', () => {
  const bench = '/studies/KET-01/bench';
  const WEIGHT = `${bench}/enter/record-body-weight?before=yes&animal=R01`;
  let server: Serving;
  beforeAll(async () => {
    server = await serving();
    await withAnimal(server);
    const { status, text } = await server.send('CloseStudy', exampleOf('CloseStudy'));
    expect([status, text]).toEqual([201, expect.any(String)]);
    server.time.ms += 3_600_000;
  });
  afterAll(() => server.close());

  const main = async (path: string): Promise<string> => mainOf((await server.get(path)).text);
  const filled = async (more: Readonly<Record<string, string>>): Promise<URLSearchParams> => {
    const pairs = pairsOf(await main(WEIGHT));
    for (const [name, value] of Object.entries(more)) pairs.set(name, value);
    return pairs;
  };
  const post = (path: string, pairs: URLSearchParams) =>
    server.post(path).set('Accept', 'text/html').type('form').send(pairs.toString());

  it('says that it is closed, and offers each kind of data as found after closing', async () => {
    const today = await main(bench);
    expect(words(today)).toMatch(/The study was closed .* Its director reopens it/);
    const forms = linksIn(today).filter((link) => link.includes('before=yes'));
    expect(forms.length).toBeGreaterThan(15);
    expect(forms.some((link) => /approve-protocol|close-study|witness-record/.test(link))).toBe(false);
    const animal = linksIn(await main(`${bench}/animals/R01`)).filter((link) => link.includes('before=yes'));
    expect(animal).toEqual(expect.arrayContaining([WEIGHT]));
    for (const link of animal) expect([link, (await server.get(link)).status]).toEqual([link, 200]);
  });

  it.each([
    ['threshold', 'record-threshold'],
    ['dose', 'administer-substance'],
    ['stimulation', 'apply-scs'],
    ['weights', 'record-body-weight'],
  ])('leads from the page of %s to the form of what was found later', async (page, route) => {
    const animal = page === 'weights' ? '' : '?animal=R01';
    expect((await server.get(`${bench}/${page}${animal}`)).text).toContain(
      `${bench}/enter/${route}?before=yes`,
    );
  });

  it('does not show the form of what it takes no more, but the way to reopen it', async () => {
    const form = await main(`${bench}/enter/amend-protocol`);
    expect(form).not.toContain('<form');
    expect(linksIn(form)).toContain(`${bench}/enter/reopen-study`);
    expect(await main(`${bench}/enter/reopen-study`)).toContain('<form');
  });

  it('refuses data that is not said to be found later, and leads to where that is said', async () => {
    const pairs = await filled({ 'data.weight.value': '250.0', occurredAt: '2026-03-02T09:00' });
    const refused = await post(WEIGHT, pairs);
    expect(refused.status).toBe(409);
    expect(refused.text).toContain('href="#f-afterClose"');
    expect(refused.text).toContain('id="f-afterClose"');
    expect(words(refused.text)).toContain('What happened before and was found later');
    expect(refused.text).toContain('value="250.0"');
  });

  it('takes it with a time before the closing and a reason', async () => {
    const pairs = await filled({
      'data.weight.value': '250.0',
      occurredAt: '2026-03-02T09:00',
      afterClose: 'true',
    });
    const unexplained = await post(WEIGHT, pairs);
    expect([unexplained.status, words(unexplained.text)]).toEqual([
      422,
      expect.stringContaining('was found after the study was closed. Say why.'),
    ]);
    expect(unexplained.text).toMatch(/name="afterClose" value="true" checked/);
    pairs.set('reason', 'The sheet lay behind the balance');
    const { status, headers } = await post(WEIGHT, pairs);
    expect([status, headers['location']]).toEqual([303, `${bench}/animals/R01?recorded=4`]);
    const { body } = await server.get('/api/v1/studies/KET-01/records/4');
    expect(body.record.data.flags).toEqual(expect.arrayContaining(['after-close', 'deviation']));
  });

  it('is read only once it is archived, and says where it is', async () => {
    const { status } = await server.send('ArchiveStudy', exampleOf('ArchiveStudy'));
    expect(status).toBe(201);
    for (const path of [bench, `${bench}/animals/R01`, WEIGHT, `${bench}/weights`]) {
      const page = await main(path);
      expect(words(page)).toContain('lies here: Archive room 2, shelf 14. It is kept at least until');
      expect(page).not.toMatch(/<form[^>]*method="post"|before=yes/);
      expect(linksIn(page)).toContain(`${bench}/enter/reopen-study`);
    }
    expect(await main(`${bench}/enter/reopen-study`)).toContain('<form');
    const pairs = { id: v4(), subject: 'R01', 'data.weight.value': '250.0', 'data.weight.unit': 'g' };
    const refused = await post(WEIGHT, new URLSearchParams({ ...pairs, occurredAt: '2026-03-02T09:00' }));
    expect([refused.status, words(refused.text)]).toEqual([
      409,
      expect.stringContaining('is archived: nothing is recorded in it'),
    ]);
  });
});
