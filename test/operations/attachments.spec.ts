import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { v4 } from 'uuid';
import type { Lab } from '../../src/lab/lab.js';
import { tidyAttachments } from '../../src/operations/attachments.js';
import { refuseMissing } from '../../src/recording/require-attachments.js';
import { Attachments } from '../../src/store/attachments.js';
import type { EventStore } from '../../src/store/event-store.js';
import { openLedger } from '../../src/operations/open-ledger.js';
import { commandNamed } from '../../src/study/catalogue.js';
import { studyLedger } from '../support/cli.js';
import { freshFolder } from '../support/folders.js';

const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
const REPORT = 'the signed report of the pathologist';
const TRACE = 'raw data of the amplifier';
const ledger = join(freshFolder('attached'), 'ledger');
const files = join(ledger, 'attachments');
const kept = (sha256: string): string => join(files, sha256);

async function ran(...args: string[]): Promise<string> {
  const { code, out, err } = await studyLedger(...args);
  expect([code, code === 0 ? '' : err + out]).toEqual([0, '']);
  return out;
}

const findings = async (...args: string[]): Promise<string[]> => {
  const { out } = await studyLedger('verify', ...args, '--json');
  const report = JSON.parse(out) as { findings: { check: string; severity: string; message: string }[] };
  return report.findings
    .filter(({ check }) => check === 'attachment')
    .map(({ severity, message }) => `${severity}: ${message}`);
};

/** Given: a study with two files. */
beforeAll(async () => {
  const folder = freshFolder('attached');
  const lines = ['RegisterStudy', 'ApproveProtocol'].map((command) =>
    JSON.stringify({ command, id: v4(), study: 'KET-01', ...commandNamed(command)!.example }),
  );
  writeFileSync(join(folder, 'commands.ndjson'), `${lines.join('\n')}\n`);
  await ran('play', join(folder, 'commands.ndjson'), '--data', ledger, '--simulated');
  for (const [name, text, kind] of [
    ['report.pdf', REPORT, 'contributor-report'],
    ['trace.bin', TRACE, 'raw-data'],
  ] as const) {
    writeFileSync(join(folder, name), text);
    const at = ['--data', ledger, '--study', 'KET-01', '--kind', kind];
    const out = await ran('attach', join(folder, name), ...at);
    expect(out).toContain(`${text.length} bytes, SHA-256 ${digest(text)}`);
  }
});

it('are for the owner of the ledger alone', () => {
  expect(readdirSync(files).sort()).toEqual([digest(REPORT), digest(TRACE)].sort());
  expect((statSync(files).mode & 0o777).toString(8)).toBe('700');
  for (const name of readdirSync(files))
    expect((statSync(join(files, name)).mode & 0o777).toString(8)).toBe('600');
});

it('are in a backup, are brought back from it, and are told where they are lost', async () => {
  const copy = join(freshFolder('attached'), 'copy');
  expect(await ran('backup', '--data', ledger, '--to', copy)).toMatch(/2 attached files are\s+there/);
  expect(await ran('restore-drill', copy)).toMatch(/2 attached files are\s+there/);
  rmSync(join(copy, 'attachments', digest(TRACE)));
  const drill = await studyLedger('restore-drill', copy);
  expect([drill.code, drill.out]).toEqual([
    1,
    expect.stringMatching(/MISSING OR CHANGED: 1\s+attached file/),
  ]);
  const again = join(freshFolder('attached'), 'again');
  const out = await ran('restore', '--data', again, '--from', copy, '--cause', 'a test');
  expect(out).toMatch(/1 attached file is there/);
  expect(readdirSync(join(again, 'attachments'))).toEqual([digest(REPORT)]);
  expect(await findings('--data', again)).toEqual([
    `fail: the file “trace.bin” of record 3 is not here: attachments/${digest(TRACE)}`,
  ]);
});

it('are checked by their bytes, in a folder', async () => {
  expect(await findings('--data', ledger)).toEqual([]);
  const whole = digest(TRACE);
  writeFileSync(kept(whole), TRACE.replace('raw', 'Raw'));
  expect(await findings('--data', ledger)).toEqual([
    `fail: the file “trace.bin” of record 3 was changed: attachments/${whole} has other bytes`,
  ]);
  writeFileSync(kept(whole), TRACE);
});

