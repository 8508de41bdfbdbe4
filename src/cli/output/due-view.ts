import { printInstant } from '../../study/instant.js';
import type { Task } from '../../study/due/task.js';
import type { OpenAct } from '../../study/signatures/open-acts.js';
import type { Block } from './page.js';
import { table } from './table.js';

/** Not compared with a clock: the answer is the same whenever it is asked for. */
export function due({ tasks, acts = [] }: { tasks: Task[]; acts?: readonly OpenAct[] }): Block[] {
  const when = (instant: string | null, wholeDay: boolean): string =>
    instant === null ? '' : wholeDay ? instant.slice(0, 10) : printInstant(instant);
  return [
    table(tasks, [
      { head: 'animal', cell: ({ animal }) => animal },
      { head: 'what', cell: ({ what }) => what, flexible: true },
      { head: 'from', cell: ({ from, wholeDay }) => when(from, wholeDay), flexible: true },
      { head: 'due', cell: ({ due: at, wholeDay }) => when(at, wholeDay), flexible: true },
      {
        head: 'overdue after',
        cell: ({ overdueAfter, wholeDay }) => when(overdueAfter, wholeDay),
        flexible: true,
      },
      { head: 'why', cell: ({ why }) => why, flexible: true },
    ]),
    ...(acts.length > 0 ? [openActs(acts)] : []),
  ];
}

function openActs(acts: readonly OpenAct[]): Block {
  return table(
    [...acts],
    [
      {
        head: 'record',
        cell: ({ record, to }) => (to === undefined || to === record ? `${record}` : `${record}–${to}`),
      },
      { head: 'open', cell: ({ kind }) => kind },
      { head: 'waits for', cell: ({ waitsFor }) => waitsForInWords(waitsFor), flexible: true },
      { head: 'what', cell: ({ says }) => says, flexible: true },
    ],
  );
}

function waitsForInWords(waitsFor: OpenAct['waitsFor']): string {
  if ('persons' in waitsFor) return waitsFor.persons.join(', ');
  const { roles, except } = waitsFor;
  return `${roles.join(', ')}${except.length > 0 ? `, not ${except.join(', ')}` : ''}`;
}
