import type { ServerResponse } from 'node:http';
import {
  Inject,
  Injectable,
  createParamDecorator,
  type CanActivate,
  type ExecutionContext,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { endedSessionCookie } from '../../identity/session-cookie.js';
import { refuseReader, type Readers } from '../../lab/people/reading.js';
import { signIn } from '../../lab/people/authority.js';
import { DEVELOPMENT_IDENTITY } from '../../shared/development-identity.js';
import { Refusal } from '../../study/refusal.js';
import { ADMINISTRATION } from '../../study/who.js';
import { isStoreError } from '../../store/store-error.js';
import { Engine } from '../../recording/engine.js';
import type { RoutedRequest } from '../routes/routed-request.js';
import { Callers, refuseSession, type Caller } from './caller.js';
import { Problem } from './problems.js';

/** Who may ask at an address; `decided` where the command that is sent decides it. */
export type Asked = Readers | 'decided';

export interface AskedOf {
  readonly readers: Asked;
  readonly study?: string;
  /** A session that was idle for longer than 15 minutes does not do, also at the bench. */
  readonly isBenchTimeRefused?: true;
}

/** A function where more than the handler tells. */
export type AskedAt = Asked | ((request: RoutedRequest) => AskedOf);

/** Of every handler: nobody may ask where it says nothing. */
export const AskedBy = Reflector.createDecorator<AskedAt>();

export interface CalledRequest extends RoutedRequest {
  caller?: Caller;
}

/** Who sends the request. */
export const From = createParamDecorator(
  (_data: unknown, context: ExecutionContext): Caller =>
    context.switchToHttp().getRequest<CalledRequest>().caller ?? DEVELOPMENT_IDENTITY,
);

/** Finds out who sends each request, and refuses those who may not ask there. */
@Injectable()
export class CallerGuard implements CanActivate {
  constructor(
    @Inject(Engine) private readonly engine: Engine,
    @Inject(Reflector) private readonly reflector: Reflector,
    @Inject(Callers) private readonly callers: Callers,
  ) {}

  async canActivate(context: ExecutionContext): Promise<boolean> {
    const asked = this.reflector.get(AskedBy, context.getHandler());
    if (asked === undefined) throw new Error('a handler says nobody who may ask there');
    const http = context.switchToHttp();
    const request = http.getRequest<CalledRequest>();
    const found = await this.find(request, asked);
    if (!(found instanceof Refusal)) request.caller = found;
    const refusal = await this.refusal(request, found, asked);
    await this.carryOn(http.getResponse<ServerResponse>(), request, found, refusal === undefined);
    if (refusal) throw new Problem(refusal.code, refusal.message, refusal.field);
    return true;
  }

  /** What anyone may ask is answered also while the store is away. */
  private async find(request: CalledRequest, asked: AskedAt): Promise<Caller | Refusal> {
    try {
      return await this.callers.of(request);
    } catch (error) {
      if (asked !== 'anyone' || !isStoreError(error)) throw error;
      return DEVELOPMENT_IDENTITY;
    }
  }

  private async refusal(
    request: CalledRequest,
    caller: Caller | Refusal,
    asked: AskedAt,
  ): Promise<Refusal | undefined> {
    const { url, params } = request;
    const {
      readers,
      study = params['code'] ?? '',
      isBenchTimeRefused,
    }: AskedOf = typeof asked === 'function' ? asked(request) : { readers: asked };
    if (readers === 'anyone') return undefined;
    const lab = await this.callers.lab();
    const isOpen = this.callers.isOpen(lab) && readers !== 'oneself';
    if (caller instanceof Refusal) return isOpen && readers !== 'decided' ? undefined : caller;
    if (isOpen) return undefined;
    if (readers === 'decided') return caller.by ? undefined : signIn();
    const [path = ''] = url.split('?', 1);
    if ((isBenchTimeRefused || isOfPeople(readers)) && this.callers.isIdle(caller)) return refuseSession();
    return refuseReader(
      lab,
      caller,
      { readers, study, what: `read ${path.slice(0, 100)}` },
      this.engine.clock(),
    );
  }

  /** A session goes on with each answer, but for those that a page asks for by itself. */
  private async carryOn(
    response: ServerResponse,
    request: CalledRequest,
    caller: Caller | Refusal,
    isAdmitted: boolean,
  ): Promise<void> {
    // Nor does what a browser keeps for good bring a cookie.
    if (IN_THE_BACKGROUND.test(request.url) || request.headers['asked-by'] === 'page') return;
    if (caller instanceof Refusal) {
      if (caller.code === 'session-expired')
        response.appendHeader('Set-Cookie', endedSessionCookie(await this.callers.cookieSite(request)));
      return;
    }
    if (!caller.cookie || !isAdmitted) return;
    const cookie = this.callers.carriedOn(request, caller.cookie);
    if (!cookie) return;
    request.caller = { ...caller, cookie };
    response.appendHeader('Set-Cookie', await this.callers.cookieOf(request, cookie));
  }
}

function isOfPeople(readers: Asked): boolean {
  return typeof readers === 'object' && 'facility' in readers && readers.facility === ADMINISTRATION;
}

const IN_THE_BACKGROUND = /^\/(api\/v1\/(feed|sign-in|sign-out)|sign-in|assets|health)([/?]|$)/;
