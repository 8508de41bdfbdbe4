import Papa from 'papaparse';
import { FILES } from '../../src/exports/files.js';
import { exampleOf, serving, withAnimal, type Serving } from './test-server.js';

describe('files of a study', () => {
  let server: Serving;
  beforeAll(async () => {
    server = await serving();
    await withAnimal(server);
    await server.send('RecordBodyWeight', exampleOf('RecordBodyWeight'));
  });
  afterAll(() => server.close());

  it('come with their media type, a name and the tree size', async () => {
    for (const { name, mediaType } of FILES) {
      const { status, headers } = await server.get(`/api/v1/studies/KET-01/files/${name}`);
      expect([name, status, headers['content-type'], headers['etag']]).toEqual([name, 200, mediaType, '"4"']);
      expect(headers['content-disposition']).toBe(`attachment; filename="KET-01-4-${name}"`);
    }
  });

  it('come in the form that is asked for', async () => {
    const { text } = await server.get('/api/v1/studies/KET-01/files/table.csv?separator=;&decimal=,');
    const { data } = Papa.parse<Record<string, string>>(text, { header: true, delimiter: ';' });
    expect(data.find((row) => row['kind'] === 'weight')!['body_weight_g']).toMatch(/^\d+,\d+$/);
    const grouped = await server.get(
      '/api/v1/studies/KET-01/files/grouped-records.tsv?paw=contralateral&bounds=limit&excluded=in',
    );
    expect(grouped.text).toContain('record numbers, contralateral, bounds as the end of the ladder');
  });

  it('are of an earlier state where that is asked for', async () => {
    const rows = async (query: string) => {
      const { text } = await server.get(`/api/v1/studies/KET-01/files/table.csv${query}`);
      return Papa.parse<Record<string, string>>(text, { header: true, skipEmptyLines: true }).data;
    };
    expect((await rows('')).map((row) => row['kind'])).toEqual(['animal', 'weight']);
    expect((await rows('?at=3')).map((row) => row['kind'])).toEqual(['animal']);
  });

  it.each([
    ['/api/v1/studies/KET-01/files/secret.txt', 404, 'file-unknown'],
    ['/api/v1/studies/KET-01/files/report.pdf?separator=;', 400, 'parameter-unknown'],
    ['/api/v1/studies/KET-01/files/table.csv?paw=ipsilateral', 400, 'parameter-unknown'],
    ['/api/v1/studies/KET-01/files/table.csv?separator=|', 400, 'parameter-invalid'],
    ['/api/v1/studies/KET-01/files/table.csv?separator=,&decimal=,', 422, 'separator-is-decimal'],
    ['/api/v1/studies/NO-1/files/table.csv', 404, 'study-unknown'],
    ['/api/v1/studies/KET-01/files/table.csv?at=99', 400, 'at-beyond-head'],
    ['/api/v1/studies/KET-01/files/table.csv?until=2026-03-02T09:15:00Z', 400, 'parameter-unknown'],
  ])('%s is refused', async (path, status, code) => {
    const answer = await server.get(path);
    expect([answer.status, answer.body.code]).toEqual([status, code]);
  });
});
