import { printInstant } from '../../study/instant.js';
import type { Task } from '../../study/due/task.js';
import type { Block } from './page.js';
import { table } from './table.js';

/** Not compared with a clock: the answer is the same whenever it is asked for. */
export function due({ tasks }: { tasks: Task[] }): Block[] {
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
  ];
}
