export const GROUPED_VALUES = ['grams', 'percent-of-baseline', 'percent-mpe'] as const;
export type GroupedValues = (typeof GROUPED_VALUES)[number];

export interface GroupedOptions {
  readonly values: GroupedValues;
  /** Of an assay, the site on that side; where it has one site, that one is ipsilateral. */
  readonly paw: 'ipsilateral' | 'contralateral';
  /** The assay that is shown, in its unit, instead of thresholds in grams. */
  readonly assay?: string;
  /** What stands for a run that gave only a bound: nothing, or the bound: the filament at that end of the ladder, the cut-off of an assay. */
  readonly bounds: 'empty' | 'limit';
  /** Whether excluded animals are left out or taken in. */
  readonly excluded: 'out' | 'in';
}

export const GROUPED: GroupedOptions = {
  values: 'grams',
  paw: 'ipsilateral',
  bounds: 'empty',
  excluded: 'out',
};
