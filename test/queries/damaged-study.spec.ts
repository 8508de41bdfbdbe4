import { join } from 'node:path';
import { createServer } from '../../src/http/platform/server.js';
import { routeOf } from '../../src/study/catalogue.js';
import { Database } from '../../src/store/sqlite/driver.js';
import { exampleOf } from '../http/test-server.js';
import { opened, sender } from '../recording/test-ledger.js';
import { freshFolder } from '../support/folders.js';
import { itEditsTheFile } from '../support/test-store.js';

itEditsTheFile(
  'a study that was emptied in the store is named, with what the lab anchored of it',
  async () => {
    const folder = freshFolder('emptied');
    const ledger = await opened(folder);
    await ledger.study();
    const send = sender(ledger.engine, 'NP-002');
    for (const name of ['RegisterStudy', 'ApproveProtocol', 'EnrolSubject']) await send(name);
    await ledger.anchoring.anchor();
    const { size } = await ledger.engine.study('NP-001');
    await ledger.engine.close();
    const db = new Database(join(folder, 'ledger.sqlite'));
    db.exec("DROP TRIGGER records_are_never_deleted; DELETE FROM records WHERE stream = 'study-NP-001'");
    db.close();

    const { engine } = await opened(folder);
    const server = await createServer(engine, { port: 0, logger: false });
    const problem = {
      status: 500,
      code: 'store-integrity',
      detail: expect.stringContaining(`study-NP-001 holds 0 records, but the lab anchored its first ${size}`),
    };
    for (const path of ['', '/records', '/projections/study-flow'])
      expect(await (await fetch(`${server.url}/api/v1/studies/NP-001${path}`)).json()).toMatchObject(problem);
    const again = await fetch(`${server.url}/api/v1/studies/NP-001/commands/${routeOf('RegisterStudy')}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(exampleOf('RegisterStudy')),
    });
    expect(again.status).toBeGreaterThanOrEqual(500);

    const { studies } = (await (await fetch(`${server.url}/api/v1/studies`)).json()) as { studies: object[] };
    expect(studies).toMatchObject([
      { study: 'NP-001', state: 'damaged', problem: problem.detail, anchor: { size } },
      { study: 'NP-002', treeSize: size },
    ]);
    expect((await fetch(`${server.url}/api/v1/studies/NP-002`)).status).toBe(200);
    await server.close();
  },
);
