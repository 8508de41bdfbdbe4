import { Module, type DynamicModule } from '@nestjs/common';
import { CqrsModule } from '@nestjs/cqrs';
import { commandHandlers } from './engine/command-handler.js';
import { Engine } from './engine/engine.js';
import { queryHandlers } from './engine/query-handler.js';
import { MakeFileHandler } from './exports/make-file.js';
import { HTTP_CONTROLLERS } from './http/controllers.js';

/** The whole application around one engine: two buses, and the HTTP controllers on top of them. */
@Module({})
export class AppModule {
  static on(engine: Engine): DynamicModule {
    return {
      module: AppModule,
      imports: [CqrsModule.forRoot()],
      controllers: HTTP_CONTROLLERS,
      providers: [
        { provide: Engine, useValue: engine },
        ...commandHandlers(),
        ...queryHandlers(),
        MakeFileHandler,
      ],
    };
  }
}
