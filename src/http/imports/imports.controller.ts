import { Controller, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import { savedMappings } from '../../imports/mapping/saved-mappings.js';
import { LIMITS } from '../../imports/reading/sheet.js';
import { Engine } from '../../recording/engine.js';
import { Refusal } from '../../study/refusal.js';
import { ANIMAL_CARE } from '../../study/who.js';
import type { Caller } from '../platform/caller.js';
import { AskedBy, From, type CalledRequest } from '../platform/caller.guard.js';
import { readMultipart, type SentForm } from '../platform/multipart.js';
import { Problem } from '../platform/problems.js';
import { JSON_MEDIA, Reply, etagOfSize } from '../platform/reply.js';
import { IMPORT_ROUTES } from '../routes/import-routes.js';
import { READS } from '../routes/read-routes.js';
import { Read, Takes } from '../routes/route.decorators.js';
import { ImportDesk, type ImportAnswer } from './import-desk.js';
import { fileIn, readImportForm } from './import-form.js';
import { suggestFor, tellSuggestion } from './import-suggestion.js';

/** Importing spreadsheets, and the mappings that are kept with a study. Each row’s command decides whether one may record it. */
@Controller()
export class ImportsController {
  constructor(
    @Inject(Engine) private readonly engine: Engine,
    @Inject(ImportDesk) private readonly desk: ImportDesk,
  ) {}

  @Post(IMPORT_ROUTES.record.path)
  @AskedBy({ study: ANIMAL_CARE })
  @Takes([])
  record(
    @Req() request: CalledRequest,
    @Param('code') study: string,
    @From() caller: Caller,
  ): Promise<Reply | Refusal> {
    return this.withForm(request, caller, study, async (form) => {
      const { state } = await this.engine.study(study);
      const answer = await this.desk.record(caller, study, readImportForm(form, state));
      if (answer instanceof Refusal) return answer;
      const { treeSize = (await this.engine.study(study)).size } = answer;
      const headers = { 'Content-Type': JSON_MEDIA, ETag: etagOfSize(treeSize) };
      return new Reply(201, headers, JSON.stringify(answer));
    });
  }

  @Post(IMPORT_ROUTES.preview.path)
  @HttpCode(200)
  @AskedBy({ study: ANIMAL_CARE })
  @Takes([])
  preview(
    @Req() request: CalledRequest,
    @Param('code') study: string,
    @From() caller: Caller,
  ): Promise<ImportAnswer | Refusal> {
    return this.withForm(request, caller, study, async (form) => {
      const { state } = await this.engine.study(study);
      return this.desk.preview(caller, study, readImportForm(form, state));
    });
  }

  @Post(IMPORT_ROUTES.suggestion.path)
  @HttpCode(200)
  @AskedBy({ study: ANIMAL_CARE })
  @Takes([])
  suggestion(
    @Req() request: CalledRequest,
    @Param('code') study: string,
    @From() caller: Caller,
  ): Promise<object | Refusal> {
    return this.withForm(request, caller, study, async (form) => {
      const file = await this.desk.read(fileIn(form));
      const { state } = await this.engine.study(study);
      return tellSuggestion(file, suggestFor(file, state, this.engine.labNow, form.fields));
    });
  }

  @Read(READS.mappings)
  async mappings(@Param('code') study: string): Promise<object> {
    const { state, size } = await this.engine.study(study);
    const mappings = savedMappings(state).map(({ name, sha256, number }) => ({ name, sha256, number }));
    return { study, treeSize: size, mappings };
  }

  /** The bytes that `study-ledger import --mapping` takes. */
  @Read(READS.mapping)
  async mapping(@Param('code') study: string, @Param('digest') digest: string): Promise<Reply> {
    const { state, size } = await this.engine.study(study);
    const found = savedMappings(state).find((one) => one.sha256 === digest);
    if (!found)
      throw new Problem('mapping-unknown', 'No mapping with this SHA-256 is saved in the study.', 'digest');
    const name = found.name
      .replace(/\.json$/i, '')
      .replace(/[^\w.-]+/g, '-')
      .slice(0, 80);
    const headers = {
      'Content-Type': JSON_MEDIA,
      'Content-Disposition': `attachment; filename="${name}.json"`,
    };
    return new Reply(200, headers, found.text, etagOfSize(size));
  }

  private withForm<T>(
    request: CalledRequest,
    caller: Caller,
    study: string,
    work: (form: SentForm) => Promise<T>,
  ): Promise<T | Refusal> {
    return this.desk.inTurn(caller, async () => {
      // Whether there is such a study is said before the file is read.
      const run = await this.engine.dryRun(study);
      return run instanceof Refusal ? run : work(await readMultipart(request, LIMITS.fileBytes));
    });
  }
}
