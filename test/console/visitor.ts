import request from 'supertest';
import { v4 } from 'uuid';
import { API } from '../../src/shared/api-prefix.js';
import { Client, ok } from '../support/people.js';
import { pairsOf } from './form-pairs.js';
import { ORIGIN } from './signed-pages.js';

/** What is typed or ticked; several of one name are ticked beside those that are. */
type Values = Readonly<Record<string, string | readonly string[]>>;

/**
 * Somebody with a browser that runs no script, who types no address: they begin at the list of studies, follow links by their
 * words and send forms by the words on their buttons.
 */
export class Visitor {
  /** The address of the page that is open, and the page. */
  at = '';
  html = '';

  private constructor(private readonly client: Client) {}

  static async signIn(url: string, person: string): Promise<Visitor> {
    const client = new Client(url, person, ORIGIN);
    ok(await client.post('/api/v1/sign-in/simulated', { person }));
    return new Visitor(client);
  }

  /** What the page says, without its marks. */
  get text(): string {
    return plain(/<main[\s>].*<\/main>/s.exec(this.html)?.[0] ?? this.html);
  }

  /** The list of studies: where everybody begins. */
  home(): Promise<this> {
    return this.#open('/');
  }

  /** Follows the first link with these words, or to such an address; first in what the page says, then in its navigation. */
  async click(words: string | RegExp): Promise<this> {
    const links = linksOf(this.html);
    const found = links.find(({ said, href }) =>
      typeof words === 'string' ? said === words : words.test(href),
    );
    if (!found)
      throw new Error(
        `${this.client.person} at ${this.at}: no link ${String(words)} among\n${links.map(({ said, href }) => `${said}: ${href}`).join('\n')}`,
      );
    return this.#open(found.href);
  }

  /** Fills in the form that has a button with these words, and presses it. */
  async press(button: string | RegExp, values: Values = {}): Promise<this> {
    const { form, pairs, pressed } = this.#formWith(button);
    if (pressed) pairs.set(...pressed);
    for (const [name, value] of Object.entries(values))
      if (typeof value === 'string') pairs.set(name, value);
      else for (const one of value) pairs.append(name, one);
    const action = attribute(form, 'action') ?? this.at;
    if (/\sdata-command/.test(form)) return this.#command(action, pairs);
    if (attribute(form, 'method') === 'get') return this.#open(`${action}?${pairs.toString()}`);
    const { cookie } = this.client;
    const { status, headers, text } = await request(this.client.url)
      .post(action)
      .set({ Host: new URL(ORIGIN).host, Origin: ORIGIN, Cookie: cookie, Accept: 'text/html' })
      .type('form')
      .send(pairs.toString());
    if (status !== 303) throw new Error(`${this.client.person} at ${this.at}: ${status} ${wrongIn(text)}`);
    return this.#open(headers['location']!);
  }

  /** Signs what the page of signing shows, with the simulated passkey. */
  sign(): Promise<this> {
    return this.press('Sign with the simulated passkey');
  }

  #formWith(button: string | RegExp) {
    const forms = [...this.html.matchAll(/<form[\s>].*?<\/form>/gs)].map(([form]) => form);
    for (const form of forms)
      for (const [, attributes = '', inside = ''] of form.matchAll(/<button([^>]*)>(.*?)<\/button>/gs)) {
        const said = plain(inside);
        if (typeof button === 'string' ? said !== button : !button.test(said)) continue;
        const name = attribute(attributes, 'name');
        const pressed =
          name === undefined ? undefined : ([name, attribute(attributes, 'value') ?? ''] as const);
        return { form, pairs: pairsOf(form), pressed };
      }
    throw new Error(`${this.client.person} at ${this.at}: no button ${String(button)} in ${this.text}`);
  }

  /** What the script of every page does: the fields become members of the data, and the page is loaded again. */
  async #command(action: string, pairs: URLSearchParams): Promise<this> {
    expect(action.startsWith(`${API}/lab/commands/`)).toBe(true);
    ok(await this.client.post(action, { data: Object.fromEntries(pairs) }, { 'Idempotency-Key': v4() }));
    return this.#open(this.at);
  }

  async #open(address: string): Promise<this> {
    const { status, headers, text } = await this.client.get(address.replace(/#.*/, ''), {
      Accept: 'text/html',
    });
    if (status === 303) return this.#open(headers['location']!);
    if (status !== 200)
      throw new Error(`${this.client.person} from ${this.at} to ${address}: ${status} ${wrongIn(text)}`);
    this.at = address.replace(/#.*/, '');
    this.html = text;
    return this;
  }
}

function linksOf(html: string): { said: string; href: string }[] {
  const [, before = '', main = '', after = ''] = /^(.*)(<main[\s>].*<\/main>)(.*)$/s.exec(html) ?? [];
  return [...(main + before + after).matchAll(/<a\s([^>]*)>(.*?)<\/a>/gs)].map(
    ([, attributes = '', inside = '']) => ({
      said: plain(inside),
      href: attribute(attributes, 'href') ?? '',
    }),
  );
}

function attribute(tag: string, name: string): string | undefined {
  return new RegExp(`\\s${name}="([^"]*)"`).exec(` ${tag}`)?.[1]?.replaceAll('&amp;', '&');
}

function plain(html: string): string {
  return html
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/\s+/g, ' ')
    .replaceAll('&amp;', '&')
    .trim();
}

/** What a page says is wrong. */
function wrongIn(html: string): string {
  return plain(
    /<section class="wrong".*?<\/section>/s.exec(html)?.[0] ??
      /<main[\s>].*<\/main>/s.exec(html)?.[0] ??
      html,
  );
}
