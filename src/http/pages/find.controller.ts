import { Controller, Get, Inject, Req } from '@nestjs/common';
import { addressOf } from '../../console/parts/frame.js';
import { answerFromView } from '../../queries/ask.js';
import { STUDY_READERS } from '../../study/who.js';
import { Engine } from '../../recording/engine.js';
import { Refusal, refuse } from '../../study/refusal.js';
import type { Study } from '../../study/study.js';
import { AskedBy } from '../platform/caller.guard.js';
import { NotYetThere, Problem } from '../platform/problems.js';
import { Reply } from '../platform/reply.js';
import type { RoutedRequest } from '../routes/routed-request.js';
import { readPageQuery } from './page-query.js';
import { thereFrom } from './there-from.js';

/** Leads from a record number or the name of an animal to its page, at the tree size that the reader is at. */
@Controller()
export class FindController {
  constructor(@Inject(Engine) private readonly engine: Engine) {}

  @Get('/studies/:code/find')
  @AskedBy({ study: STUDY_READERS })
  async find(@Req() { url, params }: RoutedRequest): Promise<Reply> {
    const { q = '', to, on: _, ...place } = readPageQuery(url, ['q', 'to'], true);
    const code = params['code'] ?? '';
    if (to !== undefined && to !== 'bench')
      throw new Problem('parameter-invalid', 'to is bench, or left out.', 'to');
    const look = to === 'bench' ? atBench : pageOf;
    const found = await answerFromView(this.engine, code, place, ({ study }) => {
      const page = look(study, q);
      if (page !== undefined) return { page };
      const animal = [...study.subjects.keys()][0] ?? 'R01';
      const message = `There is no record and no animal “${q.slice(0, 60)}” among the ${study.size} records of ${code}. Give a number such as 834, or an animal such as ${animal}.`;
      return refuse('record-unknown', message, 'q');
    });
    if (found instanceof Refusal) {
      if (found.code === 'record-unknown') await this.throwIfLater(found, code, q);
      throw new Problem(found.code, found.message, found.field);
    }
    return new Reply(303, { Location: addressOf(`/studies/${code}${String(found['page'])}`, place) }, '');
  }

  /** @throws NotYetThere where a later tree size has what is looked for. */
  private async throwIfLater(refusal: Refusal, code: string, q: string): Promise<void> {
    const { state } = await this.engine.study(code);
    const page = pageOf(state, q);
    const there = page === undefined ? undefined : thereFrom(state, `/studies/${code}${page}`);
    if (there) throw new NotYetThere(refusal, there);
  }
}

/** The page of what is looked for, after the address of the study. */
function pageOf(study: Study, q: string): string | undefined {
  const number = /^#?(\d{1,15})$/.exec(q.trim())?.[1];
  if (number !== undefined && Number(number) < study.size) return `/records/${Number(number)}`;
  const animal = animalNamed(study, q);
  return animal === undefined ? undefined : `/animals/${animal}`;
}

/** An animal at the bench, by its name or by the address that is on its label. */
function atBench(study: Study, q: string): string | undefined {
  const label = /\/studies\/([^/]+)\/bench\/animals\/([\w.-]+)\s*$/.exec(q);
  // A label names its study: the animal of another one is never taken for one of these.
  const scanned = label && label[1] === study.code && study.subjects.has(label[2]!) ? label[2] : undefined;
  const animal = label ? scanned : animalNamed(study, q);
  return animal === undefined ? undefined : `/bench/animals/${animal}`;
}

function animalNamed(study: Study, text: string): string | undefined {
  const name = text.trim().toLowerCase();
  const animals = [...study.subjects.keys()];
  return (
    animals.find((id) => id.toLowerCase() === name) ??
    (name === '' ? undefined : onlyOne(animals.filter((id) => id.toLowerCase().includes(name))))
  );
}

function onlyOne(list: readonly string[]): string | undefined {
  return list.length === 1 ? list[0] : undefined;
}
