import { Ajv } from 'ajv';
import { createHash } from 'node:crypto';
import { spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileNamed, renderFile } from '../../src/exports/files.js';
import { unpackZip } from '../../src/exports/bundle/bundle-zip.js';
import { freshFolder } from '../support/folders.js';
import { CRATE_1_1, danglingReferences, unknownTerms, type Crate, type CrateEntity } from './crate-terms.js';
import { render, smallStudy, sourceOf } from './small-study.js';

// The schema that the consortium tests with (MIT licence, see schemas/NOTICE.md).
const schema = JSON.parse(
  readFileSync(new URL('schemas/eln.schema.json', import.meta.url), 'utf8'),
) as object;
const hasUnzip = spawnSync('unzip', ['-v']).status === 0;

describe('the .eln', () => {
  const source = sourceOf(smallStudy(), true);
  let file: string;
  let root: string;
  let graph: readonly CrateEntity[];

  beforeAll(async () => {
    file = join(freshFolder('eln'), `KET-01-${source.study.size}-study.eln`);
    writeFileSync(file, await render('study.eln', source));
    const unpacked = join(freshFolder('eln'), 'unpacked');
    mkdirSync(unpacked);
    root = (await unpackZip(file, unpacked)).folder;
    graph = (JSON.parse(readFileSync(join(root, 'ro-crate-metadata.json'), 'utf8')) as Crate)['@graph'];
  });

  const unzipping = hasUnzip ? it : it.skip; // only where there is no unzip: other code unpacks it above all the same
  unzipping('is a zip for a zip tool, with one folder at its root', () => {
    expect(spawnSync('unzip', ['-t', file]).status).toBe(0);
    const names = spawnSync('unzip', ['-Z1', file], { encoding: 'utf8' }).stdout.trim().split('\n');
    expect(new Set(names.map((name) => name.split('/')[0]))).toEqual(new Set([basename(file)]));
  });

  it('has a root folder that is named as the archive, whatever that is named', async () => {
    const eln = fileNamed('study.eln')!;
    const named = join(freshFolder('eln'), 'rats of march.eln');
    writeFileSync(named, await renderFile(eln, { ...source, savedAs: 'rats of march.eln' }));
    const unpacked = freshFolder('eln');
    expect((await unpackZip(named, unpacked)).folder).toBe(join(unpacked, 'rats of march.eln'));
  });

  it('is an RO-Crate as notebooks read it', () => {
    const validate = new Ajv({ strict: false, validateFormats: false }).compile(schema);
    const document = JSON.parse(readFileSync(join(root, 'ro-crate-metadata.json'), 'utf8')) as Crate;
    expect([validate(document), validate.errors]).toEqual([true, null]);
    expect(unknownTerms(document, CRATE_1_1)).toEqual([]);
    expect(danglingReferences(document)).toEqual([]);
    const whole = graph.find((node) => node['@id'] === './')!;
    expect(whole['hasPart']).toEqual([{ '@id': './KET-01/' }]);
    const experiment = graph.find((node) => node['@id'] === './KET-01/')!;
    expect(experiment).toMatchObject({
      '@type': 'Dataset',
      name: expect.stringContaining('SIMULATED') as string,
    });
    expect(experiment['text']).toContain(source.snapshot.root);
  });

  it('lists every file with its size and SHA-256', () => {
    const files = graph.filter((node) => node['@type'] === 'File');
    expect(files.map((node) => String(node['name'])).sort()).toEqual(
      readdirSync(join(root, 'KET-01')).sort(),
    );
    for (const node of files) {
      const path = join(root, node['@id']);
      expect(node['contentSize']).toBe(String(statSync(path).size));
      expect(node['sha256']).toBe(createHash('sha256').update(readFileSync(path)).digest('hex'));
    }
  });
});
