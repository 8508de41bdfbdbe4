import { mkdtempSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDurably, writeDurably } from '../../src/shared/durable-file.js';

describe('a file written durably', () => {
  const fresh = (): string => mkdtempSync(join(tmpdir(), 'durable-'));

  it('replaces the old content', () => {
    const folder = fresh();
    writeDurably(join(folder, 'a'), 'old');
    writeDurably(join(folder, 'a'), 'new');
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('new');
    expect(readdirSync(folder)).toEqual(['a']);
  });

  it('is made of pieces, texts and bytes', () => {
    const path = join(fresh(), 'a');
    writeDurably(path, ['é', Uint8Array.of(0x0a), 'b']);
    expect(readFileSync(path, 'utf8')).toBe('é\nb');
  });

  it('keeps the old content, and leaves nothing beside it, where a piece cannot be made', () => {
    const folder = fresh();
    writeDurably(join(folder, 'a'), 'old');
    const pieces = function* () {
      yield 'new';
      throw new Error('no more');
    };
    expect(() => writeDurably(join(folder, 'a'), pieces())).toThrow('no more');
    expect(readFileSync(join(folder, 'a'), 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['a']);
  });

  it('is not replaced by createDurably', () => {
    const path = join(fresh(), 'a');
    expect([createDurably(path, 'old'), createDurably(path, 'new')]).toEqual([true, false]);
    expect(readFileSync(path, 'utf8')).toBe('old');
  });
});
