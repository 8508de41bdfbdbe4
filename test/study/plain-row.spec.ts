import { CATALOGUE } from '../../src/study/catalogue.js';
import { EVENTS, type FactType } from '../../src/study/events/events.js';
import { plainCells, plainKind } from '../../src/study/events/plain-row.js';

describe('a row that follows from the schema of a fact', () => {
  it('is named by the type of the fact', () => {
    expect(plainKind('BodyWeightRecorded')).toBe('body-weight');
    expect(plainKind('MotorThresholdDetermined')).toBe('motor-threshold');
  });

  it('has a cell for each member of one value beside those of any observation, with the unit in its name', () => {
    expect(plainCells('BodyWeightRecorded')).toEqual([
      { member: 'weight', column: 'weight_g', kind: 'quantity', unit: 'g', required: true },
    ]);
    expect(plainCells('FateRecorded').map(({ column, kind, required }) => [column, kind, required])).toEqual([
      ['fate', 'word', true],
      ['cause', 'words', false],
      ['to', 'words', false],
    ]);
    expect(plainCells('SubjectExcluded').map(({ column, kind }) => [column, kind])).toContainEqual([
      'after_unblinding',
      'boolean',
    ]);
  });

  it('cannot be of a fact with members of several values or that name records: those need rows of their own', () => {
    const refused = CATALOGUE.map(({ records }) => records).filter((type) => {
      if (!Object.hasOwn(EVENTS, type)) return false;
      try {
        plainCells(type as FactType);
        return false;
      } catch (error) {
        expect(String(error)).toContain(`${type}.`);
        return true;
      }
    });
    expect(refused).toEqual(
      expect.arrayContaining(['ThresholdRecorded', 'SCSApplied', 'KetamineAdministered']),
    );
    expect(refused).not.toContain('BodyWeightRecorded');
  });
});
