/** Renders the pages, tables and reports of a bundle again from its records, and compares them byte for byte. */
import { sha256 } from '../../shared/sha256.js';
import { hashToBase64 } from '../../tlog/encoding.js';
import { leafHash } from '../../tlog/merkle.js';
import type { StudyRecord } from '../../study/record.js';
import { emptyStudy, fold } from '../../study/study.js';
import { upcast } from '../../study/events/upcast.js';
import { Files } from '../../verify/runtime/files.js';
import { Findings } from '../../verify/checks/findings.js';
import type { Report } from '../../verify/checks/report.js';
import { bundledLab } from './bundled-lab.js';
import { readableFiles, type ReadableSource } from './readable-files.js';

/** A larger study is not folded: all of it would have to fit into memory. */
const MOST_RECORDS = 250_000;
const RECORDS = 'data/ledger/study/records.ndjson';

/**
 * Adds findings about pages, tables and reports to the report of a bundle whose records passed. Those of another version of
 * the program are not compared: it may have worded or ordered them differently.
 */
export async function withReadable(folder: string, report: Report, version: string): Promise<Report> {
  const bag = new Files(folder);
  const [study] = report.logs;
  const isWhole = bag.isFile(RECORDS) && !bag.has('data/ledger/study/selection.json');
  if (report.exitCode === 1 || !study || !isWhole) return report;
  const findings = new Findings();
  const made = /^Bag-Software-Agent: Study Ledger (.*)$/m.exec(bag.text('bag-info.txt') ?? '')?.[1];
  if (made === version && study.size <= MOST_RECORDS)
    await compare(bag, await sourceOf(bag, study, version), findings);
  else
    findings.note(
      'page',
      'bundle',
      `pages and tables were not made again from the records: ${made === version ? 'there are too many' : 'another version made them'}`,
    );
  const failed = findings.has('fail') && { exitCode: 1 as const, verdict: 'FAIL' as const };
  return { ...report, ...failed, findings: [...report.findings, ...findings.list] };
}

async function sourceOf(
  bag: Files,
  { log, size, root }: Report['logs'][number],
  version: string,
): Promise<ReadableSource> {
  const lab = await bundledLab(bag.root);
  const lines = bag.bytes(RECORDS).toString().split('\n').slice(0, size);
  const records = lines.map((line, number) => ({
    number,
    leaf: hashToBase64(leafHash(sha256, line)),
    record: upcast(JSON.parse(line) as StudyRecord),
  }));
  const anchor = lab.anchors.get(log)?.find((one) => one.size >= size);
  return {
    study: fold(emptyStudy(log.slice('study-'.length)), records),
    given: { facility: lab.facility, simulated: lab.simulated, root, version },
    anchor: { record: anchor?.lab ?? NaN, recorded: anchor?.recorded ?? '' },
    subject: undefined,
  };
}

async function compare(bag: Files, source: ReadableSource, findings: Findings): Promise<void> {
  const expected = new Set<string>();
  for await (const { path, parts } of readableFiles(source)) {
    expected.add(`data/${path}`);
    const wanted = Buffer.concat([...parts].map((part) => Buffer.from(part as Uint8Array)));
    const found = bag.isFile(`data/${path}`) ? bag.bytes(`data/${path}`) : Buffer.alloc(0);
    if (!found.equals(wanted))
      findings.fail('page', 'bundle', `data/${path} is not what the records say${differing(found, wanted)}`);
  }
  for (const name of bag.list('data/files'))
    if (!expected.has(`data/files/${name}`))
      findings.fail('page', 'bundle', `data/files/${name} is not a file that the records make`);
}

/** The first line that differs, as it should be. */
function differing(found: Buffer, wanted: Buffer): string {
  const [is, should] = [found.toString().split('\n'), wanted.toString().split('\n')];
  const at = should.findIndex((line, i) => line !== is[i]);
  if (at < 0) return `: it goes on after line ${should.length}`;
  return `, from line ${at + 1} on, which should be “${should[at]!.slice(0, 200).replace(/\p{C}/gu, '�')}”`;
}
