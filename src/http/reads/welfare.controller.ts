import { Controller, Get, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { Engine } from '../../recording/engine.js';
import { welfareAlerts } from '../../queries/welfare-alerts.js';
import { zipFiles } from '../../shared/zip.js';
import { mismatch } from '../../study/schema.js';
import { AskedReturn } from '../../welfare/returns/asked-return.js';
import { CodeMapError, FORMATS, type Format } from '../../welfare/forms/code-map.js';
import { makeReturn, ReturnError, type MadeReturn } from '../../welfare/returns/make-return.js';
import { MemorySink } from '../../welfare/returns/sink.js';
import { SizesError } from '../../welfare/returns/study-states.js';
import { send, sendAnswer, sendBytes } from '../platform/answer.js';
import { parametersOf } from './parameters.js';
import { PROBLEM_JSON, Problem, instanceOf, problemDocument } from '../platform/problems.js';
import { READS } from './routes.js';

/** What the animals need to be known of them, and what the authorities ask. */
@Controller()
export class WelfareController {
  constructor(@Inject(Engine) private readonly engine: Engine) {}

  /** Over all studies: somebody who looks here sees every animal that waits for a decision. */
  @Get(READS.welfareAlerts.path)
  async alerts(@Req() request: Request, @Res() response: Response): Promise<void> {
    parametersOf(request, READS.welfareAlerts.parameters);
    sendAnswer(request, response, { ...(await welfareAlerts(this.engine)) });
  }

  @Get(READS.welfareReturn.path)
  async yearlyReturn(@Req() request: Request, @Res() response: Response): Promise<void> {
    await this.answer(request, response, parametersOf(request, READS.welfareReturn.parameters));
  }

  /** The same, asked with what does not fit into an address: codes of the laboratory's own, sizes of an earlier return. */
  @Post(READS.welfareReturn.path)
  @HttpCode(200)
  async askedReturn(@Req() request: Request, @Res() response: Response): Promise<void> {
    parametersOf(request, []);
    const body: unknown = request.body;
    const wrong = mismatch(AskedReturn, body);
    if (wrong) {
      const field = wrong.path || undefined;
      throw new Problem('field-invalid', `${wrong.path || 'The body'} ${wrong.message}.`, field);
    }
    await this.answer(request, response, body as AskedReturn);
  }

  private async answer(
    request: Request,
    response: Response,
    { gaps, codes, at }: { gaps?: string; codes?: unknown; at?: unknown },
  ): Promise<void> {
    const { year: yearText = '', format: formatText = '' } = request.params as Record<string, string>;
    const year = yearOf(yearText);
    const format = formatOf(formatText);
    const sink = new MemorySink();
    const made = await makeReturn(this.engine, { year, format, codes, at }, sink).catch(refused);
    if (made.gaps.length > 0 && gaps !== 'allow') return refuseGaps(request, response, made, year);
    const name = `return-${year}-${format}`;
    response.setHeader('Content-Disposition', `attachment; filename="${name}.zip"`);
    const files = [...sink.files()].map(([file, bytes]) => [`${name}/${file}`, bytes] as const);
    sendBytes(request, response, 'application/zip', zipFiles(Object.fromEntries(files)));
  }
}

function refused(error: unknown): never {
  if (error instanceof CodeMapError) throw new Problem(error.code, error.message, 'codes');
  if (error instanceof ReturnError || error instanceof SizesError)
    throw new Problem(error.code, error.message, 'at');
  throw error;
}

/** A problem document that lists every gap as an extension member (RFC 9457, 3.2). */
function refuseGaps(request: Request, response: Response, { gaps, uses }: MadeReturn, year: number): void {
  const detail = `The return of ${year} is not complete: ${gaps.length} gaps in ${uses} uses, listed in “gaps”. Record what is missing, or ask with gaps=allow.`;
  const document = problemDocument({ code: 'return-has-gaps', detail }, instanceOf(request.originalUrl));
  send(response, document.status, PROBLEM_JSON, JSON.stringify({ ...document, gaps }));
}

function yearOf(text: string): number {
  if (/^[12][0-9]{3}$/.test(text)) return Number(text);
  throw new Problem('parameter-invalid', 'A year has four digits, such as 2026.', 'year');
}

function formatOf(text: string): Format {
  const format = FORMATS.find((one) => one === text);
  if (format) return format;
  throw new Problem('format-unknown', `There is no such format; there are ${FORMATS.join(', ')}.`, 'format');
}
