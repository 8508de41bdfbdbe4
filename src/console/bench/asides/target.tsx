import { isPlainObject } from '../../../study/schema.js';
import { RecordLink } from '../../parts/links.js';
import { Said } from '../../parts/said.js';
import { sentence } from '../../words/sentence.js';
import type { BenchAsked } from '../../page.js';
import type { Aside, Values } from '../aside.js';

/** What the record says that a command is about: whoever assesses or witnesses it reads more than its number. */
export function targetAside({ view }: BenchAsked, { data }: Values): Aside {
  const target = isPlainObject(data) ? data['target'] : undefined;
  const number = isPlainObject(target) ? target['number'] : undefined;
  const stored = typeof number === 'number' ? view.study.records.at(number) : undefined;
  if (!stored) return {};
  const { record } = stored;
  return {
    Told: () => (
      <p class="lead">
        <RecordLink number={stored.number} />: <Said phrases={sentence(view, stored)} />
        {record.reason !== undefined && <span class="reason"> “{record.reason}”</span>}
      </p>
    ),
  };
}
