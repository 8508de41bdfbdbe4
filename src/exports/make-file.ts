import { Inject } from '@nestjs/common';
import { Query, QueryHandler } from '@nestjs/cqrs';
import type { AsOf } from '../engine/as-of.js';
import { Engine } from '../engine/engine.js';
import type { Answer } from '../engine/queries.js';
import { viewed } from '../engine/query-handler.js';
import type { Study } from '../study/study.js';
import { Refusal, refuse } from '../study/refusal.js';
import {
  bytesOf,
  DATA_PACK_HTML,
  DATA_PACK_JSON,
  DATASET_JSON_ZIP,
  grouped,
  REPORT_HTML,
  tableCsv,
  type Output,
} from './outputs.js';
import { standOf } from './stand.js';
import { GROUPED, GROUPED_VALUES } from './table/grouped.js';

/**
 * Files that a server makes when asked. Those that take seconds of a processor (spreadsheet, PDF, what packs them) are
 * left to the command line, since commands would have to wait for them.
 */
export const SERVED: readonly Output[] = [
  tableCsv(),
  ...GROUPED_VALUES.map((values) => grouped(`grouped-${values}.tsv`, { ...GROUPED, values })),
  DATASET_JSON_ZIP,
  REPORT_HTML,
  DATA_PACK_JSON,
  DATA_PACK_HTML,
];

/** A file of one study, as known then: its bytes, its media type, and where it stands. */
export class MakeFile extends Query<Answer | Refusal> {
  constructor(
    readonly study: string,
    readonly file: string,
    readonly version: string,
    readonly asOf: Pick<AsOf, 'at'> = {},
  ) {
    super();
  }
}

@QueryHandler(MakeFile)
export class MakeFileHandler {
  constructor(@Inject(Engine) private readonly engine: Engine) {}

  async execute({ study: code, file, version, asOf }: MakeFile): Promise<Answer | Refusal> {
    const output = SERVED.find(({ name }) => name === file);
    const known = await viewed(this.engine, code, asOf, ({ study }) => ({ folded: study }));
    if (known instanceof Refusal) return known;
    if (!output)
      return refuse(
        'file-unknown',
        `There is no file “${file.slice(0, 60)}”; there are ${SERVED.map(({ name }) => name).join(', ')}.`,
        'file',
      );
    const { folded: study, treeSize, root } = known as { folded: Study; treeSize: number; root: string };
    const { facility, simulated } = await this.engine.lab();
    const stand = standOf(study, { facility, simulated, root, version });
    const bytes = await bytesOf(output, { study, stand });
    return { study: code, treeSize, root, mediaType: output.mediaType, bytes };
  }
}
