import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { studyLedger } from '../support/cli.js';
import { freshFolder } from '../support/folders.js';
import { compiledSources } from '../support/compiled.js';

/** The program as it is started, and its command line beside it. */
describe('files that take seconds', () => {
  it('are made in a thread beside the server, byte for byte as the command line writes them', async () => {
    const data = join(freshFolder('files'), 'ledger');
    const played = join(compiledSources(), '..', 'examples', 'import', 'study.ndjson');
    expect(await studyLedger('play', played, '--data', data, '--simulated')).toMatchObject({ code: 0 });
    const server = spawn(process.execPath, [
      join(compiledSources(), 'cli.js'),
      'serve',
      '--data',
      data,
      '--port',
      '0',
    ]);
    try {
      let said = '';
      server.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
      while (!/http:\/\/\S+/.test(said)) await once(server.stdout, 'data');
      const url = /http:\/\/[\d.:]+/.exec(said)![0];
      const get = async (file: string): Promise<{ name: string; bytes: Buffer }> => {
        const answer = await fetch(`${url}/api/v1/studies/IMP-01/files/${file}`);
        expect([file, answer.status]).toEqual([file, 200]);
        const name = /filename="(.+)"/.exec(answer.headers.get('content-disposition') ?? '')![1]!;
        return { name, bytes: Buffer.from(await answer.arrayBuffer()) };
      };
      const wanted = [
        ['table', 'table.xlsx'],
        ['report', 'report.pdf'],
        ['data-pack', 'data-pack.pdf'],
        ['dataset-json', 'dataset-json.zip'],
        ['figures', 'figures.zip'],
        ['eln', 'study.eln'],
      ] as const;
      const served = await Promise.all(wanted.map(([, file]) => get(file)));
      for (const [index, [command, file]] of wanted.entries()) {
        const { name, bytes } = served[index]!;
        const to = join(freshFolder('written'), name);
        expect(await studyLedger(command, '--study', 'IMP-01', '--data', data, '--to', to)).toMatchObject({
          code: 0,
        });
        expect([file, readFileSync(to).equals(bytes)]).toEqual([file, true]);
      }
    } finally {
      server.kill();
      await once(server, 'close');
    }
  });
});
