import { studyLedger } from '../support/cli.js';
import { freshFolder } from '../support/folders.js';

it('one is one: a new ledger is described without “1 records” or “1 studies”', async () => {
  const data = freshFolder('one');
  const said = [];
  for (const args of [
    ['init', '--facility', 'lab.example'],
    ['verify'],
    ['anchors'],
    ['backup', '--to', `${data}-copy`],
    ['keys', 'rotate'],
  ])
    said.push((await studyLedger(...args, '--data', data)).out);
  said.push((await studyLedger('restore-drill', `${data}-copy`)).out);
  expect(said.join('\n')).not.toMatch(/(?<![\d.,])1 (?!is\b)[a-z]+(s|ies)\b/);
});
