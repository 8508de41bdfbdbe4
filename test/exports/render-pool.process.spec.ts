import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { FILES, fileNamed, renderFile } from '../../src/exports/files.js';
import { RenderPool } from '../../src/exports/render-pool.js';
import { compiledSources } from '../support/compiled.js';
import { smallStudy, sourceOf } from './small-study.js';

/** Heavy files, rendered in the thread as it is built. */
describe('a file that is rendered in a thread', () => {
  const source = sourceOf(smallStudy());
  const thread = pathToFileURL(join(compiledSources(), 'exports', 'render-thread.js'));
  const pool = new RenderPool(thread);
  afterAll(() => pool.onApplicationShutdown());

  it('has the same bytes, whoever else asks at the same time', async () => {
    const heavy = FILES.filter(({ isHeavy }) => isHeavy);
    const rendered = await Promise.all(heavy.map((file) => pool.render(file, source, {})));
    for (const [index, file] of heavy.entries()) {
      const here = await renderFile(file, source);
      expect([file.name, Buffer.compare(here, rendered[index]!)]).toEqual([file.name, 0]);
    }
  });

  it('fails alone: the next one is rendered', async () => {
    const broken = { ...source, snapshot: { ...source.snapshot, version: Symbol.iterator as never } };
    const pdf = fileNamed('report.pdf')!;
    await expect(pool.render(pdf, broken, {})).rejects.toThrow('could not be cloned');
    expect((await pool.render(pdf, source, {})).length).toBeGreaterThan(1000);
  });

  it('is refused with the code of the table', async () => {
    const table = { ...fileNamed('table.csv')!, isHeavy: true };
    await expect(pool.render(table, source, { separator: ',', decimal: ',' })).rejects.toMatchObject({
      code: 'separator-is-decimal',
      field: 'separator',
    });
  });
});
