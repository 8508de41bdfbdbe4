import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { parseDocument } from 'yaml';
import { OIDC_CALLBACK } from '../../src/identity/oidc.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const read = (file: string): string => readFileSync(root + file, 'utf8');

interface Service {
  readonly image?: string;
  readonly network_mode?: string;
  readonly environment?: Readonly<Record<string, string>>;
  readonly volumes?: readonly string[];
}

const document = parseDocument(read('deploy/compose.proxy.yml'), { strict: true, uniqueKeys: true });
const { services } = document.toJS() as { services: Record<'ledger' | 'proxy', Service> };

describe('deploy/compose.proxy.yml', () => {
  it('is YAML without a mistake or a warning, and pins the proxy to a full version', () => {
    expect([...document.errors, ...document.warnings]).toEqual([]);
    expect(services.proxy.image).toMatch(/^caddy:\d+\.\d+\.\d+-alpine$/);
  });

  it('mounts files that are there, or that git and the image never see', () => {
    const ignored = ['.gitignore', '.dockerignore'].map((file) => read(file).split('\n'));
    for (const volume of Object.values(services).flatMap(({ volumes = [] }) => volumes)) {
      const source = /^\.\/([^:]+):[^:]+:ro$/.exec(volume)?.[1] ?? '';
      if (existsSync(`${root}${source}`) && source === 'deploy/Caddyfile') continue;
      expect(
        ignored.map((lines) => lines.some((line) => line.replaceAll(/^\/|\/$/g, '') === source)),
      ).toEqual([true, true]);
    }
  });

  it('sends the proxy where the server listens, and names to the server where the proxy comes from', () => {
    const base = parseDocument(read('docker-compose.yml'), { merge: true }).toJS() as {
      services: { ledger: Service };
    };
    const { PORT } = base.services.ledger.environment ?? {};
    expect([base.services.ledger.network_mode, services.proxy.network_mode]).toEqual(['host', 'host']);
    expect(read('deploy/Caddyfile')).toContain(`reverse_proxy 127.0.0.1:${PORT} {`);
    expect(services.ledger.environment?.['STUDY_LEDGER_BEHIND_PROXY']).toBe('127.0.0.1');
  });
});

it('deploy/oidc-client.json registers the address that the provider sends people back to', () => {
  const { redirect_uris: redirects, scope } = JSON.parse(read('deploy/oidc-client.json')) as {
    redirect_uris: string[];
    scope: string;
  };
  expect(redirects).toEqual([`https://ledger.lab.example${OIDC_CALLBACK}`]);
  expect(scope).toBe('openid');
});
