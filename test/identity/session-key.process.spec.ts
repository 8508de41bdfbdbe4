import { execFile } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { openSessionKey, SESSION_KEY_FILE } from '../../src/identity/session-key.js';
import { compiledProgram } from '../support/compiled.js';
import { freshFolder } from '../support/folders.js';

const PROCESSES = 8;

describe('processes that start at once without a session key', () => {
  it('end with one', async () => {
    const folder = freshFolder('session-key');
    const path = join(folder, 'marks', SESSION_KEY_FILE);
    const code = `import { openSessionKey } from '${compiledProgram('identity/session-key.js').href}';
      while (Date.now() < Number(process.argv[1])) {}
      process.stdout.write(openSessionKey(process.argv[2]).digest);`;
    const start = String(Date.now() + 1000);
    const started = Array.from({ length: PROCESSES }, () =>
      promisify(execFile)(process.execPath, ['--input-type=module', '-e', code, start, path]),
    );
    const digests = (await Promise.all(started)).map(({ stdout }) => stdout);
    expect(new Set(digests)).toEqual(new Set([openSessionKey(path).digest]));
    expect(readdirSync(join(folder, 'marks'))).toEqual([SESSION_KEY_FILE]);
  });
});