describe('in a bundle', () => {
  const bundle = join(freshFolder('attached'), 'bundle');
  const inBundle = (sha256: string): string => join(bundle, 'data', 'ledger', 'attachments', sha256);
  beforeAll(async () => {
    await ran('export', '--study', 'KET-01', '--data', ledger, '--to', bundle);
  });

  /** The lines of VERIFY.md about files. */
  const byHand = () => {
    const cwd = join(bundle, 'data', 'ledger');
    const blocks = readFileSync(join(cwd, 'VERIFY.md'), 'utf8').matchAll(/^```bash\n(.*?)^```$/gms);
    const lines = [...blocks].map(([, text]) => text!).filter((text) => /^set -e|attachments/.test(text));
    const { status, stdout } = spawnSync('bash', ['-c', lines.join('')], { cwd, encoding: 'utf8' });
    return [status === 0, stdout];
  };

  it('lie under their digests', async () => {
    expect(readdirSync(join(bundle, 'data', 'ledger', 'attachments'))).toHaveLength(2);
    expect(await findings(bundle)).toEqual([]);
    expect((await studyLedger('verify', bundle)).out).not.toContain('attachments/');
    expect(byHand()).toEqual([true, '']);
  });

  it('are brought back from it', async () => {
    const again = join(freshFolder('attached'), 'again');
    const { out } = await studyLedger('restore', '--data', again, '--from', bundle, '--cause', 'a test');
    expect(out).toMatch(/2 attached files are there/);
    expect(existsSync(join(again, 'attachments', digest(TRACE)))).toBe(true);
  });

  it('are told where one was changed, is gone, or was added [R11]', async () => {
    writeFileSync(inBundle(digest(TRACE)), 'others');
    expect(await findings(bundle)).toEqual([expect.stringMatching(/^fail: .*trace.bin.* was changed/)]);
    expect(byHand()).toEqual([false, '']);
    rmSync(inBundle(digest(TRACE)));
    expect(await findings(bundle)).toEqual([expect.stringMatching(/^incomplete: .*trace.bin.* is not here/)]);
    expect(byHand()).toEqual([true, `attachments/${digest(TRACE)} is not here\n`]);
    writeFileSync(inBundle(digest('more')), 'more');
    expect(await findings(bundle)).toHaveLength(2);
    expect(byHand()[0]).toBe(false);
  });

  it('is exported without those that are lost, and says so', async () => {
    rmSync(kept(digest(TRACE)));
    const to = join(freshFolder('attached'), 'bundle');
    await ran('export', '--study', 'KET-01', '--data', ledger, '--to', to);
    const { code, out } = await studyLedger('verify', to);
    expect([code, out]).toEqual([2, expect.stringContaining('is not here')]);
    writeFileSync(kept(digest(TRACE)), TRACE);
  });
});

it('are deleted after a day where no record names them, and no others', async () => {
  const [old, young] = ['never named', 'not named yet'].map(digest) as [string, string];
  for (const name of [old, young]) writeFileSync(kept(name), 'x');
  const part = '00000000-0000-4000-8000-000000000000.part';
  writeFileSync(kept(part), 'half');
  const before = new Date(Date.now() - 2 * 86_400_000);
  for (const name of [old, part, digest(REPORT)]) utimesSync(kept(name), before, before);
  // Another process died while it took this one away.
  renameSync(kept(digest(TRACE)), `${kept(digest(TRACE))}.leaving`);
  const told: string[] = [];
  await (await openLedger(ledger, { holder: 'a test', report: (message) => told.push(message) })).close();
  expect(told.join()).toContain('no record names, 2 files');
  expect(told.join()).toContain(`${old} (1 bytes)`);
  expect(readdirSync(files).sort()).toEqual(
    expect.arrayContaining([young, digest(REPORT), digest(TRACE)].sort()),
  );
  expect(existsSync(kept(old)) || existsSync(kept(part))).toBe(false);
});

it('are not deleted while a command is about to name them, whenever that comes', async () => {
  const copy = new Attachments(freshFolder('attached'));
  const sent = async (turn: number): Promise<string> => {
    const { sha256 } = await copy.receive(one(Buffer.from(`file ${turn}`)), { most: 100 });
    utimesSync(join(copy.folder, sha256), 0, 0);
    return sha256;
  };
  for (const isBefore of [true, false]) {
    const sha256 = await sent(Number(isBefore));
    let record = { type: '', data: {} };
    const naming = (): void => {
      // As it is decided, which takes a turn of its own.
      expect(
        refuseMissing({ type: 'AttachmentAdded', data: { sha256, size: 6, name: '' } } as never, copy),
      ).toBe(undefined);
      record = { type: 'AttachmentAdded', data: { sha256, size: 6 } };
    };
    // Between the look at the folder and the look at the records, or after both.
    const store = {
      async *read() {
        if (isBefore) naming();
        yield [{ number: 0, leaf: '', text: JSON.stringify({ type: 'StudyOpened' }) }];
        if (!isBefore) naming();
      },
    } as unknown as EventStore;
    const lab = { studies: new Map([['KET-01', 1]]) } as unknown as Lab;
    const removed = await tidyAttachments(
      { store, lab, attachments: copy },
      { nowMs: Date.now(), isWhole: true },
    );
    expect([removed, copy.sizeOf(sha256), record.type]).toEqual([[], 6, 'AttachmentAdded']);
  }
  // A command that comes after the file was taken away is refused.
  const late = await sent(9);
  expect(copy.remove(late, Date.now())).toBe(6);
  expect(
    refuseMissing({ type: 'AttachmentAdded', data: { sha256: late, size: 6, name: 'x' } } as never, copy),
  ).toMatchObject({ code: 'attachment-missing' });
});

async function* one(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}
