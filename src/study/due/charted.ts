import type { Protocol } from '../protocol.js';
import type { Chart } from '../rules/chart.js';
import type { Fact } from '../study.js';
import type { Course } from '../welfare/course.js';

/** One animal in the study, as what is due for it is found. */
export interface Charted {
  readonly id: string;
  readonly enrolled: Fact<'SubjectEnrolled'>;
  readonly course: Course;
  readonly chart: Chart;
  /** The version in force. */
  readonly protocol: Protocol;
}
