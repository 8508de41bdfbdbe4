import { measurementSeries } from '../../study/projections/measurement-series.projection.js';
import { thresholdSeries } from '../../study/projections/threshold-series.projection.js';
import { factsOf } from '../../study/study.js';
import { viewOf, type FileSource } from '../snapshot.js';
import { drawAssays, drawCourse } from './animal-figures.js';
import { drawSvg } from './draw-svg.js';
import type { Drawing } from './drawing.js';
import { framed } from './framed.js';
import { groupCourses } from './group-courses.js';
import { meansCsv } from './means-csv.js';
import { assaysOf, thresholdsOf } from './threshold-series.js';

/** How the figures are written: as SVG only, or as PNG beside it. */
export type Pictures = 'svg' | 'svg-and-png';

/**
 * The courses of the groups, with the numbers of their means, and the course of each animal: name and content of each
 * file, one after another.
 */
export async function* figureFiles(
  source: FileSource,
  pictures: Pictures,
): AsyncGenerator<readonly [name: string, content: string | Uint8Array]> {
  const view = viewOf(source);
  const thresholds = [thresholdsOf(view, 'ipsilateral'), thresholdsOf(view, 'contralateral')];
  for (const series of [...thresholds, ...assaysOf(view)]) {
    if (!series) continue;
    yield* drawn(`groups-${series.id}`, groupCourses(series));
    yield [`means-${series.id}.csv`, meansCsv(series)];
  }
  const runs = new Map(thresholdSeries.project(view).subjects.map((one) => [one.subject, one.runs]));
  const assays = new Map(measurementSeries.project(view).subjects.map((one) => [one.subject, one.assays]));
  for (const { id, history } of view.animals()) {
    const isExcluded = factsOf(history, 'SubjectExcluded').length > 0;
    const titled = (drawing: Drawing): Drawing => ({
      ...drawing,
      title: `${drawing.title}${isExcluded ? ' (excluded)' : ''}`,
    });
    const course = drawCourse(view, id, history, runs.get(id) ?? []);
    if (course) yield* drawn(`animal-${id}`, titled(course.drawing));
    for (const { series, drawing } of drawAssays(view, id, history, assays.get(id) ?? []))
      yield* drawn(`animal-${id}-${series.assay}`, titled(drawing));
  }

  async function* drawn(
    name: string,
    drawing: Drawing,
  ): AsyncGenerator<readonly [string, string | Uint8Array]> {
    const whole = framed(drawing, source.snapshot);
    yield [`${name}.svg`, drawSvg(whole)];
    if (pictures === 'svg') return;
    const { drawPng } = await import('./draw-png.js');
    yield [`${name}.png`, await drawPng(whole)];
  }
}
