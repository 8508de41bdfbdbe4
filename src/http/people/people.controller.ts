import { Controller, Inject } from '@nestjs/common';
import { sessionEndsMs } from '../../identity/session-cookie.js';
import { ATTESTATION, ATTESTATION_SHA256 } from '../../lab/people/attestation.js';
import { isConfirmed } from '../../lab/people/authority.js';
import { labAt } from '../../queries/lab-at.js';
import { describePeople, describePerson } from '../../queries/people.js';
import type { Answer } from '../../queries/queries.js';
import { Engine } from '../../recording/engine.js';
import { utcInstant } from '../../study/instant.js';
import { Refusal } from '../../study/refusal.js';
import type { Caller } from '../platform/caller.js';
import { From } from '../platform/caller.guard.js';
import type { ParametersOf } from '../routes/parameters.js';
import { READS } from '../routes/read-routes.js';
import { Parameters, Read } from '../routes/route.decorators.js';

/** Who there is, and who one is. */
@Controller()
export class PeopleController {
  constructor(@Inject(Engine) private readonly engine: Engine) {}

  @Read(READS.me)
  me(@From() { actor, by, session, cookie, ...caller }: Caller): Answer {
    const { labNow: lab, disclosures } = this.engine;
    const nowMs = this.engine.clock();
    const person = lab.people.persons.get(actor)!;
    return {
      ...describePerson(lab, person, disclosures, nowMs),
      pending: !isConfirmed(lab, { actor, ...caller, ...(by && { by }) }),
      session: {
        id: session,
        method: by?.method,
        ...(cookie && {
          signedInAt: utcInstant(by?.signedInMs ?? cookie.startedMs),
          endsAt: utcInstant(sessionEndsMs({ ...cookie, activeMs: nowMs })),
          bench: cookie.isBench,
        }),
      },
    };
  }

  @Read(READS.attestation)
  attestation(): Answer {
    return { text: ATTESTATION, sha256: ATTESTATION_SHA256 };
  }

  @Read(READS.people)
  async people(@Parameters() { at }: ParametersOf<typeof READS.people>): Promise<Answer | Refusal> {
    const lab = await labAt(this.engine, at);
    if (lab instanceof Refusal) return lab;
    const log = await this.engine.log('lab');
    return {
      treeSize: lab.size,
      root: log.root(lab.size),
      ...describePeople(
        lab,
        this.engine.disclosures,
        at === undefined ? this.engine.clock() : lab.recordedMs,
      ),
    };
  }
}
