import { counted } from '../../shared/counted.js';
import { Controller, Inject, Param, type PipeTransform } from '@nestjs/common';
import { welfareAlerts } from '../../queries/welfare-alerts.js';
import type { Answer } from '../../queries/queries.js';
import { Engine } from '../../recording/engine.js';
import { zipFiles } from '../../shared/zip-files.js';
import { explainMismatch, mismatch } from '../../study/mismatch.js';
import { KilledUnusedError } from '../../welfare/forms/killed-unused.js';
import { CodeMapError, FORMATS, type Format } from '../../welfare/forms/code-map.js';
import { ReturnBody } from '../../welfare/returns/return-body.js';
import { makeReturn, ReturnError, type MadeReturn } from '../../welfare/returns/make-return.js';
import { MemorySink } from '../../welfare/returns/sink.js';
import { describeFindings } from '../../welfare/returns/reported-use.js';
import { SizesError } from '../../welfare/returns/study-states.js';
import { JsonBody } from '../platform/json-body.js';
import { Callers, type Caller } from '../platform/caller.js';
import { From } from '../platform/caller.guard.js';
import { Problem } from '../platform/problems.js';
import { etagOfContent, fileReply, type Reply } from '../platform/reply.js';
import type { ParametersOf } from '../routes/parameters.js';
import { Parameters, Read, ReadByPost } from '../routes/route.decorators.js';
import { READS } from '../routes/read-routes.js';

const Year: PipeTransform<string, number> = {
  transform(text) {
    if (/^[12][0-9]{3}$/.test(text)) return Number(text);
    throw new Problem('parameter-invalid', 'A year has four digits, such as 2026.', 'year');
  },
};

const ReturnFormat: PipeTransform<string, Format> = {
  transform(text) {
    const format = FORMATS.find((one) => one === text);
    if (format) return format;
    throw new Problem(
      'format-unknown',
      `There is no such format; there are ${FORMATS.join(', ')}.`,
      'format',
    );
  },
};

/** Alerts over all studies, and the returns that authorities ask for. */
@Controller()
export class WelfareController {
  constructor(
    @Inject(Engine) private readonly engine: Engine,
    @Inject(Callers) private readonly callers: Callers,
  ) {}

  /** Of all studies that the caller may read, so that every animal that waits for a decision is in one list. */
  @Read(READS.welfareAlerts)
  async alerts(@From() caller: Caller): Promise<Answer> {
    const { alerts, damaged, ...answer } = await welfareAlerts(this.engine);
    const { mayRead } = this.callers.reader(caller);
    const unread = damaged?.filter(mayRead) ?? [];
    return {
      ...answer,
      alerts: alerts.filter(({ study }) => mayRead(study)),
      ...(unread.length > 0 && { damaged: unread }),
    };
  }

  @Read(READS.welfareReturn)
  getReturn(
    @Param('year', Year) year: number,
    @Param('format', ReturnFormat) format: Format,
    @Parameters() { gaps }: ParametersOf<typeof READS.welfareReturn>,
  ): Promise<Reply> {
    return this.returnOf(year, format, { gaps });
  }

  /** The same with a body for what does not fit into an address: codes of the laboratory, sizes of an earlier return. */
  @ReadByPost(READS.welfareReturn)
  postReturn(
    @Param('year', Year) year: number,
    @Param('format', ReturnFormat) format: Format,
    @JsonBody() body: unknown,
  ): Promise<Reply> {
    const wrong = mismatch(ReturnBody, body);
    if (wrong) {
      const field = wrong.path || undefined;
      throw new Problem('field-invalid', `${wrong.path || 'The body'} ${explainMismatch(wrong)}.`, field);
    }
    return this.returnOf(year, format, body as ReturnBody);
  }

  private async returnOf(
    year: number,
    format: Format,
    { gaps, ...given }: { gaps?: string | undefined; codes?: unknown; at?: unknown; killedUnused?: unknown },
  ): Promise<Reply> {
    const sink = new MemorySink();
    const made = await makeReturn(this.engine, { year, format, ...given }, sink).catch(throwProblem);
    if (gaps !== 'allow' && made.gaps.length + made.inconsistent.length > 0) throw heldBack(year, made);
    const name = `return-${year}-${format}`;
    const files = [...sink.files()].map(([file, bytes]) => [`${name}/${file}`, bytes] as const);
    const zip = zipFiles(Object.fromEntries(files));
    return fileReply(`${name}.zip`, 'application/zip', zip, etagOfContent(zip), {
      file: `return-${format}.zip`,
      year,
    });
  }
}

function throwProblem(error: unknown): never {
  if (error instanceof KilledUnusedError) throw new Problem('field-invalid', error.message, 'killedUnused');
  if (error instanceof CodeMapError) throw new Problem(error.code, error.message, 'codes');
  if (error instanceof ReturnError || error instanceof SizesError)
    throw new Problem(error.code, error.message, 'at');
  throw error;
}

/** What is found is in the extension members `gaps` and `inconsistent` (RFC 9457, 3.2). */
function heldBack(year: number, { gaps, inconsistent, uses }: MadeReturn): Problem {
  const detail = `The return of ${year} is held back: ${describeFindings({ gaps, inconsistent })} in ${counted(uses, 'use')}, listed in “gaps” and “inconsistent”. Record what is missing and correct what is wrong, or ask with gaps=allow.`;
  const code = gaps.length > 0 ? 'return-has-gaps' : 'return-inconsistent';
  return new Problem(code, detail, undefined, {}, { gaps, inconsistent });
}
