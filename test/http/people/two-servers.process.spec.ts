import { SessionKey } from '../../../src/identity/session-key.js';
import { MemoryStore } from '../../../src/store/memory.store.js';
import { Client, administratorOf, hire, ok } from '../../support/people.js';
import { serving } from '../test-server.js';

class SharedStore extends MemoryStore {
  override readonly soleWriter: boolean = false;
}

describe('two servers of one ledger', () => {
  it('take each other’s sessions, and see within five seconds that one ended', async () => {
    const clock = { ms: Date.parse('2026-03-02T09:15:00Z') };
    const http = { sessionKey: new SessionKey(Buffer.alloc(32, 7)), attemptsAMinute: 1000 };
    const options = { simulated: false, store: new SharedStore(), clock, http };
    const [one, other] = [await serving(options), await serving(options)];
    try {
      const admin = await administratorOf(one);
      const director = await hire(admin, 'sd-1', ['director']);
      const there = new Client(other.url, 'sd-1');
      there.cookie = director.cookie;
      // The other server has read neither this enrolment nor this sign-in.
      expect((await there.get('/api/v1/me')).body).toMatchObject({ person: 'sd-1', pending: false });
      ok(await director.post('/api/v1/sign-out'));
      clock.ms += 5_000;
      expect((await there.get('/api/v1/me')).body['code']).toBe('session-expired');
      ok(await director.signIn());
      there.cookie = director.cookie;
      ok(await there.get('/api/v1/lab/records'));
      ok(await admin.lab('DeactivatePerson', { person: 'sd-1', cause: 'left' }));
      clock.ms += 5_000;
      expect((await there.get('/api/v1/lab/records')).body['code']).toBe('session-expired');
    } finally {
      await one.close();
      await other.close();
    }
  });
});
