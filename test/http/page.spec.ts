import { readFileSync } from 'node:fs';
import { apiPage } from '../../src/http/openapi/api-page.js';
import { PAGE_HEADERS } from '../../src/http/pages/page-headers.js';
import { ASSETS } from '../../src/http/pages/assets.js';
import { inWords } from '../../src/http/openapi/schema-in-words.js';
import { refusalsOf } from '../../src/study/commands/common/refusals-of.js';
import { READS } from '../../src/http/routes/read-routes.js';
import { CATALOGUE, routeOf } from '../../src/study/catalogue.js';
import { dataClassOf, fieldsOf } from '../../src/study/commands/common/fields.js';
import { Dose } from '../../src/study/quantity.js';
import { serving } from './test-server.js';

const STYLE = readFileSync(new URL('../../src/console/style.css', import.meta.url), 'utf8');
const ledger = {
  facility: 'lab.example',
  simulated: false,
  icon: ASSETS.icon.path,
  style: ASSETS.style.path,
};
const html = apiPage('http://127.0.0.1:3000', ledger);
const text = html
  .replaceAll('&quot;', '"')
  .replaceAll('&#39;', "'")
  .replaceAll('&lt;', '<')
  .replaceAll('&gt;', '>')
  .replaceAll('&amp;', '&');

describe('the page of the interface', () => {
  it('lists every command in the order of the catalogue within its phase, with fields, example and refusals', () => {
    let last: Record<string, number> = {};
    for (const definition of CATALOGUE) {
      const at = html.indexOf(`<h3 id="${routeOf(definition.name)}">`);
      expect(at).toBeGreaterThan(last[definition.phase] ?? 0);
      last = { ...last, [definition.phase]: at };
      const article = html.slice(at, html.indexOf('</article>', at));
      for (const key of fieldsOf(dataClassOf(definition.command)).keys())
        expect(article).toContain(`<code>data.${key}</code>`);
      for (const code of refusalsOf(definition)) expect(article).toContain(`<code>${code}</code>`);
      expect(text).toContain(JSON.stringify(definition.example, null, 2));
    }
  });

  it('lists every read and its parameters', () => {
    for (const { path, parameters } of Object.values(READS)) {
      expect(html).toContain(`<code>GET ${path}</code>`);
      for (const name of parameters) expect(html).toContain(`<dt><code>${name}</code>`);
    }
  });

  it('has curl lines whose body is the example', () => {
    const lines = [
      ...text.matchAll(
        /curl 'http:\/\/127\.0\.0\.1:3000(\S+)' -H 'Content-Type: application\/json' -d '(.*?)'<\/pre>/g,
      ),
    ];
    expect(lines).toHaveLength(CATALOGUE.length);
    const bodies = lines.map(
      ([, , body]) => JSON.parse((body as string).replaceAll(`'\\''`, `'`)) as unknown,
    );
    for (const { example } of CATALOGUE) expect(bodies).toContainEqual(example);
  });

  it('needs no script, no style of its own and nothing from elsewhere', () => {
    expect(html).not.toMatch(/<script|<style|\sstyle=|\son[a-z]+=|<img|<iframe|<form/i);
    const addresses = [...html.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, address]) => address as string);
    expect(addresses.every((address) => /^(#|\/)[^/]?/.test(address))).toBe(true);
    expect(STYLE).not.toMatch(/url\(|@import/);
    for (const [, id] of html.matchAll(/href="#([^"]+)"/g)) expect(html).toContain(`id="${id}"`);
  });

  it('is well formed: ids once, tags closed', () => {
    const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const tag of ['dl', 'dt', 'dd', 'pre', 'article', 'section', 'code', 'p', 'ul', 'li', 'span']) {
      expect([tag, html.split(`<${tag}>`).length + html.split(`<${tag} `).length]).toEqual([
        tag,
        html.split(`</${tag}>`).length + 1,
      ]);
    }
  });

  it('fits narrow screens, both colour schemes and paper', () => {
    expect(html).toContain('width=device-width');
    expect(STYLE).toMatch(/prefers-color-scheme: dark/);
    expect(STYLE).toMatch(/@media print/);
    expect(STYLE).toMatch(/overflow-wrap: anywhere/);
    expect(html).not.toContain('<table');
  });

  it('escapes what it is given', () => {
    expect(apiPage(`http://"><script>'`, { ...ledger, facility: '<script>' })).not.toMatch(/<script>/);
  });

  it('says what a field takes in words', () => {
    expect(inWords(Dose)).toBe('a value as text and its unit, ug, mg, ug/kg or mg/kg');
  });

  it('says loudly that a ledger is simulated', () => {
    expect(apiPage('', { ...ledger, simulated: true })).toContain('Simulated data.');
    expect(html).not.toContain('Simulated data');
  });

  it('is served at /api', async () => {
    const server = await serving();
    const docs = await server.get('/api');
    expect(docs.text).toBe(apiPage(server.url, { ...ledger, simulated: true }));
    expect(docs.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(docs.headers['content-security-policy']).toBe(PAGE_HEADERS['Content-Security-Policy']);
    await server.close();
  });
});
