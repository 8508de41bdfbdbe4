import type { JSX } from 'preact';
import { isPlainObject } from '../../../study/schema.js';
import { factsOf, type Fact } from '../../../study/study.js';
import { totalOf, type SheetLimit } from '../../../study/welfare/score-sheet.js';
import { isDose, substanceName } from '../../../study/rules/administration.js';
import { dateInWords } from '../../words/dates.js';
import { agoInWords } from '../../words/waiting.js';
import { RecordLink } from '../../parts/links.js';
import { Wrong } from '../../forms/inputs.js';
import { idOf } from '../../forms/form-context.js';
import { CommandField } from '../../forms/command-fields.js';
import type { Aside, AsideAsked, Values } from '../aside.js';
import { WeightTrend } from './weight.js';

interface Item {
  readonly code: string;
  readonly label: string;
  readonly max: number;
}

/** The sheet of the protocol, an item a row; the sum and an endpoint that it reaches are said while one scores. */
export function welfareAside(given: AsideAsked): Aside {
  const { asked, animal, history, protocol } = given;
  const { sheet, items, endpoints } = protocol.welfare;
  const limits = endpoints
    .filter(({ totalScore, itemScore }) => totalScore !== undefined || itemScore !== undefined)
    .map(({ description, totalScore, itemScore }) => ({ description, totalScore, itemScore }));
  return {
    without: ['subject', 'data.sheet', 'data.scores'],
    Told: () => (
      <>
        <LastScores scores={factsOf(history, 'WelfareScored')} />
        <WeightTrend asked={asked} animal={animal} history={history} />
      </>
    ),
    Fields: ({ body }) => (
      <>
        <input type="hidden" name="subject" value={animal} />
        <input type="hidden" name="data.sheet" value={sheet} />
        <ScoreSheet items={items} body={body} limits={limits as readonly SheetLimit[]} zero="normal" />
      </>
    ),
  };
}

/** The scale of the protocol, after the dose or stimulation that is chosen. */
export function sideEffectsAside({
  asked,
  definition,
  animal,
  history,
  protocol,
}: AsideAsked): Aside | undefined {
  const { sideEffects } = protocol;
  if (!sideEffects) return undefined;
  const sessions = history
    .filter((fact) => isDose(fact) || fact.type === 'SCSApplied')
    .slice(-MOST_SESSIONS)
    .reverse();
  const minute = sessions[0] && Math.round((asked.nowMs - sessions[0].at) / 60_000);
  const words = (fact: Fact): string =>
    `${isDose(fact) ? substanceName(fact, asked.view.protocols) : 'stimulation'}, ${agoInWords((asked.nowMs - fact.at) / 3_600_000)} ago (#${fact.holder})`;
  return {
    without: ['subject', 'data.scale', 'data.scores', 'data.after', 'data.minute'],
    data: {
      ...(sessions[0] && { after: sessions[0].number }),
      ...(minute !== undefined && minute <= 240 && { minute }),
    },
    offered: {
      'data.after': {
        values: sessions.map((fact) => [String(fact.number), words(fact)] as const),
        isClosed: true,
      },
    },
    Fields: ({ body }) => (
      <>
        <input type="hidden" name="subject" value={animal} />
        <input type="hidden" name="data.scale" value={sideEffects.scale} />
        <CommandField definition={definition} body={body} name="data.after" />
        <CommandField definition={definition} body={body} name="data.minute" />
        <ScoreSheet items={sideEffects.items} body={body} limits={[]} zero="none" />
      </>
    ),
  };
}

/** No longer list of doses and stimulations is of use at the bench. */
const MOST_SESSIONS = 12;

function ScoreSheet({
  items,
  body,
  limits,
  zero,
}: {
  readonly items: readonly Item[];
  readonly body: Values;
  readonly limits: readonly SheetLimit[];
  /** What a score of 0 means. */
  readonly zero: string;
}): JSX.Element {
  const given = isPlainObject(body['data']) ? body['data']['scores'] : undefined;
  const scores: readonly unknown[] = Array.isArray(given) ? given : [];
  const scoreOf = (code: string): unknown =>
    scores.filter(isPlainObject).find(({ item }) => item === code)?.['score'];
  return (
    <div class="sheet" id={idOf('data.scores')} data-field="data.scores" data-sheet={JSON.stringify(limits)}>
      {items.map(({ code, label, max }, index) => (
        <fieldset class="scale" data-field={`data.scores[${index}]`}>
          <legend>{label}</legend>
          <input type="hidden" name={`data.scores[${index}].item`} value={code} />
          <div class="picks">
            {Array.from({ length: max + 1 }, (_, score) => (
              <label>
                <input
                  type="radio"
                  name={`data.scores[${index}].score`}
                  value={String(score)}
                  checked={scoreOf(code) === score}
                  required
                />
                <span>
                  {score}
                  {score === 0 && <small> {zero}</small>}
                  {score === max && <small> worst</small>}
                </span>
              </label>
            ))}
          </div>
          <Wrong name={`data.scores[${index}].score`} also={`data.scores[${index}]`} />
        </fieldset>
      ))}
      <output class="judged" data-sum="" />
      <Wrong name="data.scores" />
    </div>
  );
}

function LastScores({ scores }: { readonly scores: readonly Fact<'WelfareScored'>[] }): JSX.Element | null {
  const last = scores.slice(-3).reverse();
  if (last.length === 0) return <p class="quiet">No score is on record.</p>;
  return (
    <p class="quiet">
      Last scores:{' '}
      {last.map((fact, index) => (
        <>
          {index > 0 && ', '}
          {totalOf(fact.data.scores)} on {dateInWords(fact.time)} (<RecordLink number={fact.holder} />)
        </>
      ))}
      .
    </p>
  );
}
