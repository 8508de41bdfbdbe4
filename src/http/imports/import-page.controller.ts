import { Controller, Get, Inject, Param, Post, Req } from '@nestjs/common';
import { importPage } from '../../console/import.page.js';
import type { FoundSheet, ImportFound } from '../../console/import/found.js';
import type { SheetFile } from '../../imports/reading/read-book.js';
import { LIMITS } from '../../imports/reading/sheet.js';
import { savedMappings } from '../../imports/mapping/saved-mappings.js';
import { Engine } from '../../recording/engine.js';
import { sha256Hex } from '../../shared/sha256.js';
import { Refusal } from '../../study/refusal.js';
import { isClosed, type Study } from '../../study/study.js';
import { ANIMAL_CARE, STUDY_READERS } from '../../study/who.js';
import { CommandDesk } from '../commands/command-desk.js';
import { BenchShow } from '../pages/bench-show.js';
import { FormTaker } from '../pages/form-taker.js';
import { Callers, type Caller } from '../platform/caller.js';
import { AskedBy, From, type CalledRequest } from '../platform/caller.guard.js';
import { readFormBody } from '../platform/form-body.js';
import { isMultipart, readMultipart } from '../platform/multipart.js';
import { Problem, statusOf } from '../platform/problems.js';
import { noteProblem } from '../platform/requests.js';
import { Reply } from '../platform/reply.js';
import { askedOf, digestOfShown, mustBeAsShown, textOfDraft, unnamed } from './draft-asked.js';
import { ImportDesk } from './import-desk.js';
import { ImportDrafts, type ImportDraft } from './import-drafts.js';
import { checkedMapping, fileIn, savedMapping, textOfMapping, type ImportAsked } from './import-form.js';
import { suggestFor } from './import-suggestion.js';
import { readLeftOut } from './leave-out.js';
import { fits, named, recordsOf } from './kept-in-study.js';
import { RowSentences, viewRows } from './rows-view.js';
import { saidOfAllRows } from './said-of-all.js';
import { viewColumns } from './sheet-view.js';

/**
 * The page of an import, in forms that follow one another: a file is sent, its columns are matched, its rows are recorded.
 * Between them the file is kept for a while (`ImportDrafts`); the address names it by its digest.
 */
@Controller()
export class ImportPageController {
  private readonly show: BenchShow;

  constructor(
    @Inject(Engine) private readonly engine: Engine,
    @Inject(Callers) private readonly callers: Callers,
    @Inject(ImportDesk) private readonly desk: ImportDesk,
    @Inject(ImportDrafts) private readonly drafts: ImportDrafts,
    @Inject(CommandDesk) commands: CommandDesk,
  ) {
    this.show = new BenchShow(engine, importPage, new FormTaker(commands));
  }

  @Get(importPage.path)
  @AskedBy({ study: STUDY_READERS })
  get(@Req() request: CalledRequest, @Param('code') study: string, @From() caller: Caller): Promise<Reply> {
    return this.page(request, caller, study);
  }

  @Post(importPage.path)
  @AskedBy({ study: ANIMAL_CARE })
  async post(
    @Req() request: CalledRequest,
    @Param('code') study: string,
    @From() caller: Caller,
  ): Promise<Reply> {
    try {
      const location = await this.desk.inTurn(caller, () =>
        isMultipart(request) ? this.takeFile(request, caller, study) : this.takeForm(request, caller, study),
      );
      return new Reply(303, { Location: `/studies/${study}/import?${location}` }, '');
    } catch (error) {
      if (!(error instanceof Problem) || !BELONGS_ON_PAGE.has(error.code)) throw error;
      noteProblem(request, error);
      return this.page(request, caller, study, error);
    }
  }

  private async takeFile(request: CalledRequest, { actor }: Caller, study: string): Promise<string> {
    const form = await readMultipart(request, LIMITS.fileBytes);
    const file = fileIn(form);
    const sent = form.files.get('mapping');
    const text = sent && textOfMapping(sent.bytes);
    if (text !== undefined) checkedMapping(text);
    const draft = this.drafts.keep(actor, study, file);
    if (text !== undefined) draft.mapping = { name: sent!.name.replace(/\.json$/i, ''), text };
    else await this.readWhole(file);
    return `file=${draft.sha256}`;
  }

