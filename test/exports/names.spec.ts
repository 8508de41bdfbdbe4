import { v4 } from 'uuid';
import { namesIn } from '../../src/exports/bundle/names.js';
import { MemoryDisclosures } from '../../src/identity/disclosure-store.js';
import { Disclosures } from '../../src/identity/disclosures.js';
import type { StoredStudyRecord } from '../../src/study/record.js';
import { canonical } from '../../src/tlog/canonical.js';

/** A lab that registers these persons, and a study that names some of them. */
function laboratory() {
  const store = new MemoryDisclosures();
  const disclosures = new Disclosures(store, () => false);
  const lab: string[] = [];
  const record = (type: string, person: string, name: string, member = 'name') => {
    const commitment = disclosures.commit(v4(), member, name);
    lab.push(canonical({ data: { [member]: commitment, person }, type }));
    return commitment['...'];
  };
  const study = [
    { record: { actor: 'anna-b', data: { observedBy: 'bert-c' } } },
    { record: { actor: 'anna-b', data: { team: [{ surgeon: 'carl-d' }] } } },
  ] as unknown as StoredStudyRecord[];
  const named = () =>
    namesIn(lab, study, (digest) => store.find(digest)).map(({ person, name }) => [person, name]);
  return { store, record, named, lab, study };
}

describe('the names in the bundle of a study', () => {
  it('are those of the persons whom its records name, wherever, and of nobody else', () => {
    const { record, named } = laboratory();
    for (const [person, name] of [
      ['carl-d', 'Carl'],
      ['anna-b', 'Anna'],
      ['bert-c', 'Bert'],
      ['eve-f', 'Eve'],
    ] as const)
      record('PersonRegistered', person, name);
    record('CredentialEnrolled', 'anna-b', 'blue key', 'label');
    expect(named()).toEqual([
      ['anna-b', 'Anna'],
      ['bert-c', 'Bert'],
      ['carl-d', 'Carl'],
    ]);
  });

  it('are the last that were recorded, and none where that one is erased', () => {
    const { record, named, store } = laboratory();
    record('PersonRegistered', 'anna-b', 'Anna B.');
    const later = record('PersonRenamed', 'anna-b', 'Anna C.');
    expect(named()).toEqual([['anna-b', 'Anna C.']]);
    store.erase(later);
    expect(named()).toEqual([]);
  });

  it('are not shown where a disclosure opens another commitment', () => {
    const { record, lab, study, store } = laboratory();
    record('PersonRegistered', 'anna-b', 'Anna');
    const other = record('PersonRegistered', 'eve-f', 'Eve');
    expect(namesIn(lab, study, () => store.find(other))).toEqual([]);
  });
});
