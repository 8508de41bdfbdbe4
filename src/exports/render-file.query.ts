import { Inject } from '@nestjs/common';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { AsOf } from '../queries/as-of.js';
import { studyPeople } from '../lab/people/study-people.js';
import { takeInTurns } from '../queries/in-turns.js';
import type { Answer } from '../queries/queries.js';
import { answerFromView } from '../queries/ask.js';
import { Engine } from '../recording/engine.js';
import { VERSION } from '../shared/version.js';
import { Refusal, refuse } from '../study/refusal.js';
import type { Study } from '../study/study.js';
import { brokenSignatures } from './broken-signatures.js';
import { fileNamed, FILES, type FileOptions } from './files.js';
import { RenderPool } from './render-pool.js';
import { snapshotOf } from './snapshot.js';
import { TableError } from './tables/table-error.js';

export interface RenderedFile {
  readonly treeSize: number;
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/** A file of one study, as known then. */
export class RenderFile extends Query<RenderedFile | Refusal> {
  constructor(
    readonly study: string,
    readonly file: string,
    readonly asOf: Pick<AsOf, 'at'> = {},
    readonly options: FileOptions = {},
  ) {
    super();
  }
}

@QueryHandler(RenderFile)
export class RenderFileHandler {
  constructor(
    @Inject(Engine) private readonly engine: Engine,
    @Inject(RenderPool) private readonly pool: RenderPool,
  ) {}

  async execute({ study: code, file: name, asOf, options }: RenderFile): Promise<RenderedFile | Refusal> {
    const known = await answerFromView(this.engine, code, asOf, ({ study }) => ({ folded: study }));
    if (known instanceof Refusal) return known;
    const file = fileNamed(name);
    if (!file)
      return refuse(
        'file-unknown',
        `There is no file “${name.slice(0, 60)}”; there are ${FILES.map((one) => one.name).join(', ')}.`,
        'file',
      );
    const { folded: study, treeSize, root } = known as Answer & Known;
    const { facility, simulated, people: registered } = await this.engine.lab();
    const people = await takeInTurns(studyPeople(study, registered));
    const broken = SHOWING_SIGNATURES.test(name) ? await brokenSignatures(this.engine, study) : [];
    const snapshot = snapshotOf(study, { facility, simulated, root, version: VERSION, broken });
    try {
      const bytes = await this.pool.render(file, { study, snapshot, people, names: new Map() }, options);
      return { treeSize, mediaType: file.mediaType, bytes };
    } catch (error) {
      if (error instanceof TableError) return refuse(error.code, error.message, error.field);
      throw error;
    }
  }
}

/** To check all of a study takes a while, so it is done only for files that show them. */
const SHOWING_SIGNATURES = /^(data-pack|quality-statement|report)\.|\.eln$/;

interface Known {
  readonly folded: Study;
  readonly treeSize: number;
  readonly root: string;
}
