import { writeFileSync } from 'node:fs';
import { protocolInWords } from '../../console/words/protocol.js';
import { counted } from '../../shared/counted.js';
import { TEMPLATES, isTemplate, templateText } from '../../shared/protocol-templates.js';
import type { Protocol } from '../../study/protocol.js';
import { checkProtocol, type CheckedProtocol } from '../../study/rules/check-protocol.js';
import { doubtsAbout } from '../../study/rules/protocol-doubts.js';
import type { Problem } from '../../study/rules/protocol-problems.js';
import { Failure } from '../output/failure.js';
import { heading, wrapped, type Block } from '../output/page.js';
import { readProtocolFile } from '../protocol-file.js';
import type { Io } from '../subcommand.js';

/** Prints a commented protocol to fill in, or writes it to a new file. */
export function template(name: string, { to }: { to?: string }): string | string[] {
  if (!isTemplate(name))
    throw Failure.usage(
      `There is no template ${name}.`,
      `Name one of ${Object.keys(TEMPLATES).join(', ')}.`,
      'template-unknown',
    );
  const text = templateText(name);
  if (to === undefined) return text.trimEnd().split('\n');
  try {
    writeFileSync(to, text, { flag: 'wx' });
  } catch (error) {
    const exists = (error as NodeJS.ErrnoException).code === 'EEXIST';
    throw new Failure(
      exists ? `${to} exists already.` : `${to} cannot be written.`,
      'Name a new file in a folder that is there.',
      exists ? 'file-exists' : 'file-unwritable',
    );
  }
  return `Wrote ${to}. Replace every REQUIRED in it, then: study-ledger protocol check ${to}`;
}

/** Names everything that is missing or contradicts itself, then prints the protocol in words. Exit code 1 unless it can be approved. */
export function check(file: string, { json = false }: { json?: boolean }, { print }: Io): number {
  const checked = checkProtocol(readProtocolFile(file));
  const doubts = checked.protocol ? doubtsAbout(checked.protocol) : [];
  if (json) print(JSON.stringify({ ok: checked.protocol !== undefined, ...checked, doubts }));
  else print(...report(file, checked));
  return checked.protocol ? 0 : 1;
}

function report(file: string, { missing, wrong, protocol }: CheckedProtocol): Block[] {
  if (!protocol)
    return [
      ...listed(`${counted(missing.length, 'value is', 'values are')} missing`, missing),
      ...listed(`${counted(wrong.length, 'thing is', 'things are')} wrong`, wrong),
      '',
      wrapped(`${file} cannot be approved yet. Correct it, and check it again.`),
    ];
  return [
    ...heading(protocol.title),
    ...protocolInWords(protocol).map(([about, words]) => wrapped(`  ${about}: ${words}`)),
    ...leftOut(protocol),
    ...listed('Look again', doubtsAbout(protocol)),
    '',
    wrapped(`${file} can be approved. Nothing is missing, and nothing contradicts itself.`),
  ];
}

/** What a study under this protocol does without. */
const SECTIONS = {
  ladder: 'no threshold is recorded',
  assays: 'nothing else is measured',
  baseline: 'there is no baseline',
  hypersensitivity: 'nobody is judged hypersensitive',
  responder: 'nobody is judged a responder',
  stimulation: 'no stimulation is recorded',
  titration: 'no dose is designated',
  sideEffects: 'no side effect is scored',
  licence: 'no licence is named',
} as const;

function leftOut(protocol: Protocol): Block[] {
  const names = Object.keys(SECTIONS) as (keyof typeof SECTIONS)[];
  const absent = names.filter((name) => protocol[name] === undefined);
  if (absent.length === 0) return [];
  return [...heading('Left out'), ...absent.map((name) => wrapped(`  ${name}: ${SECTIONS[name]}`))];
}

function listed(title: string, problems: readonly Problem[]): Block[] {
  if (problems.length === 0) return [];
  return [
    ...heading(title),
    ...problems.map(({ path, message }) => wrapped(`  ${path || 'the protocol'}: ${message}`)),
  ];
}
