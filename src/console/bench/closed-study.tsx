import type { JSX } from 'preact';
import { useContext } from 'preact/hooks';
import { archiveOf } from '../../study/archive.js';
import { CATALOGUE, routeOf } from '../../study/catalogue.js';
import type { CommandDefinition } from '../../study/commands/common/command.js';
import { canBeFoundLater } from '../../study/commands/common/check-study.js';
import { localInstant } from '../../study/instant.js';
import { closureOf, isGoverned } from '../../study/study.js';
import { useErrors, idOf } from '../forms/form-context.js';
import { benchPage, type BenchAsked, type BenchPage, type MainProps } from '../page.js';
import type { ClosedStudy } from './closed-told.js';
import { RecordLink, StudyHref, StudyLink } from '../parts/links.js';
import { Day, When } from '../parts/when.js';

/** Undefined as long as the study is open. */
export function closedStudy({
  view: { study },
  offsetMinutes,
}: Pick<BenchAsked, 'view' | 'offsetMinutes'>): ClosedStudy | undefined {
  const { closed } = closureOf(study);
  return (
    closed && {
      code: study.code,
      record: closed.record,
      since: localInstant(closed.at, offsetMinutes),
      archive: archiveOf(study),
      isGoverned: isGoverned(study),
    }
  );
}

interface EnteredLater {
  readonly closed: ClosedStudy;
  readonly animal: string | undefined;
}

/**
 * A page for work with a living animal. In a study that is closed it says so, and leads to the forms by which the same is
 * entered as found later. What was typed before is shown again.
 */
export function whileOpen<A>(
  page: Omit<BenchPage<A>, 'of'>,
  late: { readonly title: string; readonly commands: readonly string[] },
): BenchPage {
  return benchPage<A | EnteredLater>({
    ...(page as Omit<BenchPage<A | EnteredLater>, 'of'>),
    title: (props) => (isEnteredLater(props.answer) ? late.title : page.title(props as MainProps<A>)),
    *answer(asked) {
      const closed = asked.posted ? undefined : closedStudy(asked);
      return closed ? { closed, animal: asked.query['animal'] } : yield* page.answer(asked);
    },
    main: (props) => {
      const { answer } = props;
      return isEnteredLater(answer) ? <EnterLater {...answer} {...late} /> : page.main(props as MainProps<A>);
    },
  });
}

function isEnteredLater(answer: unknown): answer is EnteredLater {
  return typeof answer === 'object' && answer !== null && 'closed' in answer;
}

function EnterLater({
  closed,
  animal,
  title,
  commands,
}: EnteredLater & { readonly title: string; readonly commands: readonly string[] }): JSX.Element {
  return (
    <section class="bench">
      <p class="back">
        <StudyLink to="/bench">Bench</StudyLink>
      </p>
      <h1>{title}</h1>
      <StudyIsClosed closed={closed} />
      {!closed.archive && (
        <FoundLaterWays closed={closed} animal={animal} among={({ name }) => commands.includes(name)} />
      )}
    </section>
  );
}

/** That the study is over, and who can open it again. */
export function StudyIsClosed({
  closed: { record, since, archive, isGoverned: isSigned },
}: {
  readonly closed: ClosedStudy;
}): JSX.Element {
  return (
    <p class="lead">
      {archive ? (
        <>
          The study is archived (<RecordLink number={archive.record} />) and read only. What of it is not in
          the ledger lies here: {archive.location}. It is kept at least until <Day at={archive.retainUntil} />
          .{' '}
        </>
      ) : (
        <>
          The study was closed <When at={since} /> (<RecordLink number={record} />
          ).{' '}
        </>
      )}
      Its director reopens it with a reason{isSigned && ' and a signature'}:{' '}
      <StudyLink to="/bench/enter/reopen-study">reopen the study</StudyLink>.
    </p>
  );
}

/** What a closed study still takes: each kind of data, as found after closing. */
export function FoundLaterWays({
  closed: { isGoverned: isSigned },
  animal,
  among = () => true,
}: {
  readonly closed: ClosedStudy;
  readonly animal?: string | undefined;
  readonly among?: (definition: CommandDefinition) => boolean;
}): JSX.Element {
  const href = useContext(StudyHref);
  return (
    <section>
      <h2>Found after closing</h2>
      <p>
        What happened before the study was closed and is found only now is still recorded, with the time when
        it happened and the reason.{isSigned && ' The director signs it before the study is archived.'}
      </p>
      <ul class="acts">
        {CATALOGUE.filter((one) => canBeFoundLater(one) && among(one)).map(({ name, summary }) => (
          <li>
            <a
              href={href(`/bench/enter/${routeOf(name)}`, {
                before: 'yes',
                ...(animal !== undefined && { animal }),
              })}
            >
              {summary}
            </a>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** In the form of a closed study: says that what is entered was found after closing, and what follows from that. */
export function FoundAfterClosing({
  closed: { record, since, isGoverned: isSigned },
  isSaid,
}: {
  readonly closed: ClosedStudy;
  readonly isSaid: boolean;
}): JSX.Element {
  const errors = useErrors('afterClose');
  return (
    <fieldset class="group" data-field="afterClose">
      <legend>Found after closing</legend>
      <small>
        The study was closed <When at={since} /> (<RecordLink number={record} />
        ). What happened before that and is found only now is recorded with the flag after-close, the time
        when it happened and the reason.{' '}
        {isSigned && 'The study’s director signs it before the study is archived.'}
      </small>
      <label class="tickbox">
        <input
          type="checkbox"
          id={idOf('afterClose')}
          name="afterClose"
          value="true"
          checked={isSaid}
          aria-invalid={errors.length > 0 ? 'true' : undefined}
        />
        <span>It happened before the study was closed, and was found after closing</span>
      </label>
      {errors.map(({ detail }) => (
        <p class="refused">{detail}</p>
      ))}
    </fieldset>
  );
}

/** Whether the form of a command says that it was found after closing; so only where a closed study asks for it. */
export function asksFoundLater(closed: ClosedStudy | undefined, definition: CommandDefinition): boolean {
  return closed !== undefined && closed.archive === undefined && canBeFoundLater(definition);
}
