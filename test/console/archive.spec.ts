import { exampleOf, serving, withAnimal, type Serving } from '../http/test-server.js';
import { mainOf } from './console-server.js';

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
    expect(await found('nothing-like-it')).toContain('No archived study is like this.');
  });

  it('has every page of the study say so, but none of before', async () => {
    for (const path of ['', '/records', '/files', '/attach'])
      expect([path, await page(`/studies/KET-01${path}`)]).toEqual([
        path,
        expect.stringContaining('Archived in #4, kept at least until 2036-12-31'),
      ]);
    expect(await page('/studies/KET-01?at=4')).not.toContain('Archived in #');
    const { body } = await server.get('/api/v1/studies');
    expect(body.studies[0]).toMatchObject({
      state: 'archived',
      archive: { record: 4, retainUntil: '2036-12-31' },
    });
  });
});
