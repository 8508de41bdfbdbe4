import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import { commandHandlers } from './recording/command-handler.js';
import { Engine } from './recording/engine.js';
import { queryHandlers } from './queries/query-handler.js';
import { RenderFileHandler } from './exports/render-file.query.js';
import { SheetReader } from './imports/reading/sheet-reader.js';
import { RenderPool } from './exports/render-pool.js';
import { HTTP_CONTROLLERS } from './http/controllers.js';
import { ImportDrafts } from './http/imports/import-drafts.js';
import { ImportDesk } from './http/imports/import-desk.js';
import { CommandDesk } from './http/commands/command-desk.js';
import { UploadQuota } from './http/attachments/upload-quota.js';
import { Attempts } from './http/people/attempts.js';
import { SignIns } from './http/people/sign-ins.js';
import { CallerGuard } from './http/platform/caller.guard.js';
import { Callers } from './http/platform/caller.js';
import { HttpSettings } from './http/platform/http-settings.js';
import { LedgerMetrics } from './http/metrics/ledger-metrics.js';
import { ProblemFilter } from './http/platform/problem-filter.js';
import { Requests } from './http/platform/requests.js';
import { ReplyInterceptor } from './http/platform/reply.interceptor.js';
import { ParametersGuard } from './http/routes/parameters.guard.js';

/** The HTTP application on one engine: controllers, the two buses and their handlers. */
@Module({})
export class AppModule {
  static on(
    engine: Engine,
    {
      renderer = new RenderPool(),
      reader = new SheetReader(),
      settings = new HttpSettings(),
    }: {
      readonly renderer?: RenderPool;
      readonly reader?: SheetReader;
      readonly settings?: HttpSettings;
    } = {},
  ): DynamicModule {
    return {
      module: AppModule,
      imports: [CqrsModule.forRoot()],
      controllers: HTTP_CONTROLLERS,
      providers: [
        { provide: Engine, useValue: engine },
        { provide: RenderPool, useValue: renderer },
        { provide: SheetReader, useValue: reader },
        { provide: HttpSettings, useValue: settings },
        Callers,
        CommandDesk,
        ImportDesk,
        ImportDrafts,
        LedgerMetrics,
        Requests,
        SignIns,
        Attempts,
        UploadQuota,
        ...commandHandlers(),
        ...queryHandlers(),
        RenderFileHandler,
        { provide: APP_GUARD, useClass: CallerGuard },
        { provide: APP_GUARD, useClass: ParametersGuard },
        { provide: APP_INTERCEPTOR, useClass: ReplyInterceptor },
        { provide: APP_FILTER, useClass: ProblemFilter },
      ],
    };
  }
}
