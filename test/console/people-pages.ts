import { v4 } from 'uuid';
import { PAGES } from '../../src/console/pages.js';
import type { Reader } from '../../src/console/page.js';
import { PageShow } from '../../src/http/pages/page-show.js';
import type { RoutedRequest } from '../../src/http/routes/routed-request.js';
import { Refusal } from '../../src/study/refusal.js';
import { PeopleLab } from '../lab/people/people-lab.js';
import { mainOf } from './console-server.js';

const NOBODY: Reader = {
  person: undefined,
  session: undefined,
  by: undefined,
  endsMs: undefined,
  mayRead: () => true,
};

/** A ledger with people, and its pages as each of them is shown them. */
export class PeoplePages extends PeopleLab {
  /** A page, to somebody who signed in by passkey just now, or to nobody. */
  async page(address: string, person?: string): Promise<string> {
    const [path = '', query] = address.split('?', 2);
    const [page, params] = found(path);
    if (page.of === 'bench') throw new Error('pages at the bench are asked over HTTP');
    const reader: Reader =
      person === undefined
        ? NOBODY
        : {
            ...NOBODY,
            person,
            session: '0b1d9c9e-7c0f-4a55-8a55-0c8f4b1f6a01',
            by: this.by(person),
            endsMs: this.nowMs + 900_000,
          };
    const url = query === undefined ? path : `${path}?${query}`;
    const request = { url, params, headers: { accept: 'text/html' } } as unknown as RoutedRequest;
    return (await new PageShow(this.engine, page).reply(request, reader)).body as string;
  }

  private counter = 0;

  async signIn(person: string): Promise<void> {
    const credential = this.passkeys.get(person)!;
    const proof = { method: 'passkey', credential, counter: ++this.counter } as const;
    const answer = await this.engine.signIn({ person, proof, id: v4() });
    if (answer instanceof Refusal) throw new Error(answer.message);
  }

  /** The text of `<main>`, without tags. */
  async text(address: string, person?: string): Promise<string> {
    return textOf(mainOf(await this.page(address, person)));
  }

  /** The commands that a page offers forms for. */
  async forms(address: string, person?: string): Promise<string[]> {
    const html = mainOf(await this.page(address, person));
    return [
      ...new Set([...html.matchAll(/action="\/api\/v1\/lab\/commands\/([^"]+)"/g)].map(([, name]) => name!)),
    ];
  }
}

function textOf(html: string): string {
  return html.replaceAll(/<[^>]+>/g, ' ').replaceAll(/\s+/g, ' ');
}

function found(path: string): [(typeof PAGES)[number], Record<string, string>] {
  for (const page of PAGES) {
    const names = [...page.path.matchAll(/:([a-z]+)/g)].map(([, name]) => name!);
    const values = new RegExp(`^${page.path.replace(/:[a-z]+/g, '([^/]+)')}$`).exec(path);
    if (values) return [page, Object.fromEntries(names.map((name, index) => [name, values[index + 1]!]))];
  }
  throw new Error(`no page at ${path}`);
}
