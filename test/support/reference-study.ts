import { readFileSync } from 'node:fs';
import { sha256 } from '../../src/shared/sha256.js';
import type { StudyRecord } from '../../src/study/record.js';
import { emptyStudy, fold, type Study } from '../../src/study/study.js';
import { hashToBase64 } from '../../src/tlog/encoding.js';
import { leafHash } from '../../src/tlog/merkle.js';

const file = new URL('../golden/ledger-0.1/demo/records/study-KET-01.ndjson', import.meta.url);

/**
 * The study of the demo, folded from the records that version 0.1 stored. That today's program records the same is
 * tested in `test/tools/reference-study.spec.ts`; the other suites need not play it again.
 */
export function referenceStudy(): Study {
  const texts = readFileSync(file, 'utf8').trimEnd().split('\n');
  return fold(
    emptyStudy('KET-01'),
    texts.map((text, number) => ({
      number,
      leaf: hashToBase64(leafHash(sha256, text)),
      record: JSON.parse(text) as StudyRecord,
    })),
  );
}
