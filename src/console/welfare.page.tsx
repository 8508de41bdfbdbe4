import type { JSX } from 'preact';
import { welfare, type WelfareRecord } from '../study/projections/welfare.projection.js';
import { Refusal } from '../study/refusal.js';
import { buildCodeMap, type CodeMap, type Format } from '../welfare/forms/code-map.js';
import { previewReturn, type ReturnPreview } from '../welfare/returns/preview.js';
import { choose, choosePage } from './choose.js';
import { studyPage, type MainProps } from './page.js';
import { CourseTable, courseScales, type Limits } from './parts/course-table.js';
import { Pager, type Options, type Shown } from './parts/choices.js';
import { StudyLink } from './parts/links.js';
import { Preview } from './return-preview.js';
import { AdverseEvents, Monitoring, ReachedEndpoints } from './parts/monitored.js';
import { counted } from './words/phrase.js';

interface WelfareAnswer {
  readonly animals: readonly WelfareRecord[];
  readonly limits: Limits;
  readonly shown: Shown;
  readonly form: {
    readonly format: Format;
    readonly codes: CodeMap;
    /** In which uses of this study ended, the latest first, and the one that is shown; none where no use has. */
    readonly years: readonly number[];
    readonly year: number | undefined;
    readonly preview: ReturnPreview | undefined;
  };
}

/** No more rows on one page: each has two curves. */
const ROWS = 80;

const FORMATS: Options<Format> = [
  ['eu', 'European Union'],
  ['de', 'Germany'],
  ['uk', 'United Kingdom'],
];

export const welfarePage = studyPage<WelfareAnswer>({
  path: '/studies/:code/welfare',
  name: 'Welfare',
  parameters: ['page', 'year', 'format'],
  title: () => 'Welfare',
  *answer(view, { query }) {
    const { subjects: animals } = yield* welfare.steps(view);
    const years = yearsOf(animals);
    const year =
      years.length === 0
        ? undefined
        : choose(
            query,
            'year',
            years.map((one) => [`${one}`, `${one}`]),
          );
    const format = choose(query, 'format', FORMATS);
    const shown = choosePage(query, animals.length, ROWS);
    if (year instanceof Refusal) return year;
    if (format instanceof Refusal) return format;
    if (shown instanceof Refusal) return shown;
    const codes = buildCodeMap(format);
    const uses = animals.map(({ use }) => use);
    return {
      animals,
      limits: limitsOf(view.protocols.inForceAt(view.untilMs)?.protocol.welfare.endpoints ?? []),
      shown,
      form: {
        format,
        codes,
        years,
        year: year === undefined ? undefined : Number(year),
        preview: year === undefined ? undefined : previewReturn(uses, { year: Number(year), format, codes }),
      },
    };
  },
  main: Main,
});

function yearsOf(animals: readonly WelfareRecord[]): number[] {
  const ended = animals.flatMap(({ use: { use } }) =>
    use.used && use.reportYear !== null ? [use.reportYear] : [],
  );
  return [...new Set(ended)].sort((a, b) => b - a);
}

/** The endpoints of loss of weight and of the whole sheet that are reached first. */
function limitsOf(endpoints: readonly { weightLossPercent?: string; totalScore?: number }[]): Limits {
  const losses = endpoints.flatMap(({ weightLossPercent: loss }) =>
    loss === undefined ? [] : [Number(loss)],
  );
  const totals = endpoints.flatMap(({ totalScore: total }) => (total === undefined ? [] : [total]));
  return {
    loss: losses.length === 0 ? undefined : Math.min(...losses),
    total: totals.length === 0 ? undefined : Math.min(...totals),
  };
}

function Main({ answer, query }: MainProps<WelfareAnswer>): JSX.Element {
  const { animals, limits, shown, form } = answer;
  if (animals.length === 0)
    return (
      <>
        <h1>Welfare</h1>
        <p class="none">
          No animal is enrolled at this tree size. Once a protocol is in force, animals are enrolled at the{' '}
          <StudyLink to="/bench">bench</StudyLink>.
        </p>
      </>
    );
  return (
    <>
      <h1>Welfare</h1>
      <p class="lead">{summaryOf(animals)}</p>
      <ReachedEndpoints animals={animals} />
      <section>
        <h2>Course of each animal</h2>
        <CourseTable
          rows={animals.slice(shown.from, shown.until)}
          limits={limits}
          scales={courseScales(animals, limits)}
        />
        <Pager to="/welfare" query={query} what="animal" shown={shown} />
      </section>
      <AdverseEvents animals={animals} />
      <Monitoring animals={animals} />
      <Preview {...form} formats={FORMATS} />
    </>
  );
}

function summaryOf(animals: readonly WelfareRecord[]): string {
  const reached = animals.flatMap(({ endpoints }) => endpoints);
  const open = reached.filter(({ decision }) => decision === null).length;
  const ended = animals.filter(({ use }) => use.use.used && use.use.endedOn.value !== null);
  const assessed = ended.filter(({ use }) => use.severity.actual !== null).length;
  const endpoints =
    reached.length === 0
      ? 'No humane endpoint was reached'
      : `${counted(reached.length, 'humane endpoint')} reached, ${open === 0 ? 'each decided' : `${open} not decided`}`;
  return `${counted(animals.length, 'animal')}. ${endpoints}. ${ended.length === 0 ? 'No use has ended yet' : `Severity is assessed for ${assessed} of ${counted(ended.length, 'ended use')}`}.`;
}
