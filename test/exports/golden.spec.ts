import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FILES, renderFile } from '../../src/exports/files.js';
import { GROUPED_VALUES } from '../../src/exports/tables/grouped-options.js';
import { sendFiles } from '../../src/exports/send/send-set.js';
import { studyAt } from '../../src/study/study.js';
import { smallStudy, sourceOf } from './small-study.js';

/**
 * Golden files: our own output, looked at when it was written. They show that a format changed, not that it is right;
 * the other tests here read each format back. Written anew by STUDY_LEDGER_GOLDEN=write.
 */
const folder = fileURLToPath(new URL('golden/', import.meta.url));
const BINARY = ['.xlsx', '.pdf', '.eln', '.zip'];

async function filesOf(source = sourceOf(smallStudy())): Promise<Map<string, Uint8Array>> {
  const files = new Map<string, Uint8Array>();
  for (const file of FILES) files.set(file.name, await renderFile(file, source));
  for (const [name, text] of sendFiles(source)) files.set(`dataset-json/${name}`, Buffer.from(text));
  return files;
}

/** Binary files by their SHA-256, one a line. */
function golden(files: ReadonlyMap<string, Uint8Array>): Map<string, string> {
  const texts = new Map<string, string>();
  const sums: string[] = [];
  for (const [name, bytes] of files)
    if (BINARY.some((ending) => name.endsWith(ending)))
      sums.push(`${createHash('sha256').update(bytes).digest('hex')}  ${name}\n`);
    else texts.set(name, Buffer.from(bytes).toString());
  return texts.set('SHA256SUMS', sums.join(''));
}

describe('every format', () => {
  it('is what it was', async () => {
    const made = golden(await filesOf());
    for (const [name, text] of made) {
      const path = join(folder, name);
      if (process.env['STUDY_LEDGER_GOLDEN'] === 'write') {
        mkdirSync(dirname(path), { recursive: true });
        writeFileSync(path, text);
      }
      expect({ name, text }).toEqual({ name, text: readFileSync(path, 'utf8') });
    }
  });

  it('comes out the same at the same tree size, whatever was recorded later', async () => {
    const study = smallStudy();
    const earlier = await filesOf(sourceOf(studyAt(study, 15)));
    const again = await filesOf(sourceOf(studyAt(study, 15)));
    for (const [name, bytes] of earlier)
      expect([name, Buffer.compare(bytes, again.get(name)!)]).toEqual([name, 0]);
    expect(golden(await filesOf(sourceOf(study)))).not.toEqual(golden(earlier));
  });

  it('is made of a study of any size, from nothing on', async () => {
    const study = smallStudy();
    for (const size of [0, 1, 2, 3, 5, 11])
      expect((await filesOf(sourceOf(studyAt(study, size)))).size).toBe(29);
  });

  it('carries study, tree size and root, and says so where all is simulated', async () => {
    const source = sourceOf(smallStudy(), true);
    for (const [name, bytes] of await filesOf(source)) {
      if (BINARY.some((ending) => name.endsWith(ending))) continue;
      const text = Buffer.from(bytes).toString();
      // Pasted as it is: its place stands in grouped-records.tsv.
      if (GROUPED_VALUES.some((values) => name === `grouped-${values}.tsv`)) {
        expect([name, text.startsWith('SIMULATED\t')]).toEqual([name, true]);
        continue;
      }
      expect([name, text.includes(source.snapshot.code), text.includes(source.snapshot.root)]).toEqual([
        name,
        true,
        true,
      ]);
      expect([name, text.includes(String(source.snapshot.size))]).toEqual([name, true]);
      expect([name, /simulated|SIMULATED/.test(text)]).toEqual([name, true]);
    }
  });
});
