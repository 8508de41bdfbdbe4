import { rmSync } from 'node:fs';
import { runWith } from '../support/cli.js';
import { freshFolder } from '../support/folders.js';
import { verifyLedger } from '../../src/verify/folder/verify-ledger.js';

it('the demo ends in a browser where there is a terminal, and at once where there is none', async () => {
  const folder = freshFolder('demo');
  const page = /http:\/\/\S+\/studies\/KET-01\/animals\/R15/;
  const data = ['--data', `${folder}/ledger`];
  let [shown, html] = ['', ''];
  const served = await runWith(
    {
      isTerminal: true,
      print: (text) => void (shown += `${text}\n`),
      stopped: async () => {
        const answer = await fetch(page.exec(shown)?.[0] ?? '', { headers: { Accept: 'text/html' } });
        html = await answer.text();
      },
    },
    'demo',
    ...data,
  );
  expect(served).toMatchObject({ code: 0, err: '' });
  expect(html).toContain('not hypersensitive since record');
  expect(html).toContain('Simulated data.');
  for (const [isTerminal, ...more] of [[true, '--no-serve'], [false]] as const) {
    const { code, out } = await runWith({ isTerminal }, 'demo', ...data, ...more);
    expect([code, page.test(out)]).toEqual([0, false]);
  }
  expect(shown).toContain('They are SIMULATED as well');
  const { verdict, findings, people } = await verifyLedger(`${folder}/ledger`, { threads: 0 });
  expect(verdict).toBe('CONSISTENT');
  expect(findings.filter(({ severity }) => severity !== 'note')).toEqual([]);
  expect(people).toMatchObject({ persons: 11, recoveries: [], roleConflicts: [] });
  rmSync(folder, { recursive: true });
});