  private async takeForm(request: CalledRequest, caller: Caller, study: string): Promise<string> {
    const pairs = await readFormBody(request);
    const sha256 = pairs.get('file') ?? '';
    const draft = this.drafts.find(caller.actor, study, sha256);
    const action = pairs.get('do') ?? 'match';
    const { state } = await this.engine.study(study);
    // The button was pressed twice, or the page was sent again: its answer is the first one's.
    const shown = pairs.get('shown') ?? '';
    if (!draft && action === 'record' && this.drafts.isRecorded(caller.actor, study, shown))
      return `recorded=${sha256}`;
    if (!draft) throw gone();
    const address = `file=${draft.sha256}`;
    if (action.startsWith('saved:')) {
      const digest = action.slice('saved:'.length);
      const name = savedMappings(state).find(({ sha256 }) => sha256 === digest)?.name ?? '';
      draft.mapping = { name, text: savedMapping(state, digest) };
      return address;
    }
    if (action === 'columns') {
      draft.mapping = undefined;
      return address;
    }
    if (action === 'match') {
      draft.chosen = pairs;
      return `${address}#rows`;
    }
    if (action === 'leave-out') {
      draft.leftOut = [...draft.leftOut, readLeftOut(pairs)];
      return `${address}#rows`;
    }
    if (action.startsWith('take-back:')) {
      const place = Number(action.slice('take-back:'.length));
      draft.leftOut = draft.leftOut.filter((_, index) => index !== place);
      return `${address}#rows`;
    }
    draft.rowReason = pairs.get('rowReason')?.trim() ?? '';
    draft.skipKnown = pairs.get('skipKnown') === 'true';
    draft.foundLater = pairs.get('foundLater') === 'true';
    if (action !== 'record') return `${address}#rows`;
    await this.record(caller, study, draft, pairs);
    this.drafts.finish(caller.actor, study, draft, shown);
    return `recorded=${draft.sha256}`;
  }

  private async record(
    caller: Caller,
    study: string,
    changing: ImportDraft,
    pairs: URLSearchParams,
  ): Promise<void> {
    // Another page of the same person may change it while this one waits.
    const draft = { ...changing };
    const { state } = await this.engine.study(study);
    const text = await this.mappingOf(draft, state);
    if (text === undefined)
      throw new Problem('mapping-invalid', 'Answer first what is to be said about the sheet.');
    mustBeAsShown(draft, text, pairs.get('shown'));
    const saveAs = pairs.get('saveAs')?.trim() ?? '';
    const isNamed = saveAs !== '' || savedMappings(state).some((one) => one.text === text);
    if (!isNamed && draft.leftOut.length > 0) throw unnamed();
    const asked = { ...askedOf(draft, text), ...(saveAs !== '' && { saveAs }) };
    const answer = await this.desk.record(caller, study, asked);
    if (answer instanceof Refusal) throw new Problem(answer.code, answer.message, answer.field);
  }

  private async page(
    request: CalledRequest,
    caller: Caller,
    study: string,
    problem?: Problem,
  ): Promise<Reply> {
    const reader = this.callers.reader(caller);
    const status = problem ? statusOf(problem.code) : 200;
    return this.show.show(
      request,
      reader,
      async ({ view, query }): Promise<ImportFound> => {
        const mappings = named(view.study);
        const { file, recorded } = query;
        const draft = file === undefined ? undefined : this.drafts.find(caller.actor, study, file);
        const shown =
          draft && (await this.desk.inTurn(caller, () => this.sheetOf(caller, study, draft, view.study)));
        const found = shown instanceof Problem ? shown : shown?.problem;
        const told = problem ?? found ?? (file !== undefined && !draft ? gone() : undefined);
        const records = recorded === undefined ? undefined : recordsOf(view.study, recorded, mappings);
        return {
          mappings,
          ...(shown && !(shown instanceof Problem) && { sheet: shown.sheet }),
          ...(records && { recorded: records }),
          ...(told && { refused: { detail: told.detail, errors: errorsIn(told) } }),
        };
      },
      status,
    );
  }

