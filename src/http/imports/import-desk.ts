import { Inject, Injectable } from '@nestjs/common';
import { v7 } from 'uuid';
import { importRows, type ImportResult } from '../../imports/import.js';
import type { ImportRequest } from '../../imports/decide-rows.js';
import { tellImport, type ImportTold } from '../../imports/tell-import.js';
import { readingOf, type ReadFile, type Reading, type SheetFile } from '../../imports/reading/read-book.js';
import { SheetReader } from '../../imports/reading/sheet-reader.js';
import { counted } from '../../shared/counted.js';
import { Engine } from '../../recording/engine.js';
import { Refusal } from '../../study/refusal.js';
import { askedBy, type Caller } from '../platform/caller.js';
import { Problem } from '../platform/problems.js';
import { problemOfImport, type ImportAsked } from './import-form.js';

/** What became of a file: the rows, and what the command line prints after them. */
export interface ImportAnswer extends ImportTold {
  readonly rows: ImportResult['rows'];
}

const MOST_AT_ONCE = 4;
const MOST_OF_ONE = 2;

/** Imports what is sent to the server: as much at once as leaves the others room to record. */
@Injectable()
export class ImportDesk {
  private readonly underWay: string[] = [];

  constructor(
    @Inject(Engine) private readonly engine: Engine,
    @Inject(SheetReader) private readonly reader: SheetReader,
  ) {}

  /** Does the work for somebody, from the first byte that is read. @throws Problem where too much is under way. */
  async inTurn<T>({ actor }: Caller, work: () => Promise<T>): Promise<T> {
    const own = this.underWay.filter((one) => one === actor).length;
    if (own >= MOST_OF_ONE || this.underWay.length >= MOST_AT_ONCE) {
      const detail = 'Other imports are under way: try again in a moment.';
      throw new Problem('too-many-imports', detail, undefined, { 'Retry-After': '5' });
    }
    this.underWay.push(actor);
    try {
      return await work();
    } finally {
      this.underWay.splice(this.underWay.indexOf(actor), 1);
    }
  }

  /** @throws Problem */
  async read(file: SheetFile, reading?: Reading): Promise<ReadFile> {
    try {
      return await this.reader.read(file, reading);
    } catch (error) {
      throw problemOfImport(error);
    }
  }

  /** What would be recorded. @throws Problem */
  preview(
    caller: Caller,
    study: string,
    asked: ImportAsked,
    tellRow?: ImportRequest['tellRow'],
  ): Promise<ImportAnswer | Refusal> {
    return this.import(caller, study, asked, { dryRun: true, ...(tellRow && { tellRow }) });
  }

  /** Records all rows, or none where one is refused. @throws Problem */
  async record(caller: Caller, study: string, asked: ImportAsked): Promise<ImportAnswer | Refusal> {
    const { saveAs: name, text } = asked;
    const saveAs = name === undefined ? undefined : { name, text, id: v7() };
    const answer = await this.import(caller, study, asked, { dryRun: false, ...(saveAs && { saveAs }) });
    if (answer instanceof Refusal) return answer;
    const refused = answer.rows.filter(({ outcome }) => outcome === 'refused');
    if (refused.length === 0) return answer;
    this.engine.accessNotes.noteRefusedRows(
      { ...askedBy(caller), study },
      refused[0]?.code ?? '',
      refused.length,
    );
    if (asked.keepGoing) return answer;
    const detail = `${counted(refused.length, 'row')} of ${answer.rows.length} ${refused.length === 1 ? 'is' : 'are'} refused, and nothing was recorded: correct them in the file, or what is wrong in the mapping.`;
    throw new Problem('rows-refused', detail, 'file', {}, answer);
  }

  private async import(
    caller: Caller,
    study: string,
    { file: sent, mapping, reason, keepGoing, skipKnown }: ImportAsked,
    more: Pick<ImportRequest, 'dryRun' | 'saveAs' | 'tellRow'>,
  ): Promise<ImportAnswer | Refusal> {
    const file = await this.read(sent, readingOf(mapping));
    const { actor } = caller;
    const who = { ...askedBy(caller), importer: actor };
    const asked = { file, mapping, study, reason, keepGoing, skipKnown, tells: true };
    const result = await importRows({ ...who, ...asked, ...more }, this.engine);
    if (result instanceof Refusal) return result;
    return { ...tellImport(file, mapping, study, result), rows: result.rows };
  }
}
