import type { UseRecord } from '../../study/welfare/animal-use-record.js';

/** Predicted and actual severities for the retrospective assessment of a project: one line a project and severity. */
export const SEVERITY_COLUMNS = [
  'project',
  'severity',
  'predicted animals',
  'actual in the year',
  'actual to the end of the year',
  'explained differences',
] as const;

const CLASSES = ['sub-threshold', 'non-recovery', 'mild', 'moderate', 'severe', 'not assessed'] as const;
type Class = (typeof CLASSES)[number];

interface Project {
  readonly predicted: Map<string, number>;
  readonly inYear: Map<string, number>;
  readonly toDate: Map<string, number>;
  explained: number;
}

/** Counts of all projects; it holds numbers, never animals. */
export class SeverityTable {
  private readonly projects = new Map<string, Project>();

  /** Adds what the licence of a study predicts, by the newest version of its protocol. */
  predict(
    project: string,
    predicted: readonly { readonly severity: string; readonly animals: number }[],
  ): void {
    const { predicted: sums } = this.project(project);
    for (const { severity, animals } of predicted) add(sums, severity, animals);
  }

  count(use: UseRecord, year: number): void {
    const { reportYear, project } = use.use;
    if (reportYear === null || reportYear > year) return;
    const { actual, prospective } = use.severity;
    const counts = this.project(project.value ?? '');
    const severity: Class = actual?.severity ?? 'not assessed';
    add(counts.toDate, severity, 1);
    if (reportYear !== year) return;
    add(counts.inYear, severity, 1);
    if (actual && actual.severity !== prospective.value && actual.reason !== null) counts.explained += 1;
  }

  lines(): (string | number)[][] {
    return [...this.projects]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .flatMap(([name, { predicted, inYear, toDate, explained }]) =>
        CLASSES.filter((severity) => predicted.has(severity) || toDate.has(severity)).map((severity, i) => [
          name,
          severity,
          predicted.get(severity) ?? '',
          inYear.get(severity) ?? 0,
          toDate.get(severity) ?? 0,
          i === 0 ? explained : '',
        ]),
      );
  }

  private project(name: string): Project {
    let found = this.projects.get(name);
    if (!found) {
      found = { predicted: new Map(), inYear: new Map(), toDate: new Map(), explained: 0 };
      this.projects.set(name, found);
    }
    return found;
  }
}

function add(counts: Map<string, number>, severity: string, animals: number): void {
  counts.set(severity, (counts.get(severity) ?? 0) + animals);
}
