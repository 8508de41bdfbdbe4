import { parse } from 'csv-parse/sync';
import { FILES } from '../../src/exports/files.js';
import { linksIn, mainOf, servingGolden, type Served } from './console-server.js';

describe('the files of a study', () => {
  let served: Served;
  beforeAll(async () => {
    served = await servingGolden('demo');
  });
  afterAll(() => served.close());

  it('are all linked, each once, at the tree size of the page', async () => {
    const { text } = await served.get('/studies/KET-01/files?at=700');
    const links = linksIn(mainOf(text)).filter((href) => href.startsWith('/api/'));
    const expected = FILES.map(({ name }) => `/api/v1/studies/KET-01/files/${name}?at=700`);
    expect(links.toSorted()).toEqual(expected.toSorted());
  });

  it('are what the link says: the tidy table has no record from 700 on', async () => {
    const { text, headers } = await served.get('/api/v1/studies/KET-01/files/table.csv?at=700');
    expect(headers['content-type']).toContain('text/csv');
    const rows = parse(text, { columns: true, bom: true }) as { readonly record: string }[];
    expect(rows.length).toBeGreaterThan(100);
    expect(Math.max(...rows.map(({ record }) => Number(record)))).toBeLessThan(700);
  });

  it('come with the command that exports the audit bundle of this tree size', async () => {
    const { text } = await served.get('/studies/KET-01/files?at=700');
    expect(text).toContain('export --study KET-01 --data &lt;folder> --at 700 --to KET-01-700.zip');
  });
});