  /** What is shown of a file; a problem where it cannot be. Where its rows alone cannot, the choices stay. */
  private async sheetOf(
    caller: Caller,
    study: string,
    changing: ImportDraft,
    state: Study,
  ): Promise<{ readonly sheet: FoundSheet; readonly problem?: Problem } | Problem> {
    const draft = { ...changing };
    return orProblem(async () => {
      const { file, sha256, mapping, rowReason: reason, skipKnown } = draft;
      const whole = await this.readWhole(file);
      const suggested = suggestFor(whole, state, this.engine.labNow, draft.chosen);
      const { header, sheets, others, rows: count, columns } = suggested.choices.layout;
      const titles = new Set(columns.map(({ title }) => title.trim().toLowerCase()));
      const text = textOfDraft(draft, suggested);
      const shown = mapping ? { settings: [], asked: [], meanings: [], records: [] } : viewColumns(suggested);
      const digest = text === undefined ? undefined : sha256Hex(text);
      const sheet: FoundSheet = {
        file: file.name,
        sha256,
        header,
        count,
        sheets,
        others: mapping ? [] : others,
        reason,
        skipKnown,
        ...(isClosed(state) && { foundLater: draft.foundLater }),
        mapping: mapping?.name,
        saidOfAll: mapping ? saidOfAllRows(checkedMapping(mapping.text)) : [],
        leftOut: draft.leftOut.map(({ sheet: of, rows, reason: why }) => ({
          sheet: of,
          rows: rows.join(', '),
          why,
        })),
        allSheets: whole.book.sheets.flatMap(({ name }) => name ?? []),
        ...shown,
        fitting: savedMappings(state)
          .filter((one) => one.text !== mapping?.text && fits(one.text, titles))
          .slice(0, 5),
        saved: named(state).find((one) => one.sha256 === digest),
      };
      if (text === undefined) return { sheet };
      const rows = await orProblem(() =>
        this.rowsOf(caller, study, askedOf(draft, text), {
          hasSettings: !mapping,
          asksFoundLater: isClosed(state) && !draft.foundLater,
        }),
      );
      if (rows instanceof Problem) return { sheet, problem: rows };
      return { sheet: { ...sheet, rows, shown: digestOfShown(draft, text) } };
    });
  }

  private async rowsOf(
    caller: Caller,
    study: string,
    asked: ImportAsked,
    offered: Parameters<typeof viewRows>[2],
  ): Promise<FoundSheet['rows']> {
    const sentences = new RowSentences();
    const answer = await this.desk.preview(caller, study, asked, sentences.tell);
    if (answer instanceof Refusal) throw new Problem(answer.code, answer.message, answer.field);
    return viewRows(answer, sentences, offered);
  }

  private async mappingOf(draft: ImportDraft, state: Study): Promise<string | undefined> {
    const { file, chosen } = draft;
    return textOfDraft(draft, suggestFor(await this.readWhole(file), state, this.engine.labNow, chosen));
  }

  private readWhole(file: SheetFile) {
    return this.desk.read(file);
  }
}

async function orProblem<T>(work: () => Promise<T>): Promise<T | Problem> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Problem) return error;
    throw error;
  }
}

/** Told on the page; any other problem has a page of its own. */
const BELONGS_ON_PAGE: ReadonlySet<string> = new Set([
  'busy',
  'field-invalid',
  'field-missing',
  'file-too-large',
  'group-too-large',
  'mapping-invalid',
  'mapping-unknown',
  'overtaken',
  'rows-refused',
  'sheet-unreadable',
  'shown-differs',
]);

function gone(): Problem {
  return new Problem(
    'field-missing',
    'The file is not here any more: it is kept for half an hour. Choose it again.',
    'file',
  );
}

function errorsIn({ members }: Problem): NonNullable<ImportFound['refused']>['errors'] {
  const { errors = [] } = members as { errors?: readonly { field: string; detail: string }[] };
  return errors;
}
