import type { Flag } from '../study/commands/common/flags.js';
import { refuse, type Refusal } from '../study/refusal.js';

export function isQueried(irregular: readonly Flag[]): boolean {
  return irregular.some(({ kind }) => kind === 'query');
}

/** Whether it states what another record states already. */
export function isSameAs(irregular: readonly Flag[]): boolean {
  return irregular.some(({ code }) => code === 'same-as');
}

/** Why a row that is queried is not recorded without a reason of its own. */
export function refuseQueried(irregular: readonly Flag[]): Refusal {
  const { code = '', otherRecord } = irregular.find(({ kind }) => kind === 'query') ?? {};
  const record = otherRecord === undefined ? 'another record' : `record ${otherRecord}`;
  return refuse('reason-required', (SENTENCES[code] ?? otherwise)(record, code), 'reason');
}

const SENTENCES: Readonly<Record<string, (record: string) => string>> = {
  'same-as': (record) =>
    `It states the same as ${record}: leave such rows out with --skip-known, or say with --reason why they are recorded again.`,
  contradicts: (record) =>
    `It contradicts ${record}, which says something else of the same moment: correct one of them, or say with --reason why both stand.`,
  'looks-like': (record) =>
    `The name is easily taken for that of ${record}: correct it, or say with --reason why it is another animal.`,
};

function otherwise(_record: string, code: string): string {
  return `This is most often a mistake (${code}): correct it, or say with --reason why it is meant.`;
}
